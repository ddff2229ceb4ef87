package io.parley.engine.offers;

import io.parley.engine.offers.Leak.What;
import io.parley.engine.offers.Offer.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds in what is to be said the codes and discounts that nobody granted.
///
/// What was granted may be said: that code, and that amount or share, neither more nor less, since
/// a smaller discount that the code does not give is as false as a larger one. Phrases that the
/// catalogue lists as public may stand anywhere, and those of an offer while it is granted. Prices,
/// totals and shares without a word of discount beside them are nobody's promise. Immutable.
public final class Leaks {

  /// Characters beside an amount in which the words that make it a discount must stand.
  private static final int REACH = 60;

  private static final String START = "(?<![\\p{L}\\p{N}])";
  private static final String END = "(?![\\p{L}\\p{N}])";
  private static final BigDecimal HALF = BigDecimal.valueOf(50);
  private static final BigDecimal QUARTER = BigDecimal.valueOf(25);

  /// Those that were asked for last: a policy is in force for longer than a message takes.
  private static volatile Optional<Leaks> latest = Optional.empty();

  private final Catalogue catalogue;
  private final List<Pattern> codes = new ArrayList<>();
  private final List<Pattern> words = new ArrayList<>();
  private final List<Pattern> shapes = new ArrayList<>();
  private final boolean shipsForFree;

  public Leaks(Catalogue catalogue) {
    this.catalogue = catalogue;
    this.shipsForFree =
        catalogue.offers().values().stream()
            .anyMatch(offer -> offer.worth() instanceof Worth.FreeShipping);
    catalogue.offers().values().forEach(this::learn);
  }

  /// Those of a catalogue, made once for as long as it is asked for.
  public static Leaks of(Catalogue catalogue) {
    Optional<Leaks> known = latest.filter(it -> it.catalogue.equals(catalogue));
    if (known.isPresent()) {
      return known.get();
    }
    Leaks made = new Leaks(catalogue);
    latest = Optional.of(made);
    return made;
  }

  private void learn(Offer offer) {
    switch (offer.kind()) {
      case Kind.Static(var code) -> learn(code);
      case Kind.Generated(var shape) ->
          shapes.add(
              Pattern.compile(
                  START
                      + Pattern.quote(shape.prefix().toLowerCase(Locale.ROOT))
                      + "["
                      + Codes.ALPHABET.toLowerCase(Locale.ROOT)
                      + "]{"
                      + shape.length()
                      + "}"
                      + END));
      case Kind.Pool(_, var mask, _) -> learn(mask);
      case Kind.Http(_, var mask) -> learn(mask);
    }
  }

  private void learn(Mask mask) {
    shapes.add(Pattern.compile(START + mask.pattern().pattern() + END, Pattern.CASE_INSENSITIVE));
  }

  /// A code with a digit is known however it is written; one of letters alone may be a word, and is
  /// a code only as it is written in the catalogue.
  private void learn(String code) {
    if (code.chars().noneMatch(Character::isDigit)) {
      words.add(Pattern.compile(START + Pattern.quote(code) + END));
      return;
    }
    StringBuilder pattern = new StringBuilder();
    for (String part : FoldedText.fold(code).split("[-_]", -1)) {
      pattern.append(pattern.isEmpty() ? "" : "[-_ ]?").append(Pattern.quote(part));
    }
    codes.add(Pattern.compile(START + pattern + END));
  }

  /// What a text says that was not granted, in the order of the text.
  ///
  /// @param grant the offer that the conversation holds; empty where it holds none
  public List<Leak> in(String text, Optional<Grant> grant) {
    FoldedText folded = FoldedText.of(text);
    List<Span> found = new ArrayList<>();
    findCodes(folded, grant, found);
    findAmounts(folded, grant, found);
    findPhrases(folded, grant, found);
    List<Span> allowed = allowed(folded.text(), grant);
    return found.stream()
        .filter(span -> allowed.stream().noneMatch(it -> it.holds(span)))
        .sorted(Comparator.comparingInt(Span::start))
        .map(span -> span.leak(folded))
        .distinct()
        .toList();
  }

  /// A stretch of the folded text.
  private record Span(What what, int start, int end) {

    static Span of(What what, Matcher matcher) {
      return new Span(what, matcher.start(), matcher.end());
    }

    boolean holds(Span other) {
      return start <= other.start && other.end <= end;
    }

    Leak leak(FoldedText text) {
      String words = text.words(start, end);
      return new Leak(what, words.strip(), text.origin(start) + leadingBlanks(words));
    }

    private static int leadingBlanks(String words) {
      return words.length() - words.stripLeading().length();
    }
  }

  private void findCodes(FoldedText text, Optional<Grant> grant, List<Span> found) {
    String granted = grant.map(it -> FoldedText.fold(it.code())).orElse("");
    Predicate<String> foreign = code -> !code.replace('_', '-').equals(granted.replace('_', '-'));
    find(codes, text.text(), What.CODE, found, it -> foreign.test(it.group().replace(' ', '-')));
    find(
        shapes,
        text.text(),
        What.CODE,
        found,
        it -> foreign.test(it.group()) && looksLikeACode(text.words(it.start(), it.end())));
    for (Pattern word : words) {
      Matcher matcher = word.matcher(text.original());
      while (matcher.find()) {
        if (foreign.test(FoldedText.fold(matcher.group()))) {
          found.add(folded(text, matcher));
        }
      }
    }
  }

  /// A place of the original as one of the folded text.
  private static Span folded(FoldedText text, Matcher original) {
    int start = 0;
    while (text.origin(start) < original.start()) {
      start++;
    }
    int end = start;
    while (end < text.text().length() && text.origin(end) < original.end()) {
      end++;
    }
    return new Span(What.CODE, start, end);
  }

  private static boolean looksLikeACode(String words) {
    return words.chars().anyMatch(Character::isDigit)
        || words.chars().noneMatch(Character::isLowerCase);
  }

  private static void find(
      List<Pattern> patterns,
      String text,
      What what,
      List<Span> found,
      Predicate<Matcher> isForeign) {
    for (Pattern pattern : patterns) {
      Matcher matcher = pattern.matcher(text);
      while (matcher.find()) {
        if (isForeign.test(matcher)) {
          found.add(Span.of(what, matcher));
        }
      }
    }
  }

  private static void findAmounts(FoldedText folded, Optional<Grant> grant, List<Span> found) {
    String text = folded.text();
    for (Amount amount : Amount.in(text)) {
      boolean granted = grant.filter(it -> amount.is(it.worth())).isPresent();
      if (!granted) {
        discount(text, amount).ifPresent(found::add);
      }
    }
    Matcher bare = DiscountWords.BARE.matcher(text);
    while (bare.find()) {
      String number = bare.group().substring(0, bare.group().indexOf(' '));
      boolean granted = grant.filter(it -> isNumber(number, it.worth())).isPresent();
      if (!granted) {
        found.add(Span.of(What.AMOUNT, bare));
      }
    }
  }

  private static boolean isNumber(String text, Worth worth) {
    BigDecimal number = new BigDecimal(text);
    return switch (worth) {
      case Worth.Percent(var percent) -> number.compareTo(percent) == 0;
      case Worth.AmountOff(Money money) -> number.compareTo(money.amount()) == 0;
      case Worth.FreeShipping _ -> false;
    };
  }

  /// The amount with the words that make it a discount; empty where nothing does.
  private static Optional<Span> discount(String text, Amount amount) {
    String after = text.substring(amount.end(), Math.min(text.length(), amount.end() + REACH));
    int from = Math.max(0, amount.start() - REACH);
    String before = text.substring(from, amount.start());
    Matcher cue = DiscountWords.AFTER.matcher(after);
    if (cue.lookingAt()) {
      return Optional.of(new Span(What.AMOUNT, amount.start(), amount.end() + cue.end()));
    }
    Matcher share = DiscountWords.AFTER_PERCENT.matcher(after);
    if (amount.isPercent() && share.lookingAt()) {
      return Optional.of(new Span(What.AMOUNT, amount.start(), amount.end() + share.end()));
    }
    Matcher gives = DiscountWords.GIVES.matcher(before);
    if (amount.isPercent() && gives.find() && DiscountWords.GIVEN_AWAY.matcher(after).lookingAt()) {
      return Optional.of(new Span(What.AMOUNT, from + gives.start(), amount.end()));
    }
    Matcher minus = DiscountWords.MINUS.matcher(before);
    boolean less =
        minus.find()
            && (amount.isPercent() || DiscountWords.AFTER_MINUS.matcher(after).lookingAt());
    if (less) {
      int sign = before.lastIndexOf('-');
      return Optional.of(new Span(What.AMOUNT, from + sign, amount.end()));
    }
    Matcher word = DiscountWords.BEFORE.matcher(before);
    return word.find() && !DiscountWords.NOT_AFTER.matcher(after).lookingAt()
        ? Optional.of(new Span(What.AMOUNT, from + word.start(), amount.end()))
        : Optional.empty();
  }

  private void findPhrases(FoldedText folded, Optional<Grant> grant, List<Span> found) {
    String text = folded.text();
    if (!isPercent(grant, HALF)) {
      find(List.of(DiscountWords.HALF), text, What.AMOUNT, found, _ -> true);
    }
    if (!isPercent(grant, QUARTER)) {
      find(List.of(DiscountWords.QUARTER), text, What.AMOUNT, found, _ -> true);
    }
    find(DiscountWords.BUNDLES, text, What.BUNDLE, found, _ -> true);
    boolean shipped = grant.filter(it -> it.worth() instanceof Worth.FreeShipping).isPresent();
    if (shipsForFree && !shipped) {
      find(List.of(DiscountWords.FREE_SHIPPING), text, What.FREE_SHIPPING, found, _ -> true);
    }
  }

  private static boolean isPercent(Optional<Grant> grant, BigDecimal percent) {
    return grant.filter(it -> it.worth().equals(new Worth.Percent(percent))).isPresent();
  }

  /// Where phrases stand that may be said.
  private List<Span> allowed(String text, Optional<Grant> grant) {
    List<String> phrases = new ArrayList<>(catalogue.promises());
    grant.flatMap(it -> catalogue.offer(it.offer())).ifPresent(it -> phrases.addAll(it.copy()));
    List<Span> spans = new ArrayList<>();
    for (String phrase : phrases) {
      String folded = FoldedText.fold(phrase).strip();
      for (int at = text.indexOf(folded);
          at >= 0 && !folded.isEmpty();
          at = text.indexOf(folded, at + 1)) {
        spans.add(new Span(What.AMOUNT, at, at + folded.length()));
      }
    }
    return spans;
  }
}
