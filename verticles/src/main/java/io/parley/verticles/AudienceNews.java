package io.parley.verticles;

import io.parley.customerio.EventReading.Happening;
import io.parley.customerio.EventReading.Purchase;
import io.parley.customerio.segment.CallPhone;
import io.parley.customerio.segment.SegmentCall;
import io.parley.engine.Address;
import io.parley.engine.Values;
import io.parley.engine.policy.Policy;
import io.parley.engine.rules.Audience.News;
import io.parley.engine.rules.Occasion;
import io.parley.engine.rules.Rules;
import io.parley.store.Ingested;
import io.parley.store.Memberships;
import io.parley.store.Memberships.Change;
import io.parley.store.Memberships.Look;
import io.parley.store.Memberships.Member;
import io.parley.store.Traits;
import io.parley.store.Traits.Known;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Brings what becomes known of persons to the audiences of the rules file. Told twice it comes to
/// the same.
final class AudienceNews {

  private final FileInForce<Rules> rules;
  private final Supplier<Policy> policy;
  private final Memberships memberships;
  private final Traits traits;
  private final String region;
  private final Clock clock;
  private final Metrics metrics;

  /// @param region where a phone number without a country code belongs
  AudienceNews(
      FileInForce<Rules> rules,
      Supplier<Policy> policy,
      Memberships memberships,
      Traits traits,
      String region,
      Clock clock,
      Metrics metrics) {
    this.rules = rules;
    this.policy = policy;
    this.memberships = memberships;
    this.traits = traits;
    this.region = region;
    this.clock = clock;
    this.metrics = metrics;
  }

  /// What is judged by now; empty where there is no file, which says nothing, and not that there
  /// are no audiences.
  Optional<Look> look() {
    return rules.isThere()
        ? Optional.of(new Look(rules.get().audiences(), policy.get().holdouts(), clock.instant()))
        : Optional.empty();
  }

  private Optional<Look> lookAtSome() {
    return look().filter(it -> !it.audiences().isEmpty());
  }

  /// A call of Segment's specification.
  ///
  /// @param known what is true of the person after it
  Future<Void> heard(Ingested.Waiting waiting, SegmentCall call, Known known) {
    Optional<Look> look = lookAtSome();
    if (look.isEmpty()) {
      return Future.succeededFuture();
    }
    Occasion occasion = RuleStarts.occasion(waiting.entry(), call, known);
    boolean concerns =
        !call.merged().isEmpty()
            || look.get().audiences().stream().anyMatch(it -> it.hears(occasion));
    Member member =
        new Member(
            call.who().subject(),
            call.merged(),
            call.who().userId(),
            CallPhone.of(call, known.values(), region).map(Address::number),
            occasion.person().attributes().text("email"),
            Optional.of(waiting.seq()));
    return concerns
        ? memberships.judge(member, new News.Heard(occasion), look.get()).map(this::counted)
        : Future.succeededFuture();
  }

  /// An order, as a part of its commit.
  Function<SqlClient, Future<?>> bought(Purchase order) {
    Optional<Look> look = lookAtSome();
    return look.isEmpty()
        ? _ -> Future.succeededFuture()
        : memberships.bought(
            Member.of(order.externalId(), order.phone().map(Address::number)),
            order.occurredAt(),
            look.get(),
            this::counted);
  }

  /// An event that came by another way than the calls.
  Future<Void> happened(Happening told) {
    Optional<Look> look = lookAtSome();
    if (look.isEmpty()) {
      return Future.succeededFuture();
    }
    Future<Values> known =
        told.externalId().isEmpty()
            ? Future.succeededFuture(Values.EMPTY)
            : traits.of("id:" + told.externalId().get());
    return known.compose(
        values -> {
          Occasion occasion = occasion(told, values);
          return look.get().audiences().stream().anyMatch(it -> it.hears(occasion))
              ? memberships
                  .judge(
                      Member.of(told.externalId(), told.phone().map(Address::number)),
                      new News.Heard(occasion),
                      look.get())
                  .map(this::counted)
              : Future.succeededFuture();
        });
  }

  private static Occasion occasion(Happening told, Values traits) {
    Values event =
        Values.of("type", "track").with("event", told.name()).with("properties", told.properties());
    return new Occasion(
        "track",
        told.name(),
        "events",
        told.externalId().isPresent() ? event.with("userId", told.externalId().get()) : event,
        traits,
        Map.of(),
        told.occurredAt());
  }

  /// Puts changes on the metrics.
  @SuppressWarnings("NullAway") // Void has no other value
  Void counted(List<Change> changes) {
    changes.forEach(metrics::audience);
    return null;
  }
}
