package io.parley.engine.offers;

import io.parley.engine.Values;
import java.time.Instant;

/// An offer that was made to a contact: what templates read as `flow.offer`.
///
/// @param offer its name in the catalogue
public record Grant(String offer, String code, Worth worth, Instant expiresAt) {

  /// `name`, `code`, `value` (`15%`, `$10`), `expires_at` (ISO 8601, which Liquid's `date` reads).
  public Values values() {
    return Values.of("name", offer)
        .with("code", code)
        .with("value", value())
        .with("expires_at", expiresAt.toString());
  }

  /// What it takes off as people read it: `15%`, `$10`, `10 CHF`, `free shipping`.
  public String value() {
    return worth.shown();
  }
}
