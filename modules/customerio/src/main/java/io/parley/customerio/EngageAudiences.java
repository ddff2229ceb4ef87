package io.parley.customerio;

import io.parley.edge.AudienceChange;
import io.parley.edge.JsonBatch.Item;
import io.parley.edge.OutcomeSink;
import io.parley.engine.Effect;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Tells who comes into audiences and who leaves them as Twilio Engage does, by Segment's tracking
/// API: whatever is connected to Engage reads it.
///
/// ```
/// {"type": "identify", "userId": "42", "traits": {"cio_cart_abandon_6h": true},
///  "context": {"personas": {"computation_class": "audience", "computation_id": "aud_...",
///                           "computation_key": "cio_cart_abandon_6h",
///                           "namespace": "spa_...", "space_id": "spa_..."}}}
/// {"type": "track", "userId": "42", "event": "Audience Entered",
///  "properties": {"audience_key": "cio_cart_abandon_6h", "cio_cart_abandon_6h": true},
///  "context": {"personas": {...}}}
/// ```
///
/// Source of the format: Segment's documentation of Engage's destinations, and how its
/// destinations' code resolves an audience.
public final class EngageAudiences implements OutcomeSink {

  private final Settings settings;
  private final SegmentBatch batches;

  /// How a change is told.
  public enum Format {
    IDENTIFY,
    TRACK
  }

  /// What is told and how.
  ///
  /// @param destination the name of the destination's outbox rows
  /// @param audiences their keys; empty for all
  /// @param space the id of the space: `spa_...`
  public record Settings(String destination, Set<String> audiences, Format format, String space) {
    public Settings {
      audiences = Set.copyOf(audiences);
      if (space.isBlank()) {
        throw new IllegalArgumentException("Engage's format needs the id of a space");
      }
    }
  }

  /// @param base where the tracking API stands: `https://api.segment.io`
  /// @param clock tells when a request leaves
  public EngageAudiences(Settings settings, URI base, String writeKey, InstantSource clock) {
    this.settings = settings;
    this.batches =
        new SegmentBatch(
            new SegmentBatch.Source(settings.destination(), base, writeKey), this::item, clock);
  }

  private Item item(Effect.Outgoing effect) {
    Optional<AudienceChange> change = AudienceChange.of(effect).filter(this::isTold);
    return change
        .map(it -> SegmentItem.ofAudience(it, settings.format(), personas(it)))
        .orElseGet(() -> new Item.Undeliverable("it tells of no audience of this destination"));
  }

  private boolean isTold(AudienceChange change) {
    return settings.audiences().isEmpty() || settings.audiences().contains(change.audience());
  }

  private Map<String, Object> personas(AudienceChange change) {
    Map<String, Object> personas = new LinkedHashMap<>();
    personas.put("computation_class", "audience");
    change.properties().text("computation_id").ifPresent(id -> personas.put("computation_id", id));
    personas.put("computation_key", change.audience());
    personas.put("namespace", settings.space());
    personas.put("space_id", settings.space());
    return personas;
  }

  @Override
  public String destination() {
    return settings.destination();
  }

  @Override
  public boolean takes(String outcome) {
    return AudienceChange.isNamed(outcome);
  }

  @Override
  public boolean takes(Effect.ReportOutcome report) {
    return AudienceChange.of(report).filter(this::isTold).isPresent();
  }

  @Override
  public boolean isActivation() {
    return true;
  }

  /// Segment is told of people as they are, and matches them itself.
  @Override
  public List<String> knownBy(Effect.Outgoing effect) {
    return effect instanceof Effect.ReportOutcome report ? SegmentItem.knownBy(report) : List.of();
  }

  @Override
  public int maxBatchSize() {
    return batches.maxBatchSize();
  }

  @Override
  public Composed compose(List<Effect.Outgoing> effects) {
    return batches.compose(effects);
  }

  @Override
  public List<Verdict> read(Composed composed, Response response) {
    return batches.read(composed, response);
  }

  @Override
  public boolean blamesTheWhole(Composed composed, Response response) {
    return batches.blamesTheWhole(composed, response);
  }
}
