package io.parley.intents.reading;

import io.parley.intents.reading.Table.Rule;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads an opt-out in any words, in English, Spanish, French, German and Portuguese. First all
/// that only looks like one is taken out of the text ("don't stop", "cancel my order", "stop by");
/// what is left is an opt-out by the words that stand in it, or by being all that a sentence says.
///
/// The law counts any reasonable wording, and a customer who is silenced by mistake is lost: what
/// may be an opt-out is therefore neither obeyed nor passed over but asked about.
public final class OptOutReader {

  /// What a reply says of our writing to its writer.
  public sealed interface Reading {

    /// Nothing.
    record Silent() implements Reading {}

    /// It may be an opt-out; ask, once.
    record Unclear(String evidence) implements Reading {}

    /// It is an opt-out.
    record OptsOut(String evidence) implements Reading {}
  }

  /// Words that change nothing, left out before a sentence is compared with a whole one.
  private static final Pattern FILLER =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}])(?:please|pls|plz|plse|pleas|thanks|thank"
              + " you|thx|ty|hi|hey|hello|ok|okay|kindly|just|now|immediately|asap|right now|right"
              + " away|today|already|dear|sir|maam|yall|guys|i said|so|for the love of god|for"
              + " real|seriously|fucking|fuckin|the fuck|tf|damn|goddamn|already|bitch|por"
              + " favor|porfavor|porfa|gracias|hola|ya|favor|svp|stp|s il vous plait|s il te"
              + " plait|merci|bonjour"
              + "|bitte|danke|hallo|sofort|jetzt|obrigado|obrigada|oi|ola|agora|no|signstop|signno)"
              + "(?![\\p{L}\\p{N}])");

  private static final Pattern SPACES = Pattern.compile("\\s+");

  private final List<Rule> keeps;
  private final List<Rule> backs;
  private final List<Rule> words;
  private final List<Rule> stops;
  private final List<Rule> asks;

  public OptOutReader() {
    Table table = Table.load("opt-out.txt");
    this.keeps = table.rules("keep");
    this.backs = table.rules("back");
    this.words = table.rules("word");
    this.stops = table.rules("stop");
    this.asks = table.rules("ask");
  }

  public Reading read(Wording wording) {
    String text = Typos.mended(wording.text());
    Reading sign = bySign(text);
    if (whole(text.replace('|', ' ')).isEmpty()
        && match(stops, text).isEmpty()
        && match(asks, text).isEmpty()
        && wording.sentences().stream().noneMatch(it -> whole(it).isPresent())) {
      return sign;
    }
    String left = left(text);
    Reading found = found(wording, text, left);
    if (found instanceof Reading.OptsOut(var evidence)) {
      return match(backs, text).<Reading>map(it -> new Reading.Unclear(evidence)).orElse(found);
    }
    return found instanceof Reading.Unclear ? found : sign;
  }

  /// A stop sign is an opt-out where there is little else.
  private static Reading bySign(String text) {
    if (!text.contains("signstop")) {
      return new Reading.Silent();
    }
    String others = text.replace("signstop", "").replace("|", "").strip();
    return others.isEmpty() ? new Reading.OptsOut("🛑") : new Reading.Unclear("🛑");
  }

  private String left(String text) {
    String left = Table.opened(text);
    for (Rule rule : keeps) {
      Matcher matcher = rule.pattern().matcher(left);
      if (matcher.find()) {
        left = matcher.replaceAll(" kept");
      }
    }
    return SPACES.matcher(left).replaceAll(" ").strip();
  }

  private Reading found(Wording wording, String text, String left) {
    Optional<String> whole = whole(text.replace('|', ' '));
    if (whole.isPresent()) {
      return new Reading.OptsOut(whole.get());
    }
    Optional<String> anywhere = match(stops, left);
    if (anywhere.isPresent()) {
      return new Reading.OptsOut(anywhere.get());
    }
    List<String> sentences = wording.as(left).sentences();
    for (int i = 0; i < sentences.size(); i++) {
      Optional<String> sentence = whole(sentences.get(i));
      if (sentence.isPresent()) {
        boolean meant =
            i == sentences.size() - 1 || wording.shouted().stream().anyMatch(left::contains);
        boolean playful = text.contains("signlaugh") || left.contains("kept");
        return meant && !playful
            ? new Reading.OptsOut(sentence.get())
            : new Reading.Unclear(sentence.get());
      }
    }
    return match(asks, left).<Reading>map(Reading.Unclear::new).orElseGet(Reading.Silent::new);
  }

  /// The rule that knows a sentence as a whole, with its fillers or without.
  private Optional<String> whole(String sentence) {
    String spaced = SPACES.matcher(sentence).replaceAll(" ").strip();
    String bare = SPACES.matcher(FILLER.matcher(spaced).replaceAll(" ")).replaceAll(" ").strip();
    for (Rule rule : words) {
      if (rule.pattern().matcher(Table.opened(spaced)).matches()
          || (!bare.isEmpty() && rule.pattern().matcher(Table.opened(bare)).matches())) {
        return Optional.of(rule.id() + " " + spaced);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> match(List<Rule> rules, String text) {
    String opened = Table.opened(text);
    for (Rule rule : rules) {
      Matcher matcher = rule.pattern().matcher(opened);
      if (matcher.find()) {
        return Optional.of(rule.id() + matcher.group());
      }
    }
    return Optional.empty();
  }
}
