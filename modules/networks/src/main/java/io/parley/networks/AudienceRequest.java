package io.parley.networks;

import io.parley.networks.Audience.Direction;
import java.util.List;

/// One request of those that a change of an audience takes.
///
/// @param audience the network's id of it
/// @param members whom it carries, in its order
public record AudienceRequest(
    NetworkRequest http, String audience, Direction direction, List<Member> members) {

  public AudienceRequest {
    members = List.copyOf(members);
  }

  /// The change that this request alone makes.
  Audience change(List<Member> part) {
    return switch (direction) {
      case IN -> new Audience(audience, part, List.of());
      case OUT -> new Audience(audience, List.of(), part);
    };
  }
}
