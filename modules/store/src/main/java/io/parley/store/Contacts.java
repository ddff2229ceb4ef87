package io.parley.store;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.policy.Notices;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The contact book, where it is written outside a turn, and as a person looks at it.
///
/// An address that was erased has no row, and is as opted out as it was: `kept_opt_out` stands in.
public final class Contacts {

  private final SqlClient client;

  public Contacts(SqlClient client) {
    this.client = client;
  }

  /// Joins to an address `k.address`, and to its row `c` that may not be there, the opt-out `o`
  /// that stands in for the row. The hash is reckoned only where there are such opt-outs and no
  /// row.
  static final String KEPT =
      """
      left join lateral (select kept.at from kept_opt_out kept
                          where c.address is null and exists (select from kept_opt_out)
                            and kept.address_hash = keyed_hash(k.address)) o on true
      """;

  /// Whether what is on record of the address `theirs` is `block` since `block_at`.
  static final String AS_BELIEVED =
      """
      exists (select from (values (theirs)) as k(address)
                left join contact c on c.address = k.address
                %s
               where case when o.at is not null then 'OPTED_OUT' else c.block end
                     is not distinct from given.block
                 and coalesce(o.at, c.block_at) is not distinct from given.block_at)
      """
          .formatted(KEPT);

  /// How much earlier a stop that repeats one is put on record, so that its turn can tell the
  /// record from its own and does not confirm what was confirmed.
  private static final Duration EARLIER = Duration.ofMillis(10);

  /// Nothing more may be sent to an address, from now on and whatever becomes of the turn that says
  /// so.
  ///
  /// @param evidence the words that said so
  public Future<Void> optOut(Address address, String evidence, Instant at) {
    return client
        .preparedQuery(
            """
            insert into contact as known (address, block, block_evidence, block_at, updated_at)
            values ($1, 'OPTED_OUT', $2, $3, $3)
            on conflict (address) do update
              set block = excluded.block, block_evidence = excluded.block_evidence,
                  block_at = case when known.block = 'OPTED_OUT' and known.block_at > $4
                                  then greatest(known.block_at, $5) else excluded.block_at end,
                  updated_at = excluded.updated_at
            """)
        .execute(
            Tuple.of(
                address.value(),
                evidence,
                TurnStatement.utc(at),
                TurnStatement.utc(at.minus(Notices.CONFIRMED_FOR)),
                TurnStatement.utc(at.minus(EARLIER))))
        .mapEmpty();
  }

  // ---- import

  /// What another system knows of an address.
  ///
  /// @param externalId the id in Customer.io
  /// @param optOut since when nothing may be sent there, and what proves it
  public record Imported(Address address, Optional<String> externalId, Optional<OptOut> optOut) {}

  /// An opt-out that was said to another system.
  public record OptOut(Instant at, String evidence) {}

  /// Takes over what another system knows; answers how many opt-outs were new. An opt-out that is
  /// on record keeps its own evidence; one that the contact has lifted since is not opened again.
  public Future<Integer> take(List<Imported> imported, Instant now) {
    if (imported.isEmpty()) {
      return Future.succeededFuture(0);
    }
    return client
        .preparedQuery(
            """
            with given as (
              select distinct on (address) *
                from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[])
                  as g(address, external_id, opted_out_at, evidence)
               order by address, opted_out_at nulls last
            ), before as (
              select c.address from contact c join given using (address) where c.block = 'OPTED_OUT'
            ), taken as (
              insert into contact as known (address, external_id, block, block_evidence, block_at, updated_at)
              select address, external_id, case when opted_out_at is not null then 'OPTED_OUT' end,
                     case when opted_out_at is not null then evidence end, opted_out_at, $5
                from given order by address
              on conflict (address) do update
                set external_id = coalesce(excluded.external_id, known.external_id),
                    (block, block_evidence, block_at, updated_at) =
                      (select case when news then excluded.block else known.block end,
                              case when news then excluded.block_evidence else known.block_evidence end,
                              case when news then excluded.block_at else known.block_at end,
                              case when news then excluded.updated_at else known.updated_at end
                         from (select excluded.block = 'OPTED_OUT'
                                  and known.block is distinct from 'OPTED_OUT'
                                  and not (known.block is null and known.block_evidence is not null
                                           and known.updated_at > excluded.block_at) is true as news) n)
              returning address, block
            )
            select count(*) from taken
             where block = 'OPTED_OUT' and address not in (select address from before)
            """)
        .execute(
            Tuple.of(
                texts(imported, it -> it.address().value()),
                texts(imported, it -> it.externalId().orElse(null)),
                imported.stream()
                    .map(it -> it.optOut().map(told -> TurnStatement.utc(told.at())).orElse(null))
                    .toArray(OffsetDateTime[]::new),
                texts(imported, it -> it.optOut().map(OptOut::evidence).orElse(null)),
                TurnStatement.utc(now)))
        .map(rows -> rows.iterator().next().getInteger(0));
  }

  private static String[] texts(
      List<Imported> imported, Function<Imported, @org.jspecify.annotations.Nullable String> text) {
    return imported.stream().map(text).toArray(String[]::new);
  }

  // ---- what is on record

  /// An address on record.
  ///
  /// @param evidence what says so of the block, or of the block that was lifted last
  public record Entry(
      Address address,
      Optional<String> externalId,
      Optional<Block> block,
      Optional<String> evidence,
      Optional<Instant> blockedAt,
      Instant updatedAt) {}

  /// The addresses that nothing may be sent to, the latest blocked first.
  public Future<List<Entry>> blocked(int limit) {
    return client
        .preparedQuery(
            """
            select address, external_id, block, block_evidence, block_at, updated_at from contact
             where block is not null order by block_at desc limit $1
            """)
        .execute(Tuple.of(limit))
        .map(rows -> rows.stream().map(Contacts::entry).toList());
  }

  /// A person's phone number, without a channel's prefix: of several the latest that may be written
  /// to.
  public Future<Optional<Address>> number(String externalId) {
    return client
        .preparedQuery(
            """
            select regexp_replace(address, '^whatsapp:', '') from contact
             where external_id = $1 and address ~ '^(whatsapp:)?[+]'
             order by block is not null, updated_at desc limit 1
            """)
        .execute(Tuple.of(externalId))
        .map(rows -> rows.stream().findFirst().map(row -> new Address(row.getString(0))));
  }

  static Entry entry(Row row) {
    return new Entry(
        new Address(row.getString("address")),
        Optional.ofNullable(row.getString("external_id")),
        Optional.ofNullable(row.getString("block")).map(Block::valueOf),
        Optional.ofNullable(row.getString("block_evidence")),
        Optional.ofNullable(row.getOffsetDateTime("block_at")).map(OffsetDateTime::toInstant),
        row.getOffsetDateTime("updated_at").toInstant());
  }
}
