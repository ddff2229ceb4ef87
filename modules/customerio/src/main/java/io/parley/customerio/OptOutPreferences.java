package io.parley.customerio;

import io.parley.customerio.OptOutLever.Channel;
import io.parley.customerio.OptOutLever.SenderList;
import io.parley.customerio.OptOutLever.Topic;
import io.parley.customerio.OptOutLever.Unsubscribed;
import io.parley.edge.OutcomeSink;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Outcomes;
import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Writes opt-outs into attributes of the person, by the Track API: `unsubscribed`, channels and
/// topics of `cio_subscription_preferences`, one key of it at a time.
///
/// START undoes channels alone. Who unsubscribed, or turned a topic off, may have done so in
/// Customer.io too, of e-mail: a START by SMS says nothing of that.
public final class OptOutPreferences implements OutcomeSink {

  public static final String DESTINATION = "customerio-preferences";

  private static final String PREFERENCES = "cio_subscription_preferences.";

  private final List<OptOutLever> levers;
  private final TrackBatch track;

  /// @param levers at least one that is an attribute
  public OptOutPreferences(List<OptOutLever> levers, TrackBatch track) {
    this.levers = List.copyOf(levers);
    this.track = track;
  }

  @Override
  public String destination() {
    return DESTINATION;
  }

  @Override
  public boolean takes(String outcome) {
    return switch (outcome) {
      case Outcomes.OPTED_OUT, Outcomes.OPTED_IN -> !attributes(outcome).isEmpty();
      default -> false;
    };
  }

  @Override
  public int maxBatchSize() {
    return track.maxBatchSize();
  }

  @Override
  public Composed compose(List<Effect.Outgoing> effects) {
    List<Effect.Outgoing> identifies = new ArrayList<>();
    Map<EffectId, Effect.Outgoing> originals = new HashMap<>();
    Map<Effect.Outgoing, String> undeliverable = new HashMap<>();
    for (Effect.Outgoing effect : effects) {
      if (effect instanceof Effect.ReportOutcome told && takes(told.name())) {
        originals.put(effect.id(), effect);
        identifies.add(
            new Effect.ReportAttributes(
                told.id(), told.person(), told.contact(), attributes(told.name()), told.at()));
      } else {
        undeliverable.put(effect, "neither an opt-out nor an opt-in");
      }
    }
    Composed composed = track.compose(identifies);
    composed
        .undeliverable()
        .forEach((effect, why) -> undeliverable.put(original(originals, effect), why));
    return new Composed(
        composed.method(),
        composed.url(),
        composed.headers(),
        composed.body(),
        composed.effects().stream().map(effect -> original(originals, effect)).toList(),
        undeliverable);
  }

  private static Effect.Outgoing original(
      Map<EffectId, Effect.Outgoing> originals, Effect.Outgoing effect) {
    return originals.getOrDefault(effect.id(), effect);
  }

  private Values attributes(String outcome) {
    boolean isOut = outcome.equals(Outcomes.OPTED_OUT);
    Values attributes = Values.EMPTY;
    for (OptOutLever lever : levers) {
      attributes =
          switch (lever) {
            case Unsubscribed() -> isOut ? attributes.with("unsubscribed", true) : attributes;
            case Topic(var number) ->
                isOut ? attributes.with(PREFERENCES + "topics.topic_" + number, false) : attributes;
            case Channel(var name) -> attributes.with(PREFERENCES + "channels." + name, !isOut);
            case SenderList() -> attributes;
          };
    }
    return attributes;
  }

  @Override
  public List<Verdict> read(Composed composed, Response response) {
    return track.read(composed, response);
  }

  @Override
  public boolean blamesTheWhole(Composed composed, Response response) {
    return track.blamesTheWhole(composed, response);
  }
}
