package io.parley.networks;

import io.parley.engine.Effect;
import io.parley.networks.Parcel.Item;
import java.time.InstantSource;
import java.util.List;

/// Tells a network what was bought. Each network has its own form of an event, and of the request
/// that carries many.
public abstract sealed class ConversionSink extends NetworkSink
    permits GoogleEnhancedConversions, GoogleEvents, MetaConversions, TikTokEvents {

  private final Activation activation;
  private final ConversionReader reader;
  private final int most;

  /// What a network takes.
  ///
  /// @param most how many events at once
  record Limits(ConversionReader.Recency recency, int most) {}

  ConversionSink(Network network, Activation activation, Limits limits, InstantSource clock) {
    super(new Identifiers(network, activation.rule()));
    this.activation = activation;
    this.reader = new ConversionReader(activation, limits.recency(), clock);
    this.most = limits.most();
  }

  @Override
  public final String destination() {
    return activation.destination();
  }

  @Override
  public final boolean takes(String outcome) {
    return activation.takes(outcome);
  }

  @Override
  public final int maxBatchSize() {
    return most;
  }

  @Override
  public final Composed compose(List<Effect.Outgoing> effects) {
    return request(Parcel.of(effects, most, reader, this::item));
  }

  abstract Item item(Conversion conversion);

  abstract Composed request(Parcel parcel);
}
