package io.parley.store;

import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What people agreed to and took back: a history that only grows. What is told twice is one row.
public final class ConsentHistory {

  private final Pool client;

  public ConsentHistory(Pool client) {
    this.client = client;
  }

  /// Appends to the history; answers how many were new. Nothing was said later than it was told of:
  /// a grant that is dated ahead would overrule a revocation that is yet to come. A trigger that
  /// has asked about the person before a revocation, and is not committed, will be refused.
  public Future<Integer> record(List<Consent> consents, Instant now) {
    if (consents.isEmpty()) {
      return Future.succeededFuture(0);
    }
    List<Consent> revoked = consents.stream().filter(Consent::isRevoked).toList();
    return revoked.isEmpty()
        ? append(client, consents, now)
        : client.withTransaction(
            connection ->
                append(connection, consents, now)
                    .compose(
                        news ->
                            PersonCourse.close(
                                    connection,
                                    revoked.stream().map(it -> it.externalId().orElse("")).toList(),
                                    revoked.stream().map(it -> it.address().orElse("")).toList())
                                .map(news)));
  }

  private static Future<Integer> append(SqlClient connection, List<Consent> consents, Instant now) {
    return connection
        .preparedQuery(
            """
            insert into consent (address, external_id, channel, programme, state, method, source, evidence, at,
                                 recorded_at)
            select address, external_id, channel, programme, state, method, source, evidence,
                   least(at, $10), $10
              from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                          $7::text[], $8::text[], $9::timestamptz[])
                as c(address, external_id, channel, programme, state, method, source, evidence, at)
             order by address, external_id, channel, programme, at
            on conflict do nothing
            """)
        .execute(
            Tuple.tuple()
                .addValue(texts(consents, it -> it.address().orElse("")))
                .addValue(texts(consents, it -> it.externalId().orElse("")))
                .addValue(texts(consents, it -> it.channel().word()))
                .addValue(texts(consents, Consent::programme))
                .addValue(texts(consents, it -> it.state().word()))
                .addValue(texts(consents, it -> it.method().word()))
                .addValue(texts(consents, Consent::source))
                .addValue(texts(consents, Consent::evidence))
                .addValue(
                    consents.stream()
                        .map(it -> TurnStatement.utc(it.at()))
                        .toArray(OffsetDateTime[]::new))
                .addValue(TurnStatement.utc(now)))
        .map(rows -> rows.rowCount());
  }

  /// Whether the newest that was said of e-mail, in every programme or of marketing, by a person or
  /// at an address, takes it back; what a list says stands beside what the person said to us.
  ///
  /// @param externalId empty text where none is known
  /// @param email empty text where none is known
  public Future<Boolean> isEmailRevoked(String externalId, String email) {
    return client
        .preparedQuery(
            """
            select exists (
              select from (select distinct on (programme, method = 'subscription') state
                             from consent
                            where channel = 'email' and programme in ('*', 'marketing')
                              and ((external_id <> '' and external_id = $1)
                                   or (address <> '' and lower(address) = lower($2)))
                            order by programme, method = 'subscription', at desc, state desc) newest
               where state = 'revoked')
            """)
        .execute(Tuple.of(externalId, email))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  private static String[] texts(List<Consent> consents, Function<Consent, String> text) {
    return consents.stream().map(text).toArray(String[]::new);
  }

  /// A row of [Persons#SQL] or of [Contacts]; empty where a newer node wrote what this one does not
  /// know.
  static Optional<Consent> read(Row row) {
    Optional<ConsentChannel> channel = ConsentChannel.parse(row.getString("three"));
    Optional<Consent.State> state = Consent.State.parse(row.getString("five"));
    if (channel.isEmpty() || state.isEmpty()) {
      return Optional.empty();
    }
    String[] proof = row.getString("seven").split(String.valueOf((char) 31), 2);
    return Optional.of(
        new Consent(
            named(row.getString("one")),
            named(row.getString("two")),
            channel.get(),
            row.getString("four"),
            state.get(),
            Consent.Method.parse(row.getString("six")).orElse(Consent.Method.OTHER),
            proof[0],
            proof[1],
            row.getOffsetDateTime("at").toInstant()));
  }

  private static Optional<String> named(String text) {
    return Optional.of(text).filter(it -> !it.isEmpty());
  }
}
