package io.parley.loadtest.oracle;

import io.parley.loadtest.oracle.Case.Waiting;
import io.parley.loadtest.oracle.Case.Window;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Outcomes at Customer.io: each once by its id, in the order of its conversation, and every
/// suppression window closed. What a destination refused for good lies among the dead letters with
/// a reason, and counts as told.
final class Outcomes {

  private static final String STARTED = "suppression_started";
  private static final String ENDED = "suppression_ended";
  private static final String OPTED_OUT = "opted_out";

  /// Outcomes that may be of no conversation.
  private static final Set<String> OF_NONE =
      Set.of("conversation_refused", "audience_entered", "audience_exited");

  private final Docket docket;
  private final Instant now;
  private final Duration lateness;
  private final Map<String, List<Told>> told = new HashMap<>();

  Outcomes(Docket docket, Ledgers.CustomerIo ledger, Instant now, Duration lateness) {
    this.docket = docket;
    this.now = now;
    this.lateness = lateness;
    ledger.outcomes().stream()
        .map(Told::of)
        .forEach(it -> told.computeIfAbsent(it.conversation(), _ -> new ArrayList<>(8)).add(it));
  }

  void look(Case it) {
    List<Told> arrived = told.getOrDefault(it.conversation(), List.of());
    told.remove(it.conversation());
    Map<String, Integer> places = new HashMap<>();
    Set<String> again = new HashSet<>();
    for (int i = 0; i < arrived.size(); i++) {
      if (places.putIfAbsent(arrived.get(i).id(), i) != null) {
        again.add(arrived.get(i).id());
      }
    }
    int latest = -1;
    String before = "";
    for (JsonObject report : it.turns().stream().flatMap(Case.Turn::reports).toList()) {
      String name = report.getString("name") + " " + report.getString("id");
      String id = id(report);
      docket.checked(
          report.getString("name").equals(OPTED_OUT)
              ? Promise.OPT_OUT_IS_TOLD
              : Promise.OUTCOME_ARRIVES_ONCE,
          1);
      Integer place = places.remove(id);
      if (place == null) {
        missing(it, report, name);
        continue;
      }
      if (again.contains(id)) {
        once(it, name + " was taken more than once under " + id);
      }
      docket.checked(Promise.OUTCOMES_KEEP_ORDER, 1);
      if (place < latest) {
        docket.object(
            Promise.OUTCOMES_KEEP_ORDER, it.conversation(), name + " arrived before " + before);
      } else {
        latest = place;
        before = name;
      }
    }
    places.forEach(
        (id, place) ->
            once(it, arrived.get(place).name() + " arrived as " + id + ", which no turn told"));
    window(it, arrived);
  }

  static String id(JsonObject report) {
    return OutcomeId.of(Instant.parse(report.getString("at")), report.getString("id"));
  }

  /// That an opt-out has not arrived breaks the promise which is about just that, and there a dead
  /// letter is no excuse.
  private void missing(Case it, JsonObject report, String name) {
    Optional<Waiting> row = it.waiting(report.getString("id"), Case.CUSTOMER_IO);
    if (report.getString("name").equals(OPTED_OUT)) {
      if (row.filter(waiting -> !waiting.isDead()).isEmpty()) {
        docket.object(
            Promise.OPT_OUT_IS_TOLD, it.conversation(), name + " is not known at Customer.io");
      }
    } else if (row.isEmpty()) {
      once(it, name + " has not arrived");
    }
  }

  private void once(Case it, String what) {
    docket.object(Promise.OUTCOME_ARRIVES_ONCE, it.conversation(), what);
  }

  // ---- suppression windows

  private void window(Case it, List<Told> arrived) {
    String open = "";
    for (Told event : arrived) {
      if (event.name().equals(STARTED)) {
        docket.checked(Promise.WINDOW_IS_CLOSED, 1);
        open = event.until();
      } else if (event.name().equals(ENDED)) {
        open = "";
      }
    }
    Optional<JsonObject> known =
        it.state()
            .map(state -> state.getJsonObject("engagement"))
            .map(engagement -> engagement.getJsonObject("window"));
    Optional<Window> row = it.standing().window().filter(Window::open);
    if (known.isPresent() != row.isPresent()) {
      unclosed(
          it,
          known.isPresent()
              ? "a window is open, and on record is none"
              : "a window is on record as open until "
                  + row.orElseThrow().until()
                  + ", and the conversation knows of none");
    } else if (known.isPresent()) {
      open(it, known.get());
    } else if (!open.isEmpty() && !endIsTold(it) && Instant.parse(open).isBefore(now)) {
      unclosed(it, "a window is open at Customer.io, though it was to end at " + open);
    }
  }

  /// Whether its end is at least on its way.
  private static boolean endIsTold(Case it) {
    return it.turns().stream()
        .flatMap(Case.Turn::reports)
        .filter(report -> Set.of(STARTED, ENDED).contains(report.getString("name")))
        .reduce((_, last) -> last)
        .filter(last -> last.getString("name").equals(ENDED))
        .isPresent();
  }

  private void open(Case it, JsonObject window) {
    Instant until = Instant.parse(window.getString("until"));
    if (until.plus(lateness).isBefore(now)) {
      unclosed(it, "a window was to end at " + until + " and is open");
    } else if (!it.standing().timers().containsKey(window.getString("timer"))) {
      unclosed(it, "a window is open until " + until + ", and its timer is gone");
    }
  }

  private void unclosed(Case it, String what) {
    docket.object(Promise.WINDOW_IS_CLOSED, it.conversation(), what);
  }

  /// What arrived of conversations that there are not.
  void close() {
    told.forEach(
        (conversation, events) ->
            events.stream()
                .filter(event -> !OF_NONE.contains(event.name()))
                .forEach(
                    event ->
                        docket.object(
                            Promise.OUTCOME_ARRIVES_ONCE,
                            conversation,
                            event.name() + " arrived as " + event.id() + " and is in no turn")));
  }
}
