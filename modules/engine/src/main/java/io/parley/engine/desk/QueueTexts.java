package io.parley.engine.desk;

import io.parley.engine.Person;
import io.parley.engine.Values;
import io.parley.engine.flow.Place;
import io.parley.engine.policy.Phrase;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the queue says to whoever waits in it. What is not in the file is not said.
///
/// ```yaml
/// texts:
///   queued: "You are number {{ position }} in line. Reply CALL and we will call you."
///   after_hours: {en: "We are back {{ opens_at }}.", es: "Volvemos {{ opens_at }}."}
///   too_long_after: 15m
/// ```
///
/// @param tooLongAfter how long is too long, in hours in which somebody is there
public record QueueTexts(Map<Text, Phrase> phrases, Duration tooLongAfter) {

  static final QueueTexts SILENT = new QueueTexts(Map.of(), Duration.ofMinutes(15));

  private static final Pattern NAME = Pattern.compile("\\{\\{\\s*(.*?)\\s*}}");
  private static final Set<String> NAMES =
      Collections.unmodifiableSet(new TreeSet<>(Set.of("position", "ahead", "opens_at", "topic")));

  /// What there is to say, each once in a wait.
  public enum Text {
    /// Somebody is there, and will come.
    QUEUED,
    /// The contact asks where they stand.
    POSITION,
    /// Nobody is there at this hour.
    AFTER_HOURS,
    /// Somebody should be there, and nobody is.
    NO_AGENT,
    /// The contact has asked to be called.
    CALLBACK,
    /// The wait has been too long.
    TOO_LONG;

    /// `after_hours`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public QueueTexts {
    phrases = phrases.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(phrases));
  }

  /// What is said in a person's language; empty where nothing is.
  ///
  /// @param values `position`, `ahead`, `opens_at`, `topic`
  public Optional<String> say(Text text, Person person, Values values) {
    Phrase phrase = phrases.getOrDefault(text, Phrase.NONE);
    return Optional.of(
            NAME.matcher(phrase.in(person))
                .replaceAll(
                    name ->
                        Matcher.quoteReplacement(
                            String.valueOf(values.entries().getOrDefault(name.group(1), "")))))
        .map(String::strip)
        .filter(it -> !it.isEmpty());
  }

  static QueueTexts read(Place place) {
    String[] known =
        Stream.concat(Stream.of(Text.values()).map(Text::word), Stream.of("too_long_after"))
            .toArray(String[]::new);
    if (!place.holdsOnly(known)) {
      return SILENT;
    }
    Map<Text, Phrase> phrases = new EnumMap<>(Text.class);
    for (Text text : Text.values()) {
      Place at = place.get(text.word());
      if (!at.isAbsent()) {
        phrases.put(text, Phrase.read(at, Phrase.NONE));
        checkNames(at, at.text());
        at.names().forEach(language -> checkNames(at.get(language), at.get(language).text()));
      }
    }
    return new QueueTexts(
        phrases,
        place
            .get("too_long_after")
            .duration(
                SILENT.tooLongAfter,
                Duration::isPositive,
                "must be a length of time in which somebody is there, such as 15m"));
  }

  private static void checkNames(Place place, String text) {
    for (Matcher name = NAME.matcher(text); name.find(); ) {
      if (!NAMES.contains(name.group(1))) {
        place.problem(
            "asks for {{ %s }}, which is not known here; known are: %s"
                .formatted(name.group(1), NAMES.stream().collect(Collectors.joining(", "))));
      }
    }
  }
}
