package io.parley.networks;

import io.parley.networks.Audience.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Cuts a change of an audience into requests that a network takes.
///
/// @param most how many people one takes
/// @param row a person as the network takes them; empty who could not be found
/// @param call the request for some of them
record AudienceRows(
    int most, Function<Member, Optional<Object>> row, Function<Batch, NetworkRequest> call) {

  /// The content of one request.
  ///
  /// @param all the rows of all requests in this direction
  /// @param first where in those its own begin
  record Batch(
      String audience, Direction direction, List<Object> rows, List<Object> all, int first) {

    boolean isLast() {
      return first + rows.size() == all.size();
    }
  }

  AudienceSink.Plan plan(Audience audience) {
    List<Member> unmatchable =
        Stream.concat(audience.removed().stream(), audience.added().stream())
            .filter(member -> row.apply(member).isEmpty())
            .toList();
    List<AudienceRequest> requests = new ArrayList<>();
    requests.addAll(cut(audience.id(), Direction.OUT, audience.removed()));
    requests.addAll(cut(audience.id(), Direction.IN, audience.added()));
    return new AudienceSink.Plan(requests, unmatchable);
  }

  private List<AudienceRequest> cut(String audience, Direction direction, List<Member> members) {
    List<Member> matchable = new ArrayList<>();
    List<Object> all = new ArrayList<>();
    for (Member member : members) {
      row.apply(member)
          .ifPresent(
              it -> {
                matchable.add(member);
                all.add(it);
              });
    }
    List<AudienceRequest> requests = new ArrayList<>();
    for (int first = 0; first < all.size(); first += most) {
      int end = Math.min(first + most, all.size());
      Batch batch = new Batch(audience, direction, all.subList(first, end), all, first);
      requests.add(
          new AudienceRequest(
              call.apply(batch), audience, direction, matchable.subList(first, end)));
    }
    return requests;
  }
}
