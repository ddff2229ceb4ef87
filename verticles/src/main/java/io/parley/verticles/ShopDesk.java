package io.parley.verticles;

import io.parley.calls.Breaker;
import io.parley.calls.CallRules;
import io.parley.calls.RequestComposer;
import io.parley.calls.RequestComposer.Composed;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.engine.liquid.Templates;
import io.parley.engine.offers.Grant;
import io.parley.engine.offers.Mask;
import io.parley.engine.offers.Offer.Kind;
import io.parley.engine.offers.Shop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks shops for codes. A grant is asked for under one `Idempotency-Key`, its effect's id, and by
/// the same body, however often it is tried, so that the shop makes one code of it. Confined to its
/// context.
final class ShopDesk {

  private final CallRules rules;
  private final RequestComposer composer;
  private final Map<String, String> secrets;
  private final Caller caller;
  private final Metrics metrics;
  private final Map<String, Breaker> breakers = new HashMap<>();

  /// @param secrets by the names that the policy's requests have for them
  ShopDesk(
      Vertx vertx,
      CallRules rules,
      RequestComposer composer,
      Map<String, String> secrets,
      Metrics metrics) {
    this.rules = rules;
    this.composer = composer;
    this.secrets = Map.copyOf(secrets);
    this.caller = new Caller(vertx, rules.guard());
    this.metrics = metrics;
  }

  /// What a shop says.
  sealed interface Answer {
    record Code(String code) implements Answer {}

    /// It may be asked again.
    record Later(String why) implements Answer {}

    record Never(String why) implements Answer {}
  }

  Future<Void> close() {
    return caller.close();
  }

  /// @param grant the effect that the code is for
  /// @param offer what is granted, as it was when it was asked for first; its code is to come
  Future<Answer> ask(EffectId grant, Grant offer, Kind.Http kind) {
    Optional<Values> headers = headers(kind.shop());
    if (headers.isEmpty()) {
      return answer(
          new Answer.Never(
              "PARLEY_OFFER_SECRETS has no "
                  + kind.shop().auth().map(Shop.Auth::secret).orElse("secret")));
    }
    Effect.Request.Http request =
        new Effect.Request.Http(
            "POST",
            kind.shop().url(),
            headers.get(),
            "application/json",
            body(grant, offer, kind.shop()),
            false);
    return switch (composer.compose(new Effect.Call(grant, request))) {
      case Composed.Impossible(var why) -> answer(new Answer.Never(why.message()));
      case Composed.Ready(var ready) -> {
        String host = ready.target().host();
        Breaker breaker = breakers.getOrDefault(host, Breaker.well());
        if (!breaker.admits(System.nanoTime())) {
          yield answer(new Answer.Later(host + " fails call after call and is left alone"));
        }
        breakers.put(host, breaker.asked());
        yield caller
            .call(ready, rules.timeouts().of(host))
            .map(outcome -> heard(host, grant, kind, outcome));
      }
    };
  }

  private static Future<Answer> answer(Answer answer) {
    return Future.succeededFuture(answer);
  }

  /// Empty where the secret that the policy names is not to be had.
  private Optional<Values> headers(Shop shop) {
    if (shop.auth().isEmpty()) {
      return Optional.of(Values.EMPTY);
    }
    Shop.Auth auth = shop.auth().get();
    return Optional.ofNullable(secrets.get(auth.secret()))
        .map(secret -> Values.of(auth.header(), secret));
  }

  private static String body(EffectId grant, Grant offer, Shop shop) {
    Values told =
        Values.of("name", offer.offer())
            .with("value", offer.worth().toString())
            .with("expires", offer.expiresAt().toString())
            .with("key", grant.toString());
    return Templates.render(shop.body(), Map.of("offer", told.entries()), offer.expiresAt()).text();
  }

  private Answer heard(String host, EffectId grant, Kind.Http kind, Caller.Outcome outcome) {
    Breaker before = breakers.getOrDefault(host, Breaker.well());
    long now = System.nanoTime();
    return switch (outcome) {
      case Caller.Outcome.Failed(var reason, var message, var fault) -> {
        metrics.call(host, reason);
        breakers.put(
            host,
            switch (fault) {
              case HOST -> before.failed(now, rules.breaker());
              case ANSWER -> before.answered();
              case REQUEST -> before.untold(now);
            });
        yield fault == Caller.Fault.HOST
            ? new Answer.Later(reason + ": " + message)
            : new Answer.Never(reason + ": " + message);
      }
      case Caller.Outcome.Answered(var answer) -> {
        metrics.call(host, "answered " + answer.status() / 100 + "xx");
        breakers.put(
            host, answer.tellsOfHealth() ? before.answered() : before.failed(now, rules.breaker()));
        yield read(kind, answer.to(grant));
      }
    };
  }

  /// 408, 409, 425, 429 and 5xx are passing troubles.
  private static Answer read(Kind.Http kind, Event.CallAnswered answer) {
    int status = answer.status();
    if (status / 100 != 2) {
      boolean passing = status >= 500 || List.of(408, 409, 425, 429).contains(status);
      return passing
          ? new Answer.Later("answers " + status)
          : new Answer.Never("answers " + status);
    }
    Optional<String> code = code(answer.body(), kind.shop().codeAt());
    Mask shape = kind.shape();
    if (code.isEmpty()) {
      return new Answer.Never("its answer has no " + String.join(".", kind.shop().codeAt()));
    }
    return shape.fits(code.get())
        ? new Answer.Code(code.get())
        : new Answer.Never("its code does not look like " + shape.text());
  }

  private static Optional<String> code(String body, List<String> path) {
    Object at = Json.parse(body).orElse("");
    for (String name : path) {
      Object next = at instanceof Map<?, ?> map ? map.get(name) : null;
      if (next == null) {
        return Optional.empty();
      }
      at = next;
    }
    return at instanceof String code && !code.isBlank()
        ? Optional.of(code.strip())
        : Optional.empty();
  }
}
