package io.parley.networks;

import io.parley.edge.OutcomeSink.Response;
import java.util.List;

/// Keeps a network's audiences: composes requests and reads answers, and does no I/O between the
/// two. Call it from one change of an audience at a time, so that who left does not come back by a
/// request that was overtaken.
public interface AudienceSink {

  /// The requests for a change, in the order in which to make them: who leaves goes first.
  Plan plan(Audience audience);

  AudienceAnswer read(AudienceRequest request, Response response);

  /// The request in two, to find out who is at fault.
  default List<AudienceRequest> halves(AudienceRequest request) {
    List<Member> members = request.members();
    int middle = members.size() / 2;
    return List.of(members.subList(0, middle), members.subList(middle, members.size())).stream()
        .flatMap(part -> plan(request.change(part)).requests().stream())
        .toList();
  }

  /// @param unmatchable those whom the network could not find by anything that is known of them
  record Plan(List<AudienceRequest> requests, List<Member> unmatchable) {
    public Plan {
      requests = List.copyOf(requests);
      unmatchable = List.copyOf(unmatchable);
    }
  }
}
