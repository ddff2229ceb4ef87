package io.parley.engine.offers;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of percent or of money in a [FoldedText], in digits or in words.
///
/// @param currencies what its sign may stand for; none where it is percent
record Amount(BigDecimal number, Set<String> currencies, int start, int end) {

  private static final Map<String, Integer> WORDS = words();
  private static final Map<String, Set<String>> SIGNS = signs();

  private static final String NUMBER =
      "(?:\\d{1,6}(?:[.,]\\d{3}(?!\\d))*(?:[.,]\\d{1,2}(?!\\d))?|"
          + String.join("|", WORDS.keySet())
          + ")";

  private static final Pattern PERCENT =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}.,])("
              + NUMBER
              + ")[ -]?(?:%(?:-?ig\\p{L}*)?|(?:percent|per cent|pct|prozent\\p{L}*|pour ?cent|por ?ciento"
              + "|por ?cento|per cento)(?![\\p{L}]))");
  private static final Pattern SIGN_FIRST =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}])((?:us|ca|au|nz|c|a|r)?\\$|€|£|usd|eur|gbp|chf) ?("
              + NUMBER
              + ")(?![\\p{L}\\p{N}%])");
  private static final Pattern SIGN_LAST =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}.,$€£])("
              + NUMBER
              + ")[ -]?((?:us|ca|au|c|a|r)?\\$|€|£|(?:usd|eur|gbp|chf|cad|aud|brl|euros?|dollars?|bucks"
              + "|quid|pounds?|pfund|dolares|reais|franken|francs?)(?![\\p{L}]))");

  Amount {
    currencies = Set.copyOf(currencies);
  }

  /// Longer ones first, so that they are found whole.
  private static Map<String, Integer> words() {
    Map<String, Integer> words = new LinkedHashMap<>();
    for (String word :
        List.of(
            "twenty[ -]five=25",
            "seventy[ -]five=75",
            "funfundzwanzig=25",
            "vingt[ -]cinq=25",
            "veinticinco=25",
            "vinte e cinco=25",
            "venticinque=25",
            "fifteen=15",
            "twenty=20",
            "thirty=30",
            "forty=40",
            "fifty=50",
            "sixty=60",
            "seventy=70",
            "eighty=80",
            "ninety=90",
            "five=5",
            "ten=10",
            "funfzehn=15",
            "fuenfzehn=15",
            "zwanzig=20",
            "dreissig=30",
            "vierzig=40",
            "funfzig=50",
            "fuenfzig=50",
            "funf=5",
            "fuenf=5",
            "zehn=10",
            "quinze=15",
            "vingt=20",
            "trente=30",
            "quarante=40",
            "cinquante=50",
            "cinq=5",
            "dix=10",
            "quince=15",
            "veinte=20",
            "treinta=30",
            "cuarenta=40",
            "cincuenta=50",
            "cinco=5",
            "diez=10",
            "vinte=20",
            "trinta=30",
            "quarenta=40",
            "cinquenta=50",
            "dez=10",
            "quindici=15",
            "venti=20",
            "trenta=30",
            "cinquanta=50",
            "cinque=5",
            "dieci=10")) {
      String[] parts = word.split("=", -1);
      words.put(parts[0], Integer.valueOf(parts[1]));
    }
    return words;
  }

  private static Map<String, Set<String>> signs() {
    Set<String> dollars =
        Set.of("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP");
    Map<String, Set<String>> signs = new LinkedHashMap<>();
    List.of("$", "dollar", "dollars", "bucks", "dolares").forEach(it -> signs.put(it, dollars));
    List.of("us$", "usd").forEach(it -> signs.put(it, Set.of("USD")));
    List.of("ca$", "c$", "cad").forEach(it -> signs.put(it, Set.of("CAD")));
    List.of("au$", "a$", "aud").forEach(it -> signs.put(it, Set.of("AUD")));
    signs.put("nz$", Set.of("NZD"));
    List.of("r$", "brl", "reais").forEach(it -> signs.put(it, Set.of("BRL")));
    List.of("€", "eur", "euro", "euros").forEach(it -> signs.put(it, Set.of("EUR")));
    List.of("£", "gbp", "quid", "pound", "pounds", "pfund")
        .forEach(it -> signs.put(it, Set.of("GBP")));
    List.of("chf", "franken", "franc", "francs").forEach(it -> signs.put(it, Set.of("CHF")));
    return signs;
  }

  boolean isPercent() {
    return currencies.isEmpty();
  }

  /// Whether this is what an offer takes off, neither more nor less.
  boolean is(Worth worth) {
    return switch (worth) {
      case Worth.Percent(var percent) -> isPercent() && number.compareTo(percent) == 0;
      case Worth.AmountOff(Money money) ->
          currencies.contains(money.currency()) && number.compareTo(money.amount()) == 0;
      case Worth.FreeShipping _ -> false;
    };
  }

  /// All amounts of a text that are not 0.
  static List<Amount> in(String folded) {
    List<Amount> amounts = new ArrayList<>();
    Matcher percent = PERCENT.matcher(folded);
    while (percent.find()) {
      add(amounts, percent.group(1), Set.of(), percent);
    }
    Matcher first = SIGN_FIRST.matcher(folded);
    while (first.find()) {
      add(amounts, first.group(2), currencies(first.group(1)), first);
    }
    Matcher last = SIGN_LAST.matcher(folded);
    while (last.find()) {
      add(amounts, last.group(1), currencies(last.group(2)), last);
    }
    return amounts;
  }

  private static Set<String> currencies(String sign) {
    return SIGNS.getOrDefault(sign, Set.of("XXX"));
  }

  private static void add(
      List<Amount> amounts, String number, Set<String> currencies, Matcher found) {
    number(number)
        .filter(it -> it.signum() > 0)
        .ifPresent(it -> amounts.add(new Amount(it, currencies, found.start(), found.end())));
  }

  /// A separator before three digits groups them; before one or two it begins the decimals.
  static Optional<BigDecimal> number(String text) {
    for (var word : WORDS.entrySet()) {
      if (text.matches(word.getKey())) {
        return Optional.of(BigDecimal.valueOf(word.getValue()));
      }
    }
    String grouped = text.replaceAll("[.,](?=\\d{3}(?:\\D|$))", "").replace(',', '.');
    return grouped.matches("\\d+(\\.\\d+)?")
        ? Optional.of(new BigDecimal(grouped))
        : Optional.empty();
  }
}
