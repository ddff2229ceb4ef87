package io.parley.engine.offers;

import io.parley.engine.Tag;
import io.parley.engine.offers.FrictionRules.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a conversation has met with so far that keeps the contact from buying. Signals are kept as
/// they were heard; what is left of each is reckoned when it is asked for.
///
/// @param signals the latest, oldest first; of more than [#MAX_SIGNALS] the oldest are forgotten
/// @param helpedAt when a help step was given that no reply has followed yet
public record Friction(List<Signal> signals, Optional<Instant> helpedAt) {

  public static final Friction NONE = new Friction(List.of(), Optional.empty());
  public static final int MAX_SIGNALS = 30;

  /// Characters of a signal's evidence.
  private static final int MAX_EVIDENCE = 60;

  /// Replies that say that help has helped.
  private static final Set<String> CONVERTED = Set.of("buy", "thanks", "already_purchased");

  /// Tags of replies that ask: to ask one again is friction of its own.
  private static final Set<String> QUESTIONS =
      Set.of(
          "discount",
          "shipping",
          "product_question",
          "size_help",
          "return_refund",
          "restock",
          "order_status");

  /// Something that was heard, or was not.
  ///
  /// @param at when, and which reply said it: all signals of one reply have one moment, which no
  ///     other reply shares
  /// @param weight what it added to the score when it was heard
  /// @param evidence why, in few words: `keyword SHIPPING`
  public record Signal(String name, double weight, Instant at, String evidence) {
    public Signal {
      evidence = evidence.length() <= MAX_EVIDENCE ? evidence : cut(evidence);
    }

    private static String cut(String text) {
      int end = Character.isHighSurrogate(text.charAt(MAX_EVIDENCE - 1)) ? 1 : 0;
      return text.substring(0, MAX_EVIDENCE - end);
    }
  }

  public Friction {
    signals =
        List.copyOf(signals.subList(Math.max(0, signals.size() - MAX_SIGNALS), signals.size()));
  }

  /// After a help step: an answer to a question, a size, a delivery time.
  public Friction helped(Instant at) {
    return new Friction(signals, Optional.of(at));
  }

  /// After a reply. What it says of itself comes first, then what it says of the help before it.
  ///
  /// @param tags what the reply was found to mean; none where nothing was
  public Friction heard(List<Tag> tags, Instant now, FrictionRules rules) {
    Instant at = ownMoment(now);
    List<Signal> heard = new ArrayList<>(signals);
    for (Tag tag : tags) {
      add(heard, tag.name(), at, tag.evidence(), rules);
      if (QUESTIONS.contains(tag.name()) && was(tag.name())) {
        add(heard, FrictionRules.REPEATED_QUESTION, at, tag.name() + " again", rules);
      }
    }
    boolean converted = tags.stream().anyMatch(tag -> CONVERTED.contains(tag.name()));
    if (helpedAt.isPresent() && !converted) {
      add(heard, FrictionRules.HELP_UNCONVERTED, at, "help at " + helpedAt.get(), rules);
    }
    return new Friction(heard, Optional.empty());
  }

  /// After a wait for a reply that did not come. Friction only where help had been given.
  public Friction silent(Instant now, FrictionRules rules) {
    if (helpedAt.isEmpty()) {
      return this;
    }
    Instant at = ownMoment(now);
    List<Signal> heard = new ArrayList<>(signals);
    add(heard, FrictionRules.SILENCE_AFTER_HELP, at, "help at " + helpedAt.get(), rules);
    return new Friction(heard, Optional.empty());
  }

  /// The first moment from this one that no signal has: two replies that a clock cannot tell apart
  /// are two all the same.
  private Instant ownMoment(Instant now) {
    Instant at = now;
    while (isTaken(at)) {
      at = at.plusMillis(1);
    }
    return at;
  }

  private boolean isTaken(Instant moment) {
    return signals.stream().anyMatch(signal -> signal.at().equals(moment));
  }

  private boolean was(String name) {
    return signals.stream().anyMatch(signal -> signal.name().equals(name));
  }

  private static void add(
      List<Signal> to, String name, Instant at, String evidence, FrictionRules rules) {
    rules.rule(name).ifPresent(rule -> to.add(new Signal(name, rule.weight(), at, evidence)));
  }

  /// What is left of all signals. Of several of one reply only the strongest is friction: who asks
  /// for a code and for shipping in one breath has stumbled once.
  public double score(Instant now, FrictionRules rules) {
    return moments(now, rules).stream().mapToDouble(Double::doubleValue).sum();
  }

  /// How many replies, or silences, of which enough is left to count.
  public int count(Instant now, FrictionRules rules) {
    return (int) moments(now, rules).stream().filter(left -> left >= rules.countsFrom()).count();
  }

  /// Whether a help step came to nothing, of which enough is left to count.
  public boolean isHelpUnconverted(Instant now, FrictionRules rules) {
    return signals.stream()
        .filter(
            signal ->
                signal.name().equals(FrictionRules.HELP_UNCONVERTED)
                    || signal.name().equals(FrictionRules.SILENCE_AFTER_HELP))
        .anyMatch(signal -> left(signal, now, rules) >= rules.countsFrom());
  }

  /// What is left of the strongest signal of each moment.
  private List<Double> moments(Instant now, FrictionRules rules) {
    return signals.stream()
        .map(Signal::at)
        .distinct()
        .sorted(Comparator.naturalOrder())
        .map(
            at ->
                signals.stream()
                    .filter(signal -> signal.at().equals(at))
                    .mapToDouble(signal -> left(signal, now, rules))
                    .max()
                    .orElse(0))
        .toList();
  }

  /// A signal that is no rule's any more is worth nothing; one of the future, by a clock that was
  /// set back, is whole.
  private static double left(Signal signal, Instant now, FrictionRules rules) {
    Optional<Rule> rule = rules.rule(signal.name());
    if (rule.isEmpty()) {
      return 0;
    }
    double age = Math.max(0, Duration.between(signal.at(), now).toMillis());
    return signal.weight() * Math.pow(0.5, age / rule.get().halfLife().toMillis());
  }
}
