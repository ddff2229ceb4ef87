package io.parley.loadtest.oracle;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One conversation, as the database has it.
///
/// @param theirs the contact's address
/// @param turns its journal, by number
/// @param deliveries what has left the outbox, by effect and destination: `0b5c...:1:0 twilio`
/// @param waiting what has not
public record Case(
    String conversation,
    String theirs,
    List<Turn> turns,
    Map<String, Delivery> deliveries,
    List<Waiting> waiting,
    Standing standing) {

  static final String TWILIO = "twilio";
  static final String CALLS = "calls";
  static final String CUSTOMER_IO = "customerio";
  static final String OPT_OUT_LIST = "customerio-optouts";
  static final String PREFERENCES = "customerio-preferences";

  /// What is on record of an address that is sent nothing.
  static final String OPTED_OUT = "OPTED_OUT";

  public Case {
    turns = List.copyOf(turns);
    deliveries = Map.copyOf(deliveries);
    waiting = List.copyOf(waiting);
  }

  /// A row of the journal.
  ///
  /// @param refusal why the event moved nothing; empty where it did
  /// @param event as stored
  /// @param effects as stored: each an object with its `type`
  /// @param state the conversation after it, as stored; kept of the last turn alone, and of those
  ///     that ask for an offer
  public record Turn(
      int number,
      Instant at,
      String source,
      String sourceId,
      String refusal,
      String event,
      JsonArray effects,
      Optional<JsonObject> state) {

    Stream<JsonObject> effects(String type) {
      return effects.stream()
          .map(JsonObject.class::cast)
          .filter(effect -> type.equals(effect.getString("type")));
    }

    /// What it had told of an outcome.
    Stream<JsonObject> reports() {
      return effects("ReportOutcome");
    }
  }

  /// How something left the outbox.
  ///
  /// @param outcome `accepted`, `answered 200`, else why it did not leave or what failed
  /// @param providerId what the provider knows it by; empty where it does not
  public record Delivery(String outcome, String providerId, Instant at) {}

  /// What has not left the outbox, or lies among the dead letters.
  ///
  /// @param reason why it is dead; empty where it waits
  /// @param inDoubt whether its request has left and was not answered
  public record Waiting(
      String effect, String destination, String reason, boolean inDoubt, Instant due) {

    boolean isDead() {
      return !reason.isEmpty();
    }
  }

  /// Where the conversation stands, by its rows.
  ///
  /// @param blocked why nothing may be sent to the contact, by what is on record; empty where it
  ///     may
  /// @param timers when each is due, by the effect that set it
  /// @param handoffs all, by the effect that opened it; whether it is open
  /// @param executions all, by sid; whether it is alive
  public record Standing(
      String blocked,
      Map<String, Instant> timers,
      Map<String, Boolean> handoffs,
      Map<String, Boolean> executions,
      Optional<Window> window,
      List<Grant> grants) {

    public Standing {
      timers = Map.copyOf(timers);
      handoffs = Map.copyOf(handoffs);
      executions = Map.copyOf(executions);
      grants = List.copyOf(grants);
    }
  }

  /// The latest suppression window.
  public record Window(String reason, Instant until, boolean open) {}

  /// An offer that was asked for.
  ///
  /// @param effect that asked
  /// @param worth what it takes off: `15%`
  /// @param code empty where it has none
  /// @param state `RESERVED`, `SENT`, `USED`, `EXPIRED`, `RETURNED`, `REFUSED`
  public record Grant(
      String effect, String offer, String worth, String code, String state, Instant at) {

    boolean wasMade() {
      return !state.equals("REFUSED") && !code.isEmpty();
    }
  }

  /// How an effect left for a destination; empty where it has not.
  Optional<Delivery> delivery(String effect, String destination) {
    return Optional.ofNullable(deliveries.get(effect + " " + destination));
  }

  /// The row of an effect that has not left for a destination.
  Optional<Waiting> waiting(String effect, String destination) {
    return waiting.stream()
        .filter(row -> row.effect().equals(effect) && row.destination().equals(destination))
        .findFirst();
  }

  /// The conversation after its last turn; empty where it has none, or was erased.
  public Optional<JsonObject> state() {
    return turns.isEmpty() ? Optional.empty() : turns.getLast().state();
  }

  /// The widget at which the execution that is alive stands.
  public Optional<String> widget() {
    return state()
        .map(state -> state.getJsonObject("execution"))
        .map(execution -> execution.getJsonObject("position").getString("widget"));
  }

  /// The addresses of the contact: the thread's, and in a room those of who wrote.
  Stream<String> addresses() {
    return Stream.concat(
            Stream.of(theirs),
            turns.stream().flatMap(Turn::reports).map(report -> report.getString("contact", "")))
        .filter(address -> !address.isEmpty())
        .distinct();
  }
}
