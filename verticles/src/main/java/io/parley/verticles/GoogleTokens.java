package io.parley.verticles;

import io.parley.edge.OutcomeSink.Response;
import io.parley.edge.OutcomeSink.Verdict;
import io.parley.networks.GoogleAccess;
import io.parley.networks.GoogleAccess.Grant;
import io.parley.networks.NetworkRequest;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Keeps an access token of Google for one destination. Asks for the next one while the last still
/// holds, and never twice at once; where none is to be had, what is to leave waits and says why.
/// Confined to its courier's context.
final class GoogleTokens implements Supplier<String> {

  /// How long is waited with the next try to renew a token that still holds.
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final GoogleAccess access;
  private final URI tokens;
  private final InstantSource clock;

  private Optional<Grant.Granted> held = Optional.empty();
  private Optional<Future<Grant>> underWay = Optional.empty();
  private Instant notBefore = Instant.MIN;

  /// @param tokens where tokens are had: [GoogleAccess#TOKENS], but in tests
  GoogleTokens(GoogleAccess access, URI tokens, InstantSource clock) {
    this.access = access;
    this.tokens = tokens;
    this.clock = clock;
  }

  /// The token that requests carry; empty text until [#ready] has had one.
  @Override
  public String get() {
    return held.map(Grant.Granted::accessToken).orElse("");
  }

  /// Completes with nothing when there is a token, else with why all must wait.
  ///
  /// @param asking makes a request; what no response came for is answered as status 0
  Future<Optional<Verdict.Retry>> ready(Function<NetworkRequest, Future<Response>> asking) {
    Instant now = clock.instant();
    if (held.filter(it -> now.isBefore(it.until())).isEmpty()) {
      return renewed(asking).map(GoogleTokens::trouble);
    }
    if (held.filter(it -> now.isBefore(it.renewAt())).isEmpty() && !now.isBefore(notBefore)) {
      notBefore = now.plus(PAUSE);
      var _ = renewed(asking);
    }
    return Future.succeededFuture(Optional.empty());
  }

  private Future<Grant> renewed(Function<NetworkRequest, Future<Response>> asking) {
    if (underWay.isPresent()) {
      return underWay.get();
    }
    Future<Grant> asked =
        asking
            .apply(access.request(tokens))
            .map(response -> GoogleAccess.read(response, clock.instant()))
            .onComplete(_ -> underWay = Optional.empty())
            .onSuccess(this::keep);
    if (!asked.isComplete()) {
      underWay = Optional.of(asked);
    }
    return asked;
  }

  private void keep(Grant grant) {
    if (grant instanceof Grant.Granted granted) {
      held = Optional.of(granted);
    }
  }

  private static Optional<Verdict.Retry> trouble(Grant grant) {
    return switch (grant) {
      case Grant.Granted _ -> Optional.empty();
      case Grant.Denied(String why, Optional<Duration> after) ->
          Optional.of(new Verdict.Retry(why, after));
    };
  }

  /// Google does not take the token any more, whatever it said of its end.
  void refused() {
    held = Optional.empty();
  }
}
