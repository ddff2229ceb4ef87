package io.parley.intents;

import static io.parley.engine.Tag.HELP;
import static io.parley.engine.Tag.OPT_IN;
import static io.parley.engine.Tag.OPT_OUT;
import static java.util.Map.entry;

import io.parley.engine.Block;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Tag;
import io.parley.engine.Values;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the words that mean one thing by law or by the carriers' rules: stop, start and help. A
/// reply counts only when the word is all that it says, in any case, whatever stands around it that
/// is neither letter nor digit. What Twilio itself read (`OptOutType`, sent by a Messaging Service
/// with Advanced Opt-Out) beats the text, since it knows keywords in languages that we do not.
///
/// Opt-out words: 47 CFR 64.1200(a)(10) (stop, quit, end, revoke, opt out, cancel, unsubscribe) and
/// the carriers' STOPALL and STOP ALL. `YES` opts in only a contact that has opted out: to all
/// others it is an answer.
public final class KeywordTagger {

  public static final String VERSION = "keywords-1";

  private static final Map<String, String> TAG_BY_KEYWORD =
      Map.ofEntries(
          entry("STOP", OPT_OUT),
          entry("STOPALL", OPT_OUT),
          entry("STOP ALL", OPT_OUT),
          entry("UNSUBSCRIBE", OPT_OUT),
          entry("CANCEL", OPT_OUT),
          entry("END", OPT_OUT),
          entry("QUIT", OPT_OUT),
          entry("REVOKE", OPT_OUT),
          entry("OPTOUT", OPT_OUT),
          entry("OPT OUT", OPT_OUT),
          entry("OPT-OUT", OPT_OUT),
          entry("START", OPT_IN),
          entry("UNSTOP", OPT_IN),
          entry("HELP", HELP),
          entry("INFO", HELP));

  private static final Map<String, String> TAG_BY_OPT_OUT_TYPE =
      Map.of("STOP", OPT_OUT, "START", OPT_IN, "HELP", HELP);

  private static final Pattern AROUND = Pattern.compile("^[^\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+$");
  private static final Pattern SPACES = Pattern.compile("[\\p{Z}\\s]+");
  private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}+");

  /// @param parameters the webhook's, as Twilio names them: `Body`, `OptOutType`
  public Tags tag(Values parameters, ContactFacts contact) {
    Optional<Tag> tag =
        parameters
            .text("OptOutType")
            .flatMap(KeywordTagger::byOptOutType)
            .or(() -> byKeyword(parameters.text("Body").orElse(""), contact));
    return new Tags(tag.stream().toList(), VERSION);
  }

  /// Whether a text is nothing but an opt-out word.
  boolean isStop(String text) {
    return OPT_OUT.equals(TAG_BY_KEYWORD.get(bare(text)));
  }

  private static Optional<Tag> byOptOutType(String type) {
    String word = type.strip().toUpperCase(Locale.ROOT);
    return Optional.ofNullable(TAG_BY_OPT_OUT_TYPE.get(word))
        .map(name -> certain(name, "OptOutType " + word));
  }

  private static Optional<Tag> byKeyword(String body, ContactFacts contact) {
    String word = bare(body);
    if (word.equals("YES") && contact.block().equals(Optional.of(Block.OPTED_OUT))) {
      return Optional.of(certain(OPT_IN, "keyword YES"));
    }
    return Optional.ofNullable(TAG_BY_KEYWORD.get(word))
        .map(name -> certain(name, "keyword " + word));
  }

  /// The text in capitals, its full-width letters made plain, with single spaces and with nothing
  /// around it.
  private static String bare(String body) {
    String plain = Normalizer.normalize(body, Normalizer.Form.NFKC);
    String visible = INVISIBLE.matcher(plain).replaceAll("");
    String alone = AROUND.matcher(visible).replaceAll("");
    return SPACES.matcher(alone).replaceAll(" ").toUpperCase(Locale.ROOT);
  }

  private static Tag certain(String name, String evidence) {
    return new Tag(name, 1.0, evidence);
  }
}
