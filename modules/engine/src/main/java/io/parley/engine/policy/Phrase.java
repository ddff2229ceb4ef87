package io.parley.engine.policy;

import io.parley.engine.Person;
import io.parley.engine.flow.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// A text in one or more languages. A file says it as a text, which is English, or by language
/// code: `{en: ..., es: ...}`.
///
/// @param texts by ISO 639 code; with `en`, or empty where nothing is to be said
public record Phrase(Map<String, String> texts) {

  public static final Phrase NONE = new Phrase(Map.of());

  private static final String FALLBACK = "en";
  private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}");

  /// A message that is longer is not taken by Twilio; a brand's name stands in front of it, too.
  private static final int MAX_LENGTH = 1_000;

  public Phrase {
    texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
  }

  public static Phrase of(String text) {
    return text.isBlank() ? NONE : new Phrase(Map.of(FALLBACK, text));
  }

  public boolean isEmpty() {
    return texts.isEmpty();
  }

  /// The text in a person's language (`language`: `es`, `pt-BR`), else in English.
  public String in(Person person) {
    String language = person.attributes().text("language").orElse(FALLBACK);
    String code = language.strip().toLowerCase(Locale.ROOT).split("[-_]", 2)[0];
    return texts.getOrDefault(code, texts.getOrDefault(FALLBACK, ""));
  }

  /// What a file says, else the fallback. An empty text says that nothing is to be said.
  public static Phrase read(Place place, Phrase fallback) {
    if (place.isAbsent()) {
      return fallback;
    }
    if (place.value() instanceof String text) {
      check(place, text);
      return of(text);
    }
    if (!place.isObject()) {
      place.problem("must be a text, or texts by language: {en: ..., es: ...}");
      return fallback;
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (String language : place.names()) {
      Place text = place.get(language);
      if (!LANGUAGE.matcher(language).matches()) {
        text.problem("is no language code such as en or es");
      } else if (text.text().isBlank()) {
        text.problem("must be a text; remove it where there is none in this language");
      } else {
        check(text, text.text());
        texts.put(language, text.text());
      }
    }
    if (!place.has(FALLBACK)) {
      place.problem("has no en, which is said to whoever speaks none of its languages; add it");
    }
    return new Phrase(texts);
  }

  private static void check(Place place, String text) {
    if (text.length() > MAX_LENGTH) {
      place.problem(
          "has " + text.length() + " characters; at most " + MAX_LENGTH + " fit in a message");
    }
  }
}
