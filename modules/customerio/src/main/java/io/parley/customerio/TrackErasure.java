package io.parley.customerio;

import io.parley.customerio.AppApi.Customer;
import io.parley.customerio.AppApi.Request;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.net.URI;
import java.util.Map;

/// Requests to the Track API that destroy a person's profile. For an erasure alone: no opt-out ever
/// leads here.
///
/// Source: Customer.io's Track API v2, entity.
public final class TrackErasure {

  private final URI base;
  private final TrackKey key;

  public TrackErasure(URI base, TrackKey key) {
    this.base = base;
    this.key = key;
  }

  /// How far it goes.
  public enum Way {
    /// The profile is deleted. A later call about the person makes a new one.
    delete,
    /// The profile is deleted, and what it is identified by is blocked: no call brings it back.
    suppress
  }

  public Request erase(Customer customer, Way way) {
    Values body =
        Values.of("type", "person")
            .with("action", way.name())
            .with("identifiers", Map.of(customer.type(), customer.id()));
    return new Request(
        "POST",
        base.toString().replaceAll("/+$", "") + "/api/v2/entity",
        key.headers(),
        Json.print(body.entries()));
  }
}
