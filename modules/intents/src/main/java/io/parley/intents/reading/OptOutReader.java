package io.parley.intents.reading;

import io.parley.intents.reading.Table.Rule;
import io.parley.intents.reading.Table.Sifted;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads an opt-out in any words, in English, Spanish, French, German and Portuguese. First all
/// that only looks like one is taken out of the text ("don't stop", "cancel my order", "stop by");
/// what is left is an opt-out by the words that stand in it, or by being all that a sentence says.
///
/// The law counts any reasonable wording, and a customer who is silenced by mistake is lost: what
/// may be an opt-out is therefore neither obeyed nor passed over but asked about. A wish for fewer
/// messages, or for none for a while, is not a wish for none.
public final class OptOutReader {

  /// What a reply says of our writing to its writer.
  public sealed interface Reading {

    /// Nothing.
    record Silent() implements Reading {}

    /// That it shall not stop, that it has stopped, or that it shall be less: whatever else sounds
    /// like an opt-out in it is none.
    record Denied(String evidence) implements Reading {}

    /// A word of opt-outs that has other uses; by itself it says little.
    record Hinted(String evidence) implements Reading {}

    /// It may be an opt-out; ask, once.
    record Unclear(String evidence) implements Reading {}

    /// It is one for a while, or a wish for less in strong words; ask, and never obey.
    record Bounded(String evidence) implements Reading {}

    /// It is an opt-out.
    record OptsOut(String evidence) implements Reading {}
  }

  /// Words that change nothing, left out before a sentence is compared with a whole one.
  private static final List<String> FILLERS =
      List.of(
          ("please|pls|plz|plse|pleas|thanks|thank you|thx|ty|hi|hey|hello|ok|okay|kindly|just|now"
                  + "|immediately|asap|right now|right away|today|already|dear|sir|maam|yall|guys"
                  + "|i said|so|for the love of god|for real|seriously|fucking|fuckin|the fuck|tf"
                  + "|damn|goddamn|already|bitch|por favor|porfavor|porfa|gracias|hola|ya|favor|svp"
                  + "|stp|s il vous plait|s il te plait|merci|bonjour|bitte|danke|hallo|sofort|jetzt"
                  + "|obrigado|obrigada|oi|ola|agora|no|signstop|signno")
              .split("\\|", -1));

  private static final Pattern FILLER =
      Pattern.compile("(?<![\\p{L}\\p{N}])(?:" + String.join("|", FILLERS) + ")(?![\\p{L}\\p{N}])");

  /// What a filler begins with; most sentences hold none of it, and are not searched for fillers.
  private static final Set<String> FILLERS_BEGIN =
      FILLERS.stream().map(it -> it.split(" ", 2)[0]).collect(Collectors.toUnmodifiableSet());

  private static final Pattern SPACES = Pattern.compile("\\s+");

  private final Table table = Table.load("opt-out.txt");
  private final List<Rule> keeps;
  private final List<Rule> denials;
  private final List<Rule> lesses;
  private final List<Rule> backs;
  private final List<Rule> words;
  private final List<Rule> stops;
  private final List<Rule> asks;
  private final List<Rule> hints;

  public OptOutReader() {
    this.keeps = table.rules("keep");
    this.denials = table.rules("deny");
    this.lesses = table.rules("less");
    this.backs = table.rules("back");
    this.words = table.rules("word");
    this.stops = table.rules("stop");
    this.asks = table.rules("ask");
    this.hints = table.rules("hint");
  }

  public Reading read(Wording wording) {
    String text = Typos.mended(wording.text());
    Sifted sifted = table.sifted(text);
    Optional<String> denied = match(denials, sifted);
    if (denied.isEmpty() && soundsLikeNone(wording, sifted)) {
      return bySign(text);
    }
    Reading found = found(wording, text, left(sifted));
    Optional<String> less = match(lesses, sifted);
    return switch (found) {
      case Reading.OptsOut(var evidence) ->
          less.isPresent()
              ? new Reading.Bounded(evidence)
              : match(backs, sifted).isPresent() ? new Reading.Unclear(evidence) : found;
      case Reading.Bounded _, Reading.Unclear _, Reading.Hinted _ ->
          less.<Reading>map(Reading.Denied::new).orElse(found);
      case Reading.Denied _, Reading.Silent _ ->
          denied.or(() -> less).<Reading>map(Reading.Denied::new).orElseGet(() -> bySign(text));
    };
  }

  /// A text of one sentence is no other as a sentence.
  private boolean soundsLikeNone(Wording wording, Sifted text) {
    String all = text.opened().replace('|', ' ').strip();
    return match(lesses, text).isEmpty()
        && whole(all).isEmpty()
        && match(stops, text).isEmpty()
        && match(asks, text).isEmpty()
        && match(hints, text).isEmpty()
        && wording.sentences().stream().noneMatch(it -> !it.equals(all) && whole(it).isPresent());
  }

  /// A stop sign is an opt-out where there is little else.
  private static Reading bySign(String text) {
    if (!text.contains("signstop")) {
      return new Reading.Silent();
    }
    String others = text.replace("signstop", "").replace("|", "").strip();
    return others.isEmpty() ? new Reading.OptsOut("🛑") : new Reading.Unclear("🛑");
  }

  private String left(Sifted text) {
    Sifted left = text;
    for (List<Rule> rules : List.of(denials, keeps)) {
      for (Rule rule : rules) {
        if (left.passes(rule)) {
          Matcher matcher = rule.pattern().matcher(left.opened());
          if (matcher.find()) {
            left = table.opened(matcher.replaceAll(" kept"));
          }
        }
      }
    }
    return SPACES.matcher(left.opened()).replaceAll(" ").strip();
  }

  private Reading found(Wording wording, String text, String left) {
    Optional<String> whole = whole(text.replace('|', ' '));
    if (whole.isPresent()) {
      return new Reading.OptsOut(whole.get());
    }
    Sifted rest = table.sifted(left);
    Optional<String> anywhere = match(stops, rest);
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
    return match(asks, rest)
        .<Reading>map(Reading.Unclear::new)
        .or(() -> match(hints, rest).map(Reading.Hinted::new))
        .orElseGet(Reading.Silent::new);
  }

  /// The rule that knows a sentence as a whole, with its fillers or without.
  private Optional<String> whole(String sentence) {
    String spaced = SPACES.matcher(sentence).replaceAll(" ").strip();
    String bare = bare(spaced);
    Sifted full = table.sifted(spaced);
    Sifted plain = bare.isEmpty() || bare.equals(spaced) ? full : table.sifted(bare);
    for (Rule rule : words) {
      if (says(rule, full) || says(rule, plain)) {
        return Optional.of(rule.id() + " " + spaced);
      }
    }
    return Optional.empty();
  }

  private static String bare(String spaced) {
    for (String word : spaced.split(" ", -1)) {
      if (FILLERS_BEGIN.contains(word)) {
        return SPACES.matcher(FILLER.matcher(spaced).replaceAll(" ")).replaceAll(" ").strip();
      }
    }
    return spaced;
  }

  private static boolean says(Rule rule, Sifted sentence) {
    return sentence.passes(rule) && rule.pattern().matcher(sentence.opened()).matches();
  }

  private static Optional<String> match(List<Rule> rules, Sifted text) {
    for (Rule rule : rules) {
      if (text.passes(rule)) {
        Matcher matcher = rule.pattern().matcher(text.opened());
        if (matcher.find()) {
          return Optional.of(rule.id() + matcher.group());
        }
      }
    }
    return Optional.empty();
  }
}
