package io.parley.intents.reading;

import io.parley.intents.reading.Table.Rule;
import io.parley.intents.reading.Table.Sifted;
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

  private final Table table = Table.load("answers.txt");

  /// What a reply says as a whole; nothing where it says more, or something else.
  public Optional<Answer> read(Wording wording) {
    String text = wording.text().replace(" |", "");
    Sifted whole = table.sifted(text);
    String bare = COURTESY.matcher(whole.opened()).replaceAll("");
    Sifted plain = bare.equals(whole.opened()) || bare.isBlank() ? whole : table.opened(bare);
    for (Rule rule : table.rules()) {
      if (!rule.kind().endsWith(ANYWHERE) && (says(rule, whole) || says(rule, plain))) {
        return Optional.of(new Answer(rule.kind(), rule.id() + " " + text));
      }
    }
    return Optional.empty();
  }

  private static boolean says(Rule rule, Sifted text) {
    return text.passes(rule) && rule.pattern().matcher(text.opened()).matches();
  }

  /// A wish for a person among other words.
  public Optional<Answer> readWithin(Wording wording) {
    Sifted text = table.sifted(wording.text());
    for (Rule rule : table.rules()) {
      if (rule.kind().endsWith(ANYWHERE) && text.passes(rule)) {
        Matcher matcher = rule.pattern().matcher(text.opened());
        if (matcher.find()) {
          String tag = rule.kind().substring(0, rule.kind().length() - ANYWHERE.length());
          return Optional.of(new Answer(tag, rule.id() + matcher.group()));
        }
      }
    }
    return Optional.empty();
  }
}
