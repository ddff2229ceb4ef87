package io.parley.intents;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the contact was asked last, against which "yes", "2" and "the blue one" mean something.
///
/// @param question the text that was sent, empty where nothing was
/// @param answers the answers that the flow looks for next, in their order; often none are known
public record Asked(String question, List<String> answers) {

  public static final Asked NOTHING = new Asked("", List.of());

  /// `1) sizing 2. shipping`, `Reply A for red, B for blue`.
  private static final Pattern NUMBERED =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}$€£.,])(\\d{1,2}|[A-Ea-e])\\s*(?:[).:=]|[-–]|\\bfor\\b|\\bto\\b|\\bif\\b)\\s*([^,;\\n"
              + "]{1,60}?)(?=\\s*(?:[,;\\n"
              + "]|[.?!](?:\\s|$)|\\bor\\s+(?:reply\\s+)?(?:\\d|[A-E]\\b)|"
              + "\\band\\s+\\d|\\s(?:\\d{1,2}|[A-E])\\s*[).:=]|$))");

  private static final Pattern PICK =
      Pattern.compile(
          "(?:i want |i like |ill take |give me |number |option |choice |no |nr |the |opcion |opcao"
              + " |numero )*"
              + "(\\d{1,2}|[a-e]|one|two|three|four|five|first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th"
              + "|last|uno|dos|tres|primero|primera|segundo|segunda|tercero|un|deux|trois|premier|premiere"
              + "|deuxieme|troisieme|eins|zwei|drei|erste|zweite|dritte|um|dois|primeiro|primeira|terceiro)(?:"
              + " one| option| please| pls)*");

  private static final Pattern THE_ONE =
      Pattern.compile(
          "(?:i want |i like |ill take |give me )?(?:the |el |la |le |das |die |den |o |a )"
              + "(\\p{L}{3,})(?: one| please| pls)*");

  private static final List<String> ORDINALS =
      List.of(
          "one first 1st uno primero primera un premier premiere eins erste um primeiro primeira",
          "two second 2nd dos segundo segunda deux deuxieme zwei zweite dois",
          "three third 3rd tres tercero trois troisieme drei dritte terceiro",
          "four fourth 4th",
          "five fifth 5th");

  public Asked {
    answers = List.copyOf(answers);
  }

  public static Asked of(String question) {
    return new Asked(question, List.of());
  }

  /// One of several answers that were offered.
  ///
  /// @param place from 1 on
  public record Option(int place, String key, String text) {}

  /// The answers that were offered: those that the flow looks for, else those that the question
  /// numbers.
  List<Option> options() {
    List<Option> options = new ArrayList<>();
    Matcher matcher = NUMBERED.matcher(question);
    while (matcher.find()) {
      options.add(
          new Option(
              options.size() + 1,
              matcher.group(1).toLowerCase(Locale.ROOT),
              matcher.group(2).strip()));
    }
    if (options.size() >= 2) {
      return options;
    }
    List<Option> known = new ArrayList<>();
    for (String answer : answers) {
      known.add(new Option(known.size() + 1, String.valueOf(known.size() + 1), answer));
    }
    return known;
  }

  /// The option that words pick: "2", "the second one", "the blue one".
  ///
  /// @param words as [io.parley.intents.reading.Wording] has them
  Optional<Option> picked(String words) {
    Matcher pick = PICK.matcher(words);
    Matcher one = THE_ONE.matcher(words);
    if (!pick.matches() && !one.matches()) {
      return Optional.empty();
    }
    List<Option> options = options();
    if (options.isEmpty()) {
      return Optional.empty();
    }
    if (pick.matches()) {
      return byKey(pick.group(1), options);
    }
    Pattern word =
        Pattern.compile("\\b" + Pattern.quote(one.group(1)) + "\\b", Pattern.CASE_INSENSITIVE);
    List<Option> fitting =
        options.stream().filter(option -> word.matcher(option.text()).find()).toList();
    return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
  }

  private static Optional<Option> byKey(String key, List<Option> options) {
    if (key.equals("last")) {
      return Optional.of(options.getLast());
    }
    for (Option option : options) {
      if (option.key().equals(key)) {
        return Optional.of(option);
      }
    }
    for (Option option : options) {
      int place = option.place();
      if (place <= ORDINALS.size()
          && List.of(ORDINALS.get(place - 1).split(" ", -1)).contains(key)) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }
}
