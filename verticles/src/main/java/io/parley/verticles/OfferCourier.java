package io.parley.verticles;

import io.parley.calls.CallRules;
import io.parley.calls.RequestComposer;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.offers.Grant;
import io.parley.engine.offers.Offer;
import io.parley.engine.offers.Offer.Kind;
import io.parley.engine.offers.Withholding;
import io.parley.engine.policy.Policy;
import io.parley.store.Offers;
import io.parley.store.Offers.Answer;
import io.parley.store.Outbox;
import io.parley.store.Outbox.Leased;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reserves codes, gives them back and notes what became of them, as turns ask; each reservation is
/// answered by an event. Confined to its context.
///
/// Whatever it does may be done twice: the store answers a repeat as it answered first, and a shop
/// knows one by its key. So a row that was left by a process that died is simply worked off again,
/// and what fails is tried again shortly. One conversation's rows are worked off in their order.
final class OfferCourier extends VerticleBase {

  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int MAX_IN_FLIGHT = 32;

  /// Beside a shop's own time.
  private static final Duration GRACE = Duration.ofSeconds(10);

  /// A shop is asked again for so long; the flow waits a minute.
  private static final Duration SHOP_PATIENCE = Duration.ofSeconds(40);

  private static final Logger LOG = LoggerFactory.getLogger(OfferCourier.class);

  private final Supplier<Policy> policy;
  private final Offers offers;
  private final Outbox outbox;
  private final OfferAnswers answers;
  private final Shops shops;
  private final Clock clock;
  private final Metrics metrics;

  private final Complaint unleased = new Complaint(LOG, "what is to be done for offers waits");
  private final Complaint undone = new Complaint(LOG, "something for an offer cannot be done");
  private final Complaint shopless = new Complaint(LOG, "a shop makes no codes");
  private final Set<EffectId> held = new HashSet<>();
  private final Promise<Void> drained = Promise.promise();

  private ShopDesk desk;
  private boolean atWork;
  private boolean again;
  private boolean closing;

  /// How shops are asked.
  ///
  /// @param secrets by the names that the policy has for them
  record Shops(CallRules rules, RequestComposer composer, Map<String, String> secrets) {}

  @SuppressWarnings("NullAway.Init") // the desk is made when the verticle starts
  OfferCourier(
      Supplier<Policy> policy,
      Offers offers,
      Outbox outbox,
      OfferAnswers answers,
      Shops shops,
      Clock clock,
      Metrics metrics) {
    this.policy = policy;
    this.offers = offers;
    this.outbox = outbox;
    this.answers = answers;
    this.shops = shops;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    desk = new ShopDesk(vertx, shops.rules(), shops.composer(), shops.secrets(), metrics);
    vertx.setPeriodic(PERIOD.toMillis(), _ -> work());
    return vertx.eventBus().localConsumer(Bus.OFFERS_WAIT).handler(_ -> work()).completion();
  }

  /// Waits for what is under way.
  @Override
  public Future<?> stop() {
    closing = true;
    completeDrained();
    return drained.future().eventually(desk::close);
  }

  private void completeDrained() {
    if (closing && held.isEmpty() && !atWork) {
      drained.tryComplete();
    }
  }

  private void work() {
    if (atWork) {
      again = true;
      return;
    }
    int room = MAX_IN_FLIGHT - held.size();
    if (closing || room <= 0) {
      return;
    }
    atWork = true;
    again = false;
    outbox
        .leaseReports(Outbox.OFFERS, room, shops.rules().timeouts().longest().plus(GRACE))
        .onComplete(
            leased -> {
              atWork = false;
              if (leased.failed()) {
                unleased.failed(leased.cause());
                completeDrained();
                return;
              }
              unleased.worked();
              Map<Object, List<Leased>> byConversation = new LinkedHashMap<>();
              leased.result().stream()
                  .filter(row -> !held.contains(row.id()))
                  .forEach(
                      row ->
                          byConversation
                              .computeIfAbsent(row.id().conversation(), _ -> new ArrayList<>())
                              .add(row));
              byConversation.values().forEach(this::take);
              completeDrained();
              if (again || leased.result().size() >= room) {
                vertx.runOnContext(_ -> work());
              }
            });
  }

  /// One after the other; after one that has to wait, all that follow wait, too.
  private void take(List<Leased> rows) {
    rows.forEach(row -> held.add(row.id()));
    Future<Boolean> all = Future.succeededFuture(true);
    for (Leased row : rows) {
      all = all.compose(on -> on ? done(row) : wait(row, "one before it waits").map(false));
    }
    all.onComplete(
        _ -> {
          rows.forEach(row -> held.remove(row.id()));
          completeDrained();
          if (again) {
            work();
          }
        });
  }

  /// Whether it is done with. Never fails.
  private Future<Boolean> done(Leased row) {
    return Future.succeededFuture()
        .compose(_ -> perform(row))
        .onSuccess(_ -> undone.worked())
        .recover(
            failure -> {
              undone.failed(failure);
              return wait(row, String.valueOf(failure.getMessage())).map(false);
            });
  }

  private Future<Void> wait(Leased row, String why) {
    return outbox.postpone(row, PAUSE, why).otherwiseEmpty();
  }

  private Future<Boolean> perform(Leased row) {
    Instant now = clock.instant();
    return switch (row.effect()) {
      case Effect.ReserveOffer wish -> reserve(row, wish, now);
      case Effect.ReturnOffer it -> giveBack(row, it, now);
      case Effect.KeepOffer it ->
          offers.sent(it.reservation(), now).compose(_ -> outbox.delivered(List.of(row))).map(true);
      case Effect.RedeemOffer it ->
          offers
              .used(new Offers.Use(it.code(), it.persons(), it.orderId(), it.at()))
              .onSuccess(used -> metrics.offer(used.isPresent() ? "used" : "unknown_code"))
              .compose(_ -> outbox.delivered(List.of(row)))
              .map(true);
      case Effect.Send _, Effect.Call _, Effect.ReportOutcome _, Effect.ReportAttributes _ ->
          outbox.bury(row, "is nothing to be done for an offer").map(true);
    };
  }

  // ---- reserving

  private Future<Boolean> reserve(Leased row, Effect.ReserveOffer wish, Instant now) {
    return policy
        .get()
        .offers()
        .offer(wish.offer())
        .map(
            offer ->
                offers
                    .reserve(new Offers.Wish(wish.id(), wish.persons(), offer, now))
                    .compose(answer -> told(row, offer, answer)))
        .orElseGet(() -> deny(row, Withholding.UNKNOWN_OFFER));
  }

  private Future<Boolean> told(Leased row, Offer offer, Answer answer) {
    return switch (answer) {
      case Answer.Reserved(var code, var worth, var expiresAt) ->
          grant(row, new Grant(offer.name(), code, worth, expiresAt));
      case Answer.Unavailable(var reason) -> deny(row, reason);
      case Answer.Held(var worth, var expiresAt) -> {
        Grant codeless = new Grant(offer.name(), "", worth, expiresAt);
        yield offer.kind() instanceof Kind.Http kind
            ? desk.ask(row.id(), codeless, kind).compose(said -> heard(row, codeless, said))
            : revoke(row, "the policy has the offer's codes from elsewhere now");
      }
    };
  }

  private Future<Boolean> heard(Leased row, Grant codeless, ShopDesk.Answer said) {
    return switch (said) {
      case ShopDesk.Answer.Code(var code) -> {
        shopless.worked();
        yield offers
            .name(row.id(), code, clock.instant())
            .compose(
                _ ->
                    grant(
                        row,
                        new Grant(codeless.offer(), code, codeless.worth(), codeless.expiresAt())));
      }
      case ShopDesk.Answer.Later(var why) -> {
        shopless.failed(why);
        boolean patient = clock.instant().isBefore(row.createdAt().plus(SHOP_PATIENCE));
        yield patient ? outbox.postpone(row, PAUSE, why).map(false) : revoke(row, why);
      }
      case ShopDesk.Answer.Never(var why) -> {
        shopless.failed(why);
        yield revoke(row, why);
      }
    };
  }

  /// The offer is held, and its code is not to be had.
  private Future<Boolean> revoke(Leased row, String why) {
    LOG.atWarn()
        .addKeyValue("effect", row.id())
        .addKeyValue("why", why)
        .log("an offer has no code");
    return offers.giveBack(row.id(), clock.instant()).compose(_ -> deny(row, Withholding.NO_CODE));
  }

  private Future<Boolean> grant(Leased row, Grant grant) {
    return answers
        .tell(row, new Event.OfferReserved(row.id(), grant))
        .onSuccess(_ -> metrics.offer("reserved"))
        .map(true);
  }

  private Future<Boolean> deny(Leased row, Withholding reason) {
    if (reason == Withholding.POOL_EMPTY) {
      LOG.atError()
          .addKeyValue("effect", row.id())
          .log("an offer was withheld: its pool is empty; load more with parley offers load");
    }
    return answers
        .tell(row, new Event.OfferUnavailable(row.id(), reason))
        .onSuccess(_ -> metrics.offer(reason.word()))
        .map(true);
  }

  // ---- giving back

  /// A message that was withdrawn may have left all the same; while that is open the code stays.
  private Future<Boolean> giveBack(Leased row, Effect.ReturnOffer it, Instant now) {
    return outbox
        .departure(it.unless())
        .compose(
            departure ->
                switch (departure) {
                  case OPEN -> wait(row, "a message with its code may have left").map(false);
                  case LEFT -> outbox.delivered(List.of(row)).map(true);
                  case NONE ->
                      offers
                          .giveBack(it.reservation(), now)
                          .onSuccess(_ -> metrics.offer("returned"))
                          .compose(_ -> outbox.delivered(List.of(row)))
                          .map(true);
                });
  }
}
