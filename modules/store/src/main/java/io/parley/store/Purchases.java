package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.Event;
import io.parley.engine.Revenue;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What persons have bought, whether or not they have been spoken to. A row is found by external id
/// and by phone number, whichever of them the shop told.
public final class Purchases {

  private final Pool pool;

  public Purchases(Pool pool) {
    this.pool = pool;
  }

  /// An order.
  ///
  /// @param told what its threads hear
  /// @param number the phone number in E.164, without a channel's prefix; it or the external id is
  ///     there
  public record Order(
      Event.PurchaseSeen told, Optional<String> externalId, Optional<String> number) {

    public Order {
      if (externalId.isEmpty() && number.isEmpty()) {
        throw new IllegalArgumentException("an order is somebody's");
      }
    }

    String orderId() {
      return told.orderId();
    }

    /// What it brought in, where the shop said so.
    Optional<Revenue> revenue() {
      return Revenue.of(told.properties());
    }
  }

  /// Records an order; answers whether it is new. One that is told again (placed, paid, completed)
  /// completes what is known of the person and keeps its earliest time, its first value and what
  /// was told of it first. The lock makes one of two that are told at the same time wait for the
  /// other.
  ///
  /// A trigger that has asked about the person before, and is not committed, will be refused; the
  /// threads of all that are committed can be found from then on.
  public Future<Boolean> record(Order order, Instant now) {
    return record(order, now, _ -> Future.succeededFuture());
  }

  /// As [#record(Order, Instant)], with what is done besides in the same commit.
  public Future<Boolean> record(Order order, Instant now, Function<SqlClient, Future<?>> besides) {
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(
                    "select pg_advisory_xact_lock(hashtextextended('parley.purchase.' || $1::text, 0))")
                .execute(Tuple.of(order.orderId()))
                .compose(
                    _ ->
                        connection
                            .preparedQuery(
                                """
                                with known as (
                                  update purchase p
                                     set external_id = case when p.external_id = '' then $2 else p.external_id end,
                                         number = case when p.number = '' then $3 else p.number end,
                                         at = least(p.at, $4), value = coalesce(p.value, $6),
                                         currency = case when p.value is null then $7 else p.currency end
                                   where p.order_id = $1
                                     and (p.external_id = $2 and $2 <> '' or p.number = $3 and $3 <> '')
                                     and not (p.external_id <> '' and $2 <> '' and p.external_id <> $2)
                                  returning 1
                                )
                                insert into purchase (order_id, external_id, number, at, seen_at, value, currency,
                                                      format, event)
                                select $1, $2, $3, $4, $5, $6, $7, $8, $9 where not exists (select from known)
                                on conflict do nothing
                                """)
                            .execute(
                                Tuple.of(
                                        order.orderId(),
                                        order.externalId().orElse(""),
                                        order.number().orElse(""),
                                        TurnStatement.utc(order.told().occurredAt()),
                                        TurnStatement.utc(now))
                                    .addValue(order.revenue().map(Revenue::amount).orElse(null))
                                    .addValue(order.revenue().map(Revenue::currency).orElse(""))
                                    .addValue((short) Codec.FORMAT)
                                    .addValue(Codec.encodeEvent(order.told())))
                            .map(rows -> rows.rowCount() == 1))
                .compose(
                    news ->
                        PersonCourse.close(
                                connection,
                                List.of(order.externalId().orElse("")),
                                List.of(order.number().orElse("")))
                            .compose(_ -> besides.apply(connection))
                            .map(news)));
  }
}
