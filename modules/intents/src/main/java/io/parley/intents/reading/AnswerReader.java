package io.parley.intents.reading;

import io.parley.intents.reading.Table.Rule;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the short replies that say one thing: yes, no, thanks, help, a wish for a person, a wrong
/// number; in English, Spanish, French, German and Portuguese, and by signs such as 👍.
public final class AnswerReader {

  /// @param tag `yes`, `human_agent` ...
  /// @param evidence the rule and what it matched: `de:23 ja gerne`
  public record Answer(String tag, String evidence) {}

  private static final String ANYWHERE = "@";
  private static final Pattern COURTESY =
      Pattern.compile(
          " (?:please|pls|plz|por favor|porfa|svp|s il vous plait|s il te"
              + " plait|bitte|hi|hey|hello|hola|bonjour|hallo|ola|signlaugh|lol|haha|hun|dear|sir|maam|mam)(?="
              + " |$)");

  private final List<Rule> rules = Table.load("answers.txt").rules();

  /// What a reply says as a whole; nothing where it says more, or something else.
  public Optional<Answer> read(Wording wording) {
    String text = wording.text().replace(" |", "");
    String opened = Table.opened(text);
    String plain = COURTESY.matcher(opened).replaceAll("");
    for (Rule rule : rules) {
      if (!rule.kind().endsWith(ANYWHERE)
          && (rule.pattern().matcher(opened).matches()
              || (!plain.isBlank() && rule.pattern().matcher(plain).matches()))) {
        return Optional.of(new Answer(rule.kind(), rule.id() + " " + text));
      }
    }
    return Optional.empty();
  }

  /// A wish for a person among other words.
  public Optional<Answer> readWithin(Wording wording) {
    String opened = Table.opened(wording.text());
    for (Rule rule : rules) {
      if (rule.kind().endsWith(ANYWHERE)) {
        Matcher matcher = rule.pattern().matcher(opened);
        if (matcher.find()) {
          String tag = rule.kind().substring(0, rule.kind().length() - ANYWHERE.length());
          return Optional.of(new Answer(tag, rule.id() + matcher.group()));
        }
      }
    }
    return Optional.empty();
  }
}
