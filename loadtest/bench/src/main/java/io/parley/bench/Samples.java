package io.parley.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The rows that turns of Parley's have written, for others to write the same.
///
/// @param turns each the latest of its conversation
record Samples(List<Turn> turns) {

  private static final int MOST = 200;

  /// A turn's own row, but for what names it.
  ///
  /// @param timers how many it has set; each sets as many aside, which the turn before has set
  record Turn(
      String kind,
      short format,
      String event,
      String effects,
      String path,
      String state,
      List<Outgoing> outgoing,
      List<Timer> timers) {

    int bytes() {
      return event.length() + effects.length() + path.length() + state.length();
    }
  }

  /// A row of the outbox.
  record Outgoing(int index, String destination, String sender, String contact, String effect) {}

  /// A row of the timers.
  record Timer(int index, String purpose) {}

  /// Takes samples of a database in which every conversation has had some turns.
  static Samples of(Connection connection) throws SQLException {
    List<Turn> turns = new ArrayList<>();
    try (PreparedStatement latest =
            connection.prepareStatement(
                """
                select distinct on (conversation) conversation, number, kind, format, event, effects,
                       path, state
                  from turn where conversation in (select id from conversation limit ?)
                 order by conversation, number desc
                """);
        PreparedStatement outgoing =
            connection.prepareStatement(
                """
                select index, destination, sender, contact, effect from outbox
                 where conversation = ?::uuid and turn = ? order by index, destination
                """);
        PreparedStatement timers =
            connection.prepareStatement(
                "select index, purpose from timer where conversation = ?::uuid and turn = ?")) {
      latest.setInt(1, MOST);
      ResultSet rows = latest.executeQuery();
      while (rows.next()) {
        String conversation = rows.getString("conversation");
        int number = rows.getInt("number");
        turns.add(
            new Turn(
                rows.getString("kind"),
                rows.getShort("format"),
                rows.getString("event"),
                rows.getString("effects"),
                rows.getString("path"),
                rows.getString("state"),
                outgoing(of(outgoing, conversation, number)),
                timers(of(timers, conversation, number))));
      }
    }
    return new Samples(turns);
  }

  private static ResultSet of(PreparedStatement rows, String conversation, int number)
      throws SQLException {
    rows.setString(1, conversation);
    rows.setInt(2, number);
    return rows.executeQuery();
  }

  private static List<Outgoing> outgoing(ResultSet rows) throws SQLException {
    List<Outgoing> outgoing = new ArrayList<>();
    while (rows.next()) {
      outgoing.add(
          new Outgoing(
              rows.getInt(1),
              rows.getString(2),
              rows.getString(3),
              rows.getString(4),
              rows.getString(5)));
    }
    return outgoing;
  }

  private static List<Timer> timers(ResultSet rows) throws SQLException {
    List<Timer> timers = new ArrayList<>();
    while (rows.next()) {
      timers.add(new Timer(rows.getInt(1), rows.getString(2)));
    }
    return timers;
  }

  /// The bytes of text in a turn's own row, the median.
  int bytes() {
    return (int) Median.of(turns.stream().mapToDouble(Turn::bytes).toArray());
  }

  /// What a turn writes, in words.
  String describe() {
    return "%d bytes of text in its own row, %.1f rows of the outbox with %d bytes, %.1f timers set and as many taken away"
        .formatted(
            bytes(),
            turns.stream().mapToInt(it -> it.outgoing().size()).average().orElse(0),
            (int)
                Median.of(
                    turns.stream()
                        .mapToDouble(
                            it -> it.outgoing().stream().mapToInt(o -> o.effect().length()).sum())
                        .toArray()),
            turns.stream().mapToInt(it -> it.timers().size()).average().orElse(0));
  }

  /// Writes them for another process.
  void save(Path file) throws IOException {
    JsonArray all = new JsonArray();
    for (Turn turn : turns) {
      JsonArray outgoing = new JsonArray();
      for (Outgoing it : turn.outgoing()) {
        outgoing.add(
            new JsonArray()
                .add(it.index())
                .add(it.destination())
                .add(it.sender())
                .add(it.contact())
                .add(it.effect()));
      }
      JsonArray timers = new JsonArray();
      turn.timers().forEach(it -> timers.add(new JsonArray().add(it.index()).add(it.purpose())));
      all.add(
          new JsonObject()
              .put("kind", turn.kind())
              .put("format", (int) turn.format())
              .put("event", turn.event())
              .put("effects", turn.effects())
              .put("path", turn.path())
              .put("state", turn.state())
              .put("outgoing", outgoing)
              .put("timers", timers));
    }
    Files.writeString(file, all.encode());
  }

  static Samples read(Path file) throws IOException {
    JsonArray all = new JsonArray(Files.readString(file));
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      JsonObject turn = all.getJsonObject(i);
      List<Outgoing> outgoing = new ArrayList<>();
      for (Object row : turn.getJsonArray("outgoing")) {
        JsonArray it = (JsonArray) row;
        outgoing.add(
            new Outgoing(
                it.getInteger(0),
                it.getString(1),
                it.getString(2),
                it.getString(3),
                it.getString(4)));
      }
      List<Timer> timers = new ArrayList<>();
      for (Object row : turn.getJsonArray("timers")) {
        JsonArray it = (JsonArray) row;
        timers.add(new Timer(it.getInteger(0), it.getString(1)));
      }
      turns.add(
          new Turn(
              turn.getString("kind"),
              turn.getInteger("format").shortValue(),
              turn.getString("event"),
              turn.getString("effects"),
              turn.getString("path"),
              turn.getString("state"),
              outgoing,
              timers));
    }
    return new Samples(turns);
  }
}
