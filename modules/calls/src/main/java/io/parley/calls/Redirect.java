package io.parley.calls;

import io.parley.calls.CallRequest.Chosen;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What an answer makes of a request: a redirect is followed as browsers do.
///
/// A 303 is followed by GET, and so are 301 and 302 after a POST; 307 and 308 keep method and body
/// (Fetch standard, HTTP-redirect fetch). To another server goes no header of the flow's own but
/// those that describe the content: any of them may be a secret of the first one.
public sealed interface Redirect {

  /// As many as curl's and Go's clients follow or more; browsers give up at 20.
  int MAX_HOPS = 10;

  /// It is the answer.
  record None() implements Redirect {}

  record Followed(CallRequest request) implements Redirect {}

  /// It leads nowhere.
  record Refused(String reason, String message) implements Redirect {}

  Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);
  List<String> OF_CONTENT = List.of("content-type", "content-encoding", "content-language");
  List<String> OURS = List.of("user-agent", "accept", "idempotency-key");

  /// @param location the answer's header; empty where it had none
  /// @param hops how many redirects were followed already
  static Redirect of(CallRequest request, int status, String location, int hops) {
    if (!STATUSES.contains(status)
        || location.isBlank()
        || request.destination() != Chosen.BY_FLOW) {
      return new None();
    }
    if (hops >= MAX_HOPS) {
      return new Refused(
          "too_many_redirects", "the answer was a redirect " + (MAX_HOPS + 1) + " times in a row");
    }
    Optional<Target> next = request.target().resolve(location);
    return next.isEmpty()
        ? new Refused("bad_redirect", "status " + status + " leads to no http or https URL")
        : new Followed(to(next.get(), request, status));
  }

  private static CallRequest to(Target next, CallRequest request, int status) {
    boolean becomesGet =
        status == 303
            ? !CallRequest.isSafe(request.method())
            : (status == 301 || status == 302) && request.method().equals("POST");
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    request.headers().forEach(headers::put);
    if (!next.sameOrigin(request.target())) {
      headers.keySet().removeIf(name -> !isAny(name, OF_CONTENT) && !isAny(name, OURS));
    }
    if (becomesGet) {
      headers.keySet().removeIf(name -> isAny(name, OF_CONTENT));
    }
    if (!next.userInfo().isEmpty()) {
      headers.put("Authorization", RequestComposer.basic(next));
    }
    return new CallRequest(
        becomesGet ? "GET" : request.method(),
        next,
        headers,
        becomesGet ? "" : request.body(),
        request.destination());
  }

  private static boolean isAny(String name, List<String> names) {
    return names.contains(name.toLowerCase(Locale.ROOT));
  }
}
