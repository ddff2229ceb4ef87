package io.parley.engine.offers;

import io.parley.engine.Values;
import java.time.Instant;

/// An offer that was made to a contact: what templates read as `flow.offer`.
///
/// @param offer its name in the catalogue
public record Grant(String offer, String code, Worth worth, Instant expiresAt) {

  /// `name`, `code`, `value` (`15%`), `expires` (ISO 8601, which Liquid's `date` reads).
  public Values values() {
    return Values.of("name", offer)
        .with("code", code)
        .with("value", worth.toString())
        .with("expires", expiresAt.toString());
  }
}
