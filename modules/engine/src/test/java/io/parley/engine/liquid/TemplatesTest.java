package io.parley.engine.liquid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {

  private static final Instant NOW = Instant.parse("2026-03-01T20:05:06Z");

  private static final Map<String, Object> SCOPE =
      Values.of(
              "trigger",
              Values.of("message", Values.of("Body", "  Yes, \"please\"").with("NumMedia", "2")))
          .with(
              "flow",
              Values.of(
                  "variables",
                  Values.of("count", "5")
                      .with("key", "NumMedia")
                      .with("real", 1e10)
                      .with("items", List.of("a", "b", Map.of("x", 1)))
                      .with("many", IntStream.rangeClosed(1, 16).boxed().toList())))
          .with("contact", Values.of("channel", Values.of("address", "+15005550006")))
          .with(
              "widgets",
              Values.of("Msg10006E-Info", Values.of("inbound", Values.of("Body", "stop-it")))
                  .with("call", Values.of("parsed", Values.of("state", "blocked").with("n", 3))))
          .entries();

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      maxCharsPerColumn = 200,
      textBlock =
          """
          To {{contact.channel.address}}!            => To +15005550006!
          {{ contact . channel . address }}          => +15005550006
          {{widgets.Msg10006E-Info.inbound.Body}}    => stop-it
          {{ widgets["Msg10006E-Info"].inbound.Body }} => stop-it
          {{ 'a.b-c' }}{{ "d.e-f" }}                 => a.b-cd.e-f
          {{- widgets.call.parsed.n -}}              => 3
          [{{ nothing.at.all }}]                     => []
          [{{ flow.data.name }}]                     => []
          {{ trigger.message[flow.variables.key] }}  => 2
          {"a":{"b":{{flow.variables.count}}}}       => {"a":{"b":5}}
          }} and %} are plain                        => }} and %} are plain
          {{ widgets.call.parsed }}                  => {"state":"blocked","n":3}
          {{ widgets.call.parsed | upcase }}         => {"STATE":"BLOCKED","N":3}
          {{ flow.variables.items }}                 => ab{"x":1}
          {{ flow.variables.real }}                  => 10000000000
          {"c": {{ contact | to_json }}}             => {"c": {"channel":{"address":"+15005550006"}}}
          {{ flow.variables.items | to_json }}       => ["a","b",{"x":1}]
          {{ nothing | to_json }}                    => null
          """)
  void pathsAndObjectsRender(String template, String text) {
    assertThat(render(template)).isEqualTo(Rendered.of(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {{ trigger.message.Body | strip | downcase }}      => yes, "please"
          {{ 'abc' | upcase }}                               => ABC
          {{ flow.variables.count | plus: 1 }}               => 6
          {{ '1.5' | plus: flow.variables.count }}           => 6.5
          {{ nothing | plus: 1 }}                            => 1
          {{ 7 | minus: 2 }}                                 => 5
          {{ 'a-b' | replace: '-', '+' | append: '!' }}      => a+b!
          {{ 'a-b' | remove: '-' }}                          => ab
          {{ nothing | default: 'friend' }}                  => friend
          {{ 'a,b,c' | split: ',' | first }}                 => a
          {{ 'a,b,c' | split: ',' | last }}                  => c
          {{ 'a b&c' | url_encode }}                         => a+b%26c
          {{ flow.variables.many | size }}                   => 16
          """)
  void filtersOfRealFlowsWork(String template, String text) {
    assertThat(render(template)).isEqualTo(Rendered.of(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      maxCharsPerColumn = 200,
      textBlock =
          """
          {% if flow.variables.count == '5' %}five{% else %}no{% endif %}           => five
          {% if flow.variables.count > 3 %}big{% elsif true %}small{% endif %}      => big
          {% if flow.variables.none > 3 %}big{% elsif true %}small{% endif %}       => small
          {% case flow.variables.count %}{% when '5' %}five{% else %}no{% endcase %}=> five
          {% assign a = flow.variables.count | plus: 1 %}{{ a }}                    => 6
          {% for i in (1..15) %}{{ i }}{% endfor %}                                 => 123456789101112131415
          {% for i in flow.variables.items %}{{ forloop.index }}{{ forloop }}{% endfor %} => 123
          {% if flow.variables.items contains 'a' %}has{% endif %}                  => has
          """)
  void tagsOfRealFlowsWork(String template, String text) {
    assertThat(render(template)).isEqualTo(Rendered.of(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {{ 'now' | date: '%Y-%m-%d %H:%M' }}               => 2026-03-01 12:05
          {{ 'today' | date: '%A' }}                         => Sunday
          {{ 'now' | date: '%s' | plus: 60 | date: '%H:%M' }}=> 12:06
          {{ '2026-01-05' | date: '%a %b %d %H:%M' }}        => Mon Jan 05 00:00
          {{ '2026-07-05T10:00:00Z' | date: '%H' }}          => 10
          {{ 'July 4th, 2025' | date: '%Y-%m-%d' }}          => 2025-07-04
          {{ 'May' | date: '%Y-%m-%d' }}                     => 2026-05-01
          {{ '14:30' | date: '%Y-%m-%d %I:%M %p' }}          => 2026-03-01 02:30 PM
          {{ 1767225600 | date: '%Y-%m-%d' }}                => 2025-12-31
          {{ 'soon' | date: '%Y' }}                          => soon
          """)
  void datesAreOfTheEnginesTimeInPacificTime(String template, String text) {
    assertThat(render(template)).isEqualTo(Rendered.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{",
        "{{ trigger.message.Body",
        "{{ trigger.message.Body }",
        "{{ }}",
        "{% if %}",
        "{% if true %}",
        "{% unknown %}",
        "{% include 'other' %}",
        "{% include_relative 'other' %}",
        "{{ 1 | unknown }}",
        "{{ flow.variables.count + 1 }}",
        "{{ flow.größe }}",
        "{{ 'x' | replace }}",
        "{% if trigger.message.Body > 3 %}{% endif %}{{ 'x' | divided_by: 0 }}",
        "{{ '1e999' | plus: 1 }}",
        "{% for i in (1..16) %}{{ i }}{% endfor %}",
        "{% for i in (1..2000000000) %}{% endfor %}",
        "{% for i in flow.variables.many %}{{ i }}{% endfor %}",
        "{% for i in (1..4) %}{% for j in (1..4) %}x{% endfor %}{% endfor %}"
      })
  void aBrokenTemplateIsAWarningAndNoText(String template) {
    Rendered rendered = render("before " + template + " after");

    assertThat(rendered.text()).isEmpty();
    assertThat(rendered.warnings()).singleElement().extracting(Warning::code).isEqualTo(81018);
  }

  @Test
  void aTextOfMoreThanSixteenKilobytesIsAWarning() {
    String exact = "x".repeat(16 * 1024 - 1);

    assertThat(render(exact + "{{ 1 }}").text()).hasSize(16 * 1024);
    assertThat(render(exact + "{{ 12 }}").warnings()).hasSize(1);
  }

  @Test
  void aTextWithoutLiquidHasNoLimit() {
    String text = "x".repeat(100_000);

    assertThat(render(text)).isEqualTo(Rendered.of(text));
  }

  @Test
  void noChainOfFiltersEatsTheHeap() {
    String doubling = "{% assign a = a | append: a %}".repeat(40);
    String product = "{% assign b = b | replace: 'x', b %}".repeat(10);
    String powers = "{% assign n = n | times: n %}".repeat(40);

    assertThat(render("{% assign a = 'xx' %}" + doubling + "{{ a }}").warnings()).hasSize(1);
    assertThat(render("{% assign b = 'xx' %}" + product + "{{ b }}").warnings()).hasSize(1);
    assertThat(render("{% assign n = '12.5' %}" + powers + "{{ n }}").warnings()).hasSize(1);
  }

  @Test
  void aTemplateThatIsNestedTooDeepIsAWarning() {
    assertThat(render("{{ " + "(".repeat(5_000) + " }}").warnings()).hasSize(1);
    assertThat(render("{% if true %}".repeat(3_000) + "{% endif %}".repeat(3_000)).warnings())
        .hasSize(1);
    assertThat(render("{{ 1 }}" + "x".repeat(70_000)).warnings()).hasSize(1);
  }

  @Test
  void threadsDoNotSeeEachOthersScopes() throws Exception {
    String template = "{{ trigger[trigger.key] }}-{% for i in trigger.items %}{{ i }}{% endfor %}";
    List<Callable<String>> renderings =
        IntStream.range(0, 400)
            .<Callable<String>>mapToObj(
                n -> {
                  Values trigger =
                      Values.of("key", "k" + n).with("k" + n, n).with("items", List.of(n, n));
                  return () -> Templates.render(template, Map.of("trigger", trigger), NOW).text();
                })
            .toList();

    try (var threads = Executors.newFixedThreadPool(4)) {
      var texts = threads.invokeAll(renderings);

      for (int n = 0; n < texts.size(); n++) {
        assertThat(texts.get(n).get()).isEqualTo("%d-%d%d".formatted(n, n, n));
      }
    }
  }

  @Test
  void theWidgetsThatATemplateReadsAreFound() {
    assertThat(
            Templates.widgetsRead(
                "{{widgets.a.b}} widgets.none {% if widgets . c-1 .x == widgets['d'].y %}{{ x }}"
                    + "{{ my.widgets.e }}{% endif %}{{widgets | to_json}}"))
        .containsExactly("a", "c-1", "d");
  }

  @Test
  void aMillionOpeningBracesAreReadOnce() {
    String braces = "{{".repeat(1_000_000);

    assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          assertThat(Templates.widgetsRead(braces)).isEmpty();
          assertThat(render(braces).warnings()).hasSize(1);
          assertThat(render(braces.substring(0, 60_000)).warnings()).hasSize(1);
        });
  }

  @Property(tries = 300)
  void anyTextAtAllComesBack(
      @ForAll @StringLength(max = 40) @CharRange(from = ' ', to = '~') String inner) {
    assertThat(render("{{" + inner + "}}").warnings()).hasSizeLessThan(2);
    assertThat(render("{% " + inner + " %}").warnings()).hasSizeLessThan(2);
    assertThat(render("{{ 'x' | " + inner + " }}").warnings()).hasSizeLessThan(2);
  }

  private static Rendered render(String template) {
    return Templates.render(template, SCOPE, NOW);
  }
}
