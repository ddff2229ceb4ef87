package io.parley.verticles;

import io.parley.edge.OutcomeSink;
import io.parley.edge.OutcomeSink.Composed;
import io.parley.edge.OutcomeSink.Response;
import io.parley.edge.OutcomeSink.Verdict;
import io.parley.engine.Effect;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the requests that a sink composes.
final class HttpHandover implements Handover {

  private final OutcomeSink sink;
  private final Optional<GoogleTokens> tokens;
  private final HttpRequests requests;

  /// @param timeout for a whole request, its answer included
  /// @param tokens what the sink's requests carry, if it is access tokens
  HttpHandover(Vertx vertx, OutcomeSink sink, Duration timeout, Optional<GoogleTokens> tokens) {
    this.sink = sink;
    this.tokens = tokens;
    this.requests = new HttpRequests(vertx, timeout);
  }

  @Override
  public Optional<Duration> freshFor() {
    return sink.freshFor();
  }

  @Override
  public int maxBatchSize() {
    return sink.maxBatchSize();
  }

  @Override
  public Future<Handed> hand(List<Effect.Outgoing> reports) {
    if (tokens.isEmpty()) {
      return send(reports);
    }
    return tokens
        .get()
        .ready(asked -> requests.make(asked.method(), asked.url(), asked.headers(), asked.body()))
        .compose(
            trouble ->
                trouble.isEmpty()
                    ? send(reports)
                    : Future.succeededFuture(
                        Handed.all(reports, Map.of(), trouble.get(), "has no access token")));
  }

  private Future<Handed> send(List<Effect.Outgoing> reports) {
    Composed composed = sink.compose(reports);
    if (composed.effects().isEmpty()) {
      return Future.succeededFuture(Handed.nothing(composed.undeliverable()));
    }
    return requests
        .make(composed.method(), composed.url(), composed.headers(), composed.body())
        .map(response -> handed(composed, response));
  }

  private Handed handed(Composed composed, Response response) {
    List<Verdict> verdicts = sink.read(composed, response);
    boolean unanswered = response.status() == 0;
    if (response.status() == 401) {
      tokens.ifPresent(GoogleTokens::refused);
    }
    return new Handed(
        composed.effects(),
        unanswered ? explained(verdicts, response) : verdicts,
        composed.undeliverable(),
        unanswered ? "unreachable" : "answers " + response.status(),
        sink.blamesTheWhole(composed, response),
        isTaken(response) ? sink.receipt(composed, response) : Optional.empty());
  }

  private static boolean isTaken(Response response) {
    return response.status() >= 200 && response.status() < 300;
  }

  /// A sink reads statuses; where none came, the response tells why.
  private static List<Verdict> explained(List<Verdict> verdicts, Response response) {
    List<Verdict> explained = new ArrayList<>(verdicts);
    explained.replaceAll(
        verdict ->
            verdict instanceof Verdict.Retry(var _, var after)
                ? new Verdict.Retry("unreachable: " + response.body(), after)
                : verdict);
    return explained;
  }

  @Override
  public void close() {
    requests.close();
  }
}
