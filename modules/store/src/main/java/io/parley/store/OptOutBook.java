package io.parley.store;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is on record of opt-outs, as it is compared with other systems.
public final class OptOutBook {

  private static final int BATCH = 5_000;

  private final SqlClient client;

  public OptOutBook(SqlClient client) {
    this.client = client;
  }

  /// An address that somebody else may know of, too.
  ///
  /// @param isLifted whether the contact has opted in again
  /// @param isTwilios whether it is Twilio that has said so, by refusing a message
  /// @param senders those of our addresses that have written to it, or were written to
  public record Entry(
      Address address,
      Optional<String> externalId,
      boolean isOptedOut,
      boolean isLifted,
      boolean isTwilios,
      List<Address> senders) {

    public Entry {
      senders = List.copyOf(senders);
    }
  }

  private static final String COLUMNS =
      """
      select c.address, c.external_id, c.block, c.block_evidence,
             array(select distinct v.ours from conversation v where v.theirs = c.address) as senders
        from contact c
      """;

  /// Every address that has opted out.
  public Future<List<Entry>> optedOut() {
    return after("", new ArrayList<>());
  }

  private Future<List<Entry>> after(String address, List<Entry> entries) {
    return client
        .preparedQuery(
            COLUMNS + " where c.block = 'OPTED_OUT' and c.address > $1 order by c.address limit $2")
        .execute(Tuple.of(address, BATCH))
        .compose(
            rows -> {
              rows.forEach(row -> entries.add(entry(row)));
              return rows.size() < BATCH
                  ? Future.succeededFuture(entries)
                  : after(entries.getLast().address().value(), entries);
            });
  }

  /// The addresses of some people, by their ids in Customer.io.
  public Future<List<Entry>> of(Collection<String> externalIds) {
    return client
        .preparedQuery(COLUMNS + " where c.external_id = any($1::text[]) order by c.address")
        .execute(Tuple.of((Object) externalIds.toArray(String[]::new)))
        .map(rows -> rows.stream().map(OptOutBook::entry).toList());
  }

  /// Which of some people have taken a channel back as a whole, as a source has told: `42 sms`.
  public Future<Set<String>> revokedBy(String source) {
    return client
        .preparedQuery(
            """
            select distinct external_id || ' ' || channel from consent
             where address = '' and source = $1 and state = 'revoked'
            """)
        .execute(Tuple.of(source))
        .map(
            rows -> {
              Set<String> known = new LinkedHashSet<>();
              rows.forEach(row -> known.add(row.getString(0)));
              return known;
            });
  }

  private static Entry entry(Row row) {
    Optional<String> block = Optional.ofNullable(row.getString("block"));
    Optional<String> evidence = Optional.ofNullable(row.getString("block_evidence"));
    List<Address> senders = new ArrayList<>();
    for (String sender : row.getArrayOfStrings("senders")) {
      senders.add(new Address(sender));
    }
    return new Entry(
        new Address(row.getString("address")),
        Optional.ofNullable(row.getString("external_id")),
        block.equals(Optional.of(Block.OPTED_OUT.name())),
        block.isEmpty() && evidence.isPresent(),
        evidence.filter(it -> it.contains("21610")).isPresent(),
        senders);
  }
}
