package io.parley.workbench;

import io.parley.codec.FlowDocument;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.liquid.Templates;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Turns the sids of one environment into those of another, wherever they stand in the texts of a
/// flow's states: alone, in a URL, in JSON. What was turned can be turned back, or is a problem.
public final class SidTranslation {

  private static final String SID = "(?<![A-Za-z0-9])[A-Z]{2}[0-9a-fA-F]{32}(?![A-Za-z0-9])";
  private static final Pattern ONE_SID = Pattern.compile(SID);

  /// A flow with the other environment's sids, and what could not be turned: it stands there as it
  /// was.
  ///
  /// @param problems by pointer into the document; each message completes `cart.json:12: ...`
  public record Translated(FlowDocument document, List<FlowProblem> problems) {

    public Translated {
      problems = List.copyOf(problems);
    }
  }

  private final String from;
  private final String to;

  /// What stands for what, and the names of what has no sid in the other environment.
  private final Map<String, String> other = new HashMap<>();

  private final Map<String, String> missing = new HashMap<>();
  private final Pattern known;

  private SidTranslation(SidBook book, String from, String to) {
    this.from = from;
    this.to = to;
    book.sids()
        .forEach(
            (name, each) -> {
              Optional<String> here = book.sid(name, from);
              Optional<String> there = book.sid(name, to);
              here.ifPresent(
                  it -> there.ifPresentOrElse(t -> other.put(it, t), () -> missing.put(it, name)));
            });
    List<String> texts = new ArrayList<>(other.keySet());
    texts.addAll(missing.keySet());
    texts.sort(Comparator.comparingInt(String::length).reversed());
    this.known =
        Pattern.compile(
            texts.stream().map(SidTranslation::whole).collect(Collectors.joining("|"))
                + (texts.isEmpty() ? "" : "|")
                + SID);
  }

  private static String whole(String text) {
    String quoted = Pattern.quote(text);
    return ONE_SID.matcher(text).matches()
        ? "(?<![A-Za-z0-9])" + quoted + "(?![A-Za-z0-9])"
        : quoted;
  }

  /// Turns a flow of one environment into the same flow of another; the same flow where they are
  /// one. An export of before 2020 comes out in today's form.
  public static Translated translate(FlowDocument document, SidBook book, String from, String to) {
    FlowDocument today = document.upgraded();
    if (from.equals(to)) {
      return new Translated(today, List.of());
    }
    List<FlowProblem> problems = new ArrayList<>();
    Object turned = new SidTranslation(book, from, to).flow(today.tree(), problems);
    Object back = new SidTranslation(book, to, from).flow(turned, new ArrayList<>());
    compare("#", today.tree(), back, to, problems);
    return new Translated(FlowDocument.of(turned), problems);
  }

  private @Nullable Object flow(@Nullable Object tree, List<FlowProblem> problems) {
    if (!(tree instanceof Map<?, ?> flow) || !(flow.get("states") instanceof List<?> states)) {
      return tree;
    }
    Map<String, @Nullable Object> turned = new LinkedHashMap<>();
    flow.forEach((key, value) -> turned.put(String.valueOf(key), value));
    turned.put("states", value("#/states", states, problems));
    for (int i = 0; i < states.size(); i++) {
      checkFunction("#/states/" + i + "/properties/url", states.get(i), problems);
    }
    return turned;
  }

  private @Nullable Object value(
      String pointer, @Nullable Object value, List<FlowProblem> problems) {
    return switch (value) {
      case String text -> text(pointer, text, problems);
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> turned = new LinkedHashMap<>();
        map.forEach(
            (key, entry) ->
                turned.put(String.valueOf(key), value(pointer + "/" + key, entry, problems)));
        yield turned;
      }
      case List<?> list -> {
        List<@Nullable Object> turned = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
          turned.add(value(pointer + "/" + i, list.get(i), problems));
        }
        yield turned;
      }
      case null, default -> value;
    };
  }

  private String text(String pointer, String text, List<FlowProblem> problems) {
    return known
        .matcher(text)
        .replaceAll(
            match -> {
              String found = match.group();
              String there = other.get(found);
              if (there != null) {
                return Matcher.quoteReplacement(there);
              }
              String name = missing.get(found);
              problems.add(
                  new FlowProblem(
                      pointer,
                      name == null
                          ? "has %s, which has no name among the sids of %s".formatted(found, from)
                          : "has %s, which is %s, and that has no sid in %s"
                              .formatted(found, name, to)));
              return Matcher.quoteReplacement(found);
            });
  }

  /// A function's URL is of one environment even where no sid stands in it.
  private void checkFunction(String pointer, @Nullable Object item, List<FlowProblem> problems) {
    if (item instanceof Map<?, ?> state
        && "run-function".equals(state.get("type"))
        && state.get("properties") instanceof Map<?, ?> properties
        && properties.get("url") instanceof String url
        && !url.isBlank()
        && Templates.isPlain(url)
        && !known.matcher(url).find()) {
      problems.add(
          new FlowProblem(
              pointer, "leads to %s, which has no name among the sids of %s".formatted(url, from)));
    }
  }

  /// Says where a text of the other environment stood in the flow already: it would come back as
  /// another.
  private static void compare(
      String pointer,
      @Nullable Object was,
      @Nullable Object back,
      String to,
      List<FlowProblem> problems) {
    if (was instanceof Map<?, ?> old && back instanceof Map<?, ?> now) {
      old.forEach((key, value) -> compare(pointer + "/" + key, value, now.get(key), to, problems));
    } else if (was instanceof List<?> old && back instanceof List<?> now) {
      for (int i = 0; i < old.size(); i++) {
        compare(pointer + "/" + i, old.get(i), now.get(i), to, problems);
      }
    } else if (was instanceof String && !was.equals(back)) {
      if (problems.stream().noneMatch(it -> it.propertyPath().equals(pointer))) {
        problems.add(
            new FlowProblem(
                pointer,
                "has what stands for something in %s, and would come back as another text"
                    .formatted(to)));
      }
    }
  }
}
