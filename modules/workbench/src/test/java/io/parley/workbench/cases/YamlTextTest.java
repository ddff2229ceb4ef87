package io.parley.workbench.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class YamlTextTest {

  @Property(tries = 500)
  void whatIsWrittenIsReadAsItWas(@ForAll("values") Object value) {
    assertThat(read("a:" + YamlText.after(value, 2) + "\n")).isEqualTo(value);
    assertThat(read("a: " + YamlText.inline(value) + "\n")).isEqualTo(value);
    assertThat(read("a:\n  " + YamlText.item(value, 2) + "\n")).isEqualTo(List.of(value));
  }

  @Provide
  Arbitrary<Object> values() {
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.of(
                "",
                " ",
                "no",
                "true",
                "null",
                "~",
                "5",
                "-1.5e3",
                "0x1",
                "a: b",
                "a #b",
                "- a",
                "two\nlines",
                "end\n",
                "\n",
                " led",
                "a\n\nb",
                "[a]",
                "{a}",
                "&a",
                "*a",
                "!a",
                "%a",
                "@a",
                "`a`",
                "'a'",
                "\"a\"",
                "a,b",
                "?",
                "?a",
                ":",
                "a:",
                "|",
                ">",
                "=",
                "<<",
                "+1415",
                "https://a.example/?b=c#d",
                "2026-03-01",
                "tab\tbed",
                "é😀",
                "\u200b",
                "\u0085",
                "\u2028"),
            Arbitraries.strings()
                .withCharRange(' ', '\u00ff')
                .withChars('\n', '\t')
                .ofMaxLength(12));
    Arbitrary<Object> scalars =
        Arbitraries.oneOf(
            texts.map(it -> (Object) it),
            Arbitraries.longs()
                .between(-1_000_000_000_000L, 1_000_000_000_000L)
                .map(it -> (Object) it),
            Arbitraries.of(true, false).map(it -> (Object) it),
            Arbitraries.doubles().between(-1e6, 1e6).ofScale(3).map(it -> (Object) it));
    Arbitrary<Object> lists = scalars.list().ofMaxSize(3).map(ArrayList::new);
    Arbitrary<Object> maps =
        Arbitraries.maps(texts, Arbitraries.oneOf(scalars, lists))
            .ofMaxSize(3)
            .map(LinkedHashMap::new);
    return Arbitraries.oneOf(scalars, lists, maps, maps.list().ofMaxSize(3).map(ArrayList::new));
  }

  private static Object read(String yaml) {
    Written.Source source = new Written.Source("a.yaml", yaml, false, new ArrayList<>());
    List<Written> documents = Written.documents(source);
    assertThat(source.problems()).as(yaml).isEmpty();
    Map<String, Written> entries = documents.getFirst().only("a");
    Object value = entries.get("a") == null ? null : entries.get("a").value();
    return value == null ? "nothing" : value;
  }
}
