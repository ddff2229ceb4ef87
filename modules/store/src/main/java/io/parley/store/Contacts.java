package io.parley.store;

import io.parley.engine.Address;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;

/// The contact book, where it is written outside a turn.
public final class Contacts {

  private final SqlClient client;

  public Contacts(SqlClient client) {
    this.client = client;
  }

  /// Nothing more may be sent to an address, from now on and whatever becomes of the turn that says
  /// so.
  ///
  /// @param evidence the words that said so
  public Future<Void> optOut(Address address, String evidence, Instant at) {
    return client
        .preparedQuery(
            """
            insert into contact (address, block, block_evidence, block_at, updated_at)
            values ($1, 'OPTED_OUT', $2, $3, $3)
            on conflict (address) do update
              set block = excluded.block, block_evidence = excluded.block_evidence,
                  block_at = excluded.block_at, updated_at = excluded.updated_at
            """)
        .execute(Tuple.of(address.value(), evidence, TurnStatement.utc(at)))
        .mapEmpty();
  }
}
