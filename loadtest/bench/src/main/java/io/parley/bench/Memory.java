package io.parley.bench;

import io.parley.codec.Codec;
import io.parley.engine.Conversation;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What this process' heap holds.
final class Memory {

  private static final int COLLECTIONS = 3;

  private final MemoryMXBean heap = ManagementFactory.getMemoryMXBean();
  private final URI database;

  /// @param database `postgresql://user:password@host:port/name`
  Memory(String database) {
    this.database = URI.create(database);
  }

  /// Bytes that are reachable, or nearly: what a collection, and what was finished in it, has left.
  long used() {
    for (int i = 0; i < COLLECTIONS; i++) {
      heap.gc();
    }
    return heap.getHeapMemoryUsage().getUsed();
  }

  /// What the latest states of conversations take when they are read from the journal and held by
  /// nobody else: `bytes` of all, their `count`, and the bytes of their `text` in all.
  JsonObject ofStates(int most) throws SQLException {
    long before = used();
    List<Conversation> states = new ArrayList<>(most);
    long text = read(states, most);
    long after = used();
    return new JsonObject()
        .put("bytes", after - before)
        .put("count", states.size())
        .put("text", text);
  }

  private long read(List<Conversation> states, int most) throws SQLException {
    String[] user = database.getUserInfo().split(":", 2);
    String url =
        "jdbc:postgresql://%s:%d%s"
            .formatted(database.getHost(), database.getPort(), database.getPath());
    long text = 0;
    try (Connection connection = DriverManager.getConnection(url, user[0], user[1]);
        PreparedStatement latest =
            connection.prepareStatement(
                """
                select distinct on (conversation) format, state from turn
                 order by conversation, number desc limit ?
                """)) {
      latest.setInt(1, most);
      ResultSet rows = latest.executeQuery();
      while (rows.next()) {
        String state = rows.getString(2);
        text += state.length();
        states.add(Codec.decodeState(rows.getInt(1), state));
      }
    }
    return text;
  }
}
