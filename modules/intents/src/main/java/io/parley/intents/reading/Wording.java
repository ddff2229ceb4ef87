package io.parley.intents.reading;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a text says, whatever way it is written: words in lower case without accents, apostrophes
/// and decoration, one space between them, and a bar between sentences. `S.T.O.P!! ok?` becomes
/// `stop | ok`, `d'accord` becomes `d accord`, `don't` becomes `dont`, and signs such as 👍 become
/// words of their own.
///
/// @param text the words
/// @param shouted the words that the writer set in capitals among others that are not
public record Wording(String text, List<String> shouted) {

  /// What is beyond says nothing more; Twilio passes on 1,600 characters.
  private static final int MOST_CHARACTERS = 800;

  private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}\\uFE0F]+");
  private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");
  private static final Pattern SPACED =
      Pattern.compile("(?<![\\p{L}\\p{N}])\\p{L}(?:[ .\\-_*/]{1,2}\\p{L}(?![\\p{L}\\p{N}'])){2,}");
  private static final Pattern ELISION =
      Pattern.compile("(?<![\\p{L}\\p{N}])([cdjlmnst]|qu)'(?=\\p{L}{2,})");
  private static final Pattern RUN = Pattern.compile("(\\p{L})\\1{2,}");
  /// A comma parts sentences after yes and no alone: "no, stop" is not "no stop".
  private static final Pattern SENTENCE_END =
      Pattern.compile(
          "[.!?;\\n\\r…|]+|\\s[\\-–—]+\\s"
              + "|,(?<=\\b(?:no|nah|nope|yes|yeah|yep|si|oui|ja|sim|nao|non|nein),)");
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}|]+");
  private static final Pattern BARS = Pattern.compile("(?:\\s*\\|)+\\s*");
  private static final Pattern SHOUTED = Pattern.compile("\\p{Lu}{3,}");

  /// Signs that speak for themselves.
  private static final Map<String, String> SIGNS =
      Map.ofEntries(
          Map.entry("👍", " signyes "),
          Map.entry("👌", " signyes "),
          Map.entry("✅", " signyes "),
          Map.entry("💯", " signyes "),
          Map.entry("✔", " signyes "),
          Map.entry("👎", " signno "),
          Map.entry("❌", " signno "),
          Map.entry("🙅", " signno "),
          Map.entry("🚫", " signno "),
          Map.entry("🛑", " signstop "),
          Map.entry("✋", " signstop "),
          Map.entry("🙏", " signthanks "),
          Map.entry("😂", " signlaugh "),
          Map.entry("🤣", " signlaugh "),
          Map.entry("😍", " signlaugh "));

  public Wording {
    shouted = List.copyOf(shouted);
  }

  public static Wording of(String body) {
    String cut = body.length() > MOST_CHARACTERS ? body.substring(0, MOST_CHARACTERS) : body;
    String plain =
        isAscii(cut)
            ? cut
            : INVISIBLE.matcher(Normalizer.normalize(cut, Normalizer.Form.NFKC)).replaceAll("");
    return new Wording(words(plain), shouted(plain));
  }

  /// Most replies: nothing in them is to be made plain.
  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /// Letters in lower case without accents, typewriter's apostrophes, signs as words.
  private static String letters(String plain) {
    if (isAscii(plain)) {
      return plain.toLowerCase(Locale.ROOT).replace('`', '\'');
    }
    String bare = MARKS.matcher(Normalizer.normalize(plain, Normalizer.Form.NFD)).replaceAll("");
    String lower = bare.toLowerCase(Locale.ROOT).replace("ß", "ss").replaceAll("[’‘`´]", "'");
    String signed = lower;
    for (Map.Entry<String, String> sign : SIGNS.entrySet()) {
      signed = signed.replace(sign.getKey(), sign.getValue());
    }
    return signed;
  }

  private static String words(String plain) {
    String signed = letters(plain);
    String joined =
        SPACED
            .matcher(signed)
            .replaceAll(it -> Matcher.quoteReplacement(it.group().replaceAll("[ .\\-_*/]", "")));
    String elided =
        joined.indexOf('\'') < 0
            ? joined
            : ELISION.matcher(joined).replaceAll("$1 ").replace("'", "");
    String calm = RUN.matcher(elided).replaceAll("$1");
    String sentences = SENTENCE_END.matcher(calm).replaceAll(" | ");
    String words = NO_WORD.matcher(sentences).replaceAll(" ");
    String separated = BARS.matcher(words).replaceAll(" | ").strip();
    String opened = separated.startsWith("|") ? separated.substring(1) : separated;
    String closed = opened.endsWith("|") ? opened.substring(0, opened.length() - 1) : opened;
    return closed.strip();
  }

  private static List<String> shouted(String plain) {
    boolean allCapitals = plain.equals(plain.toUpperCase(Locale.ROOT));
    List<String> shouted = new ArrayList<>();
    Matcher matcher = SHOUTED.matcher(plain);
    while (!allCapitals && matcher.find()) {
      shouted.add(matcher.group().toLowerCase(Locale.ROOT));
    }
    return shouted;
  }

  /// The sentences, without those that say nothing.
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    for (String sentence : text.split("\\|", -1)) {
      if (!sentence.isBlank()) {
        sentences.add(sentence.strip());
      }
    }
    return sentences;
  }

  /// The same text with other words.
  Wording as(String other) {
    return new Wording(other, shouted);
  }
}
