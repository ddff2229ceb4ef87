package io.parley.loadtest.oracle;

import io.parley.loadtest.oracle.Case.Standing;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/// Where each conversation stands: its flow waits for something that can come, a person has it or
/// is asked for, or its flow has ended.
final class Places {

  private final Docket docket;
  private final Instant now;
  private final Duration lateness;

  Places(Docket docket, Instant now, Duration lateness) {
    this.docket = docket;
    this.now = now;
    this.lateness = lateness;
  }

  void look(Case it) {
    Optional<JsonObject> state = it.state();
    if (state.isEmpty()) {
      return;
    }
    docket.checked(Promise.CONVERSATION_HAS_A_PLACE, 1);
    String handoff = id(state.get().getJsonObject("handoff"), "id");
    Consumer<String> object =
        what -> docket.object(Promise.CONVERSATION_HAS_A_PLACE, it.conversation(), what);
    Standing rows = it.standing();
    handoffs(handoff, rows, object);
    JsonObject execution = state.get().getJsonObject("execution");
    String sid = id(execution, "id");
    rows.executions()
        .forEach(
            (row, alive) -> {
              if (alive && !row.equals(sid)) {
                object.accept(row + " is on record as alive; the conversation knows no such run");
              }
            });
    if (execution != null) {
      if (!rows.executions().getOrDefault(sid, false)) {
        object.accept(sid + " is alive, and on record as ended");
      }
      standing(it, execution, handoff, object);
    }
    rows.timers().forEach((timer, due) -> late(timer, due, object));
  }

  private static String id(JsonObject of, String name) {
    return of == null ? "" : Objects.toString(of.getValue(name), "");
  }

  private static void handoffs(String handoff, Standing rows, Consumer<String> object) {
    if (!handoff.isEmpty() && !rows.handoffs().getOrDefault(handoff, false)) {
      object.accept("a person shall speak (" + handoff + "), and no handoff is open");
    }
    for (Map.Entry<String, Boolean> row : rows.handoffs().entrySet()) {
      if (row.getValue() && !row.getKey().equals(handoff)) {
        object.accept(
            "handoff " + row.getKey() + " is open, and the conversation is not handed off");
      }
    }
  }

  private static void standing(
      Case it, JsonObject execution, String handoff, Consumer<String> object) {
    JsonObject position = execution.getJsonObject("position");
    JsonObject awaiting = position.getJsonObject("awaiting");
    String widget = position.getString("widget");
    // Of a flow that stands still while a person speaks the timers are off.
    boolean paused = !handoff.isEmpty() && !handoff.equals(id(awaiting, "handoff"));
    String expiry = id(execution, "expiry");
    if (!it.standing().timers().containsKey(expiry)) {
      object.accept("stands at " + widget + ", and no timer ends it ever");
    }
    if (paused) {
      return;
    }
    String what = awaiting.getString("type");
    switch (what) {
      case "SendAnswer" -> awaits(it, awaiting.getString("send"), Case.TWILIO, widget, object);
      case "CallAnswer" -> awaits(it, awaiting.getString("call"), Case.CALLS, widget, object);
      case "Closing" -> {
        if (handoff.isEmpty()) {
          object.accept("stands at " + widget + " and waits for a handoff that is over");
        }
        timer(it, id(awaiting, "timer"), widget, object);
      }
      case "Nothing" -> object.accept("stands at " + widget + " and waits for nothing");
      default -> {
        String timer = id(awaiting, "timer");
        if (timer.isEmpty()) {
          object.accept("stands at " + widget + " and waits for " + what + " without a timer");
        }
        timer(it, timer, widget, object);
      }
    }
  }

  private static void awaits(
      Case it, String effect, String destination, String widget, Consumer<String> object) {
    if (it.waiting(effect, destination).filter(row -> !row.isDead()).isEmpty()) {
      object.accept(
          "stands at %s and waits for an answer to %s, which is not on its way"
              .formatted(widget, effect));
    }
  }

  private static void timer(Case it, String timer, String widget, Consumer<String> object) {
    if (!timer.isEmpty() && !it.standing().timers().containsKey(timer)) {
      object.accept("stands at %s, and its timer %s is gone".formatted(widget, timer));
    }
  }

  private void late(String timer, Instant due, Consumer<String> object) {
    if (due.plus(lateness).isBefore(now)) {
      object.accept("timer " + timer + " was due at " + due + " and has not fired");
    }
  }
}
