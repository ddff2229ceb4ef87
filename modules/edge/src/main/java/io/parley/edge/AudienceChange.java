package io.parley.edge;

import io.parley.engine.Effect;
import io.parley.engine.Outcomes;
import io.parley.engine.Values;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/// That a person came into an audience, or left it, as two outcomes tell.
///
/// ```
/// {"audience": "cio_cart_abandon_6h", "computation_id": "aud_...", "reason": "rule",
///  "entered_at": "2026-03-01T10:15:00Z"}
/// ```
///
/// @param audience its key
public record AudienceChange(
    Effect.ReportOutcome told, String audience, AudienceChange.Direction direction) {

  /// Which way a person goes.
  public enum Direction {
    IN,
    OUT
  }

  /// Whether outcomes of this name tell of audiences.
  public static boolean isNamed(String outcome) {
    return outcome.equals(Outcomes.AUDIENCE_ENTERED) || outcome.equals(Outcomes.AUDIENCE_EXITED);
  }

  /// Empty where it tells of something else, or does not say of which audience.
  public static Optional<AudienceChange> of(Effect.Outgoing effect) {
    return effect instanceof Effect.ReportOutcome told && isNamed(told.name())
        ? told.properties()
            .text("audience")
            .filter(key -> !key.isBlank())
            .map(
                key ->
                    new AudienceChange(
                        told,
                        key,
                        told.name().equals(Outcomes.AUDIENCE_ENTERED)
                            ? Direction.IN
                            : Direction.OUT))
        : Optional.empty();
  }

  public boolean isEntry() {
    return direction == Direction.IN;
  }

  /// Why it came about: `rule`, `purchase`, `opt_out`; empty text where that was not told.
  public String reason() {
    return properties().text("reason").orElse("");
  }

  /// When the person came in; where that was not told, when it was told of.
  public Instant enteredAt() {
    try {
      return properties().text("entered_at").map(Instant::parse).orElse(told.at());
    } catch (DateTimeParseException _) {
      return told.at();
    }
  }

  public Values properties() {
    return told.properties();
  }
}
