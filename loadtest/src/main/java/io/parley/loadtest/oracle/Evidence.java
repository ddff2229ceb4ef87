package io.parley.loadtest.oracle;

import io.parley.loadtest.customerio.ReceivedEvent;
import io.parley.loadtest.shop.Asked;
import io.parley.loadtest.twilio.ConversationMessage;
import io.parley.loadtest.twilio.SentMessage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// What a run left behind.
///
/// @param turns the journal, by conversation and number
/// @param deliveries how each send and each call left the outbox, by effect id: `accepted` or
///     `answered 200`, else why it did not go or what failed
/// @param leftOver rows of the outbox, the inbox and the dead letters, for people to read
/// @param ledgers what the others know
public record Evidence(
    List<Turn> turns, Map<String, String> deliveries, List<String> leftOver, Ledgers ledgers) {

  public Evidence {
    turns = List.copyOf(turns);
    deliveries = Map.copyOf(deliveries);
    leftOver = List.copyOf(leftOver);
  }

  /// An event by the name under which the journal keeps it; `sourceId` may be the beginning of it
  /// where one event concerns several conversations.
  public record Acknowledged(String source, String sourceId) {}

  /// A row of the journal.
  ///
  /// @param effects as stored: each an object with its `type`
  /// @param state the conversation after it, as stored
  public record Turn(
      String conversation,
      int number,
      String source,
      String sourceId,
      String theirs,
      JsonArray effects,
      JsonObject state) {

    List<JsonObject> effects(String type) {
      return effects.stream()
          .map(JsonObject.class::cast)
          .filter(effect -> type.equals(effect.getString("type")))
          .toList();
    }

    /// Where the execution that is alive after it stands.
    Optional<String> widget() {
      return Optional.ofNullable(state.getJsonObject("execution"))
          .map(execution -> execution.getJsonObject("position").getString("widget"));
    }
  }

  /// What the stand-ins and the one who told Parley of events know; the rest is read by SQL.
  ///
  /// @param messages what was created at the stand-in Twilio, oldest first
  /// @param said what was created in conversations at the stand-in Twilio, oldest first
  /// @param asked what the shop was asked, oldest first
  /// @param outcomes what arrived at the stand-in Customer.io, oldest first, repeats left out
  /// @param acknowledged the events that Parley answered with 2xx
  /// @param stops when an opt-out was acknowledged, by the contact's address
  public record Ledgers(
      List<SentMessage> messages,
      List<ConversationMessage> said,
      List<Asked> asked,
      List<ReceivedEvent> outcomes,
      Set<Acknowledged> acknowledged,
      Map<String, Instant> stops) {

    public Ledgers {
      messages = List.copyOf(messages);
      said = List.copyOf(said);
      asked = List.copyOf(asked);
      outcomes = List.copyOf(outcomes);
      acknowledged = Set.copyOf(acknowledged);
      stops = Map.copyOf(stops);
    }
  }

  public static Evidence gather(Connection database, Supplier<Ledgers> ledgers)
      throws SQLException {
    List<Turn> turns = turns(database);
    var deliveries = deliveries(database);
    var leftOver = leftOver(database);
    // The ledgers last: what had left the outbox when it was read is in them.
    return new Evidence(turns, deliveries, leftOver, ledgers.get());
  }

  private static List<Turn> turns(Connection database) throws SQLException {
    List<Turn> turns = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                select t.conversation, t.number, t.source, t.source_id, c.theirs, t.effects, t.state
                  from turn t left join conversation c on c.id = t.conversation
                 order by t.conversation, t.number
                """)) {
      while (rows.next()) {
        turns.add(
            new Turn(
                rows.getString("conversation"),
                rows.getInt("number"),
                rows.getString("source"),
                rows.getString("source_id"),
                String.valueOf(rows.getString("theirs")),
                new JsonArray(rows.getString("effects")),
                new JsonObject(rows.getString("state"))));
      }
    }
    return turns;
  }

  private static Map<String, String> deliveries(Connection database) throws SQLException {
    Map<String, String> deliveries = new TreeMap<>();
    try (Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                select conversation || ':' || turn || ':' || index as effect, outcome
                  from delivery where destination in ('twilio', 'calls')
                """)) {
      while (rows.next()) {
        deliveries.put(rows.getString("effect"), rows.getString("outcome"));
      }
    }
    return deliveries;
  }

  private static List<String> leftOver(Connection database) throws SQLException {
    List<String> left = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                select 'outbox ' || conversation || ':' || turn || ':' || index || ' to ' || destination
                       || coalesce(' in doubt since ' || in_doubt_since, '') || ' due ' || due_at
                       || ' attempts ' || attempts || ' ' || coalesce(last_error, '') as row
                  from outbox
                union all
                select 'inbox ' || source || ' ' || source_id || ' attempts ' || attempts || ' ' || error
                  from inbox
                union all
                select 'dead letter ' || conversation || ':' || turn || ':' || index || ' ' || reason
                  from dead_letter
                """)) {
      while (rows.next()) {
        left.add(rows.getString("row"));
      }
    }
    return left;
  }

  /// The widget at which each contact's execution stands after the last turn; absent where none is
  /// alive.
  public Map<String, String> standing() {
    Map<String, String> standing = new TreeMap<>();
    for (Turn turn : turns) {
      standing.remove(turn.theirs());
      turn.widget().ifPresent(widget -> standing.put(turn.theirs(), widget));
    }
    return standing;
  }

  /// The rows of one conversation, for people to read.
  public String story(String conversation) {
    StringBuilder story = new StringBuilder();
    for (Turn turn : turns) {
      if (turn.conversation().equals(conversation)) {
        Map<String, Integer> effects = new LinkedHashMap<>();
        turn.effects().stream()
            .map(JsonObject.class::cast)
            .map(it -> it.getString("name", it.getString("type")))
            .forEach(name -> effects.merge(name, 1, Integer::sum));
        story.append(
            "  turn %d %s %s -> %s, at %s%n"
                .formatted(
                    turn.number(),
                    turn.source(),
                    turn.sourceId(),
                    effects,
                    turn.widget().orElse("nothing")));
      }
    }
    ledgers.messages().stream()
        .filter(
            message -> message.statusCallback().filter(it -> it.contains(conversation)).isPresent())
        .forEach(
            message ->
                story.append(
                    "  message %s %s %s%n"
                        .formatted(message.receivedAt(), message.sid(), message.statusCallback())));
    return story.toString();
  }
}
