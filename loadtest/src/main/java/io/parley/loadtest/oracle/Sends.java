package io.parley.loadtest.oracle;

import io.parley.loadtest.oracle.Case.Delivery;
import io.parley.loadtest.oracle.Case.Turn;
import io.parley.loadtest.oracle.Case.Waiting;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Messages: each leaves once, in the order of its conversation. A request whose answer was lost
/// may have created its message or not, and never twice.
final class Sends {

  private final Docket docket;
  private final Map<String, List<Created>> created = new HashMap<>();

  Sends(Docket docket, Ledgers.Twilio twilio) {
    this.docket = docket;
    Stream.concat(
            twilio.messages().stream().map(Created::of), twilio.said().stream().map(Created::of))
        .sorted(Comparator.comparing(Created::at))
        .forEach(it -> created.computeIfAbsent(it.conversation(), _ -> new ArrayList<>(4)).add(it));
  }

  /// What was created of a conversation, oldest first.
  List<Created> of(String conversation) {
    return created.getOrDefault(conversation, List.of());
  }

  void look(Case it) {
    Map<String, List<Created>> left = new HashMap<>();
    for (Created message : of(it.conversation())) {
      left.computeIfAbsent(message.effect(), _ -> new ArrayList<>(1)).add(message);
    }
    List<JsonObject> sends = it.turns().stream().flatMap(Sends::lasting).toList();
    Optional<Created> latest = Optional.empty();
    for (JsonObject send : sends) {
      String effect = send.getString("id");
      List<Created> messages = left.getOrDefault(effect, List.of());
      left.remove(effect);
      judge(it, effect, messages);
      if (!messages.isEmpty()) {
        latest = inOrder(it, send, messages.getFirst(), latest);
      }
    }
    docket.checked(Promise.SEND_LEAVES_ONCE, sends.size());
    left.forEach(
        (effect, _) ->
            docket.object(
                Promise.SEND_LEAVES_ONCE,
                it.conversation(),
                effect + " was created and is in no turn"));
    created.remove(it.conversation());
  }

  /// The sends of a turn that the turn itself does not take back.
  private static Stream<JsonObject> lasting(Turn turn) {
    int epoch =
        turn.effects("WithdrawSends")
            .mapToInt(withdraw -> withdraw.getInteger("epoch"))
            .max()
            .orElse(Integer.MIN_VALUE);
    return turn.effects("Send")
        .filter(send -> !purpose(send).equals("FLOW") || send.getInteger("epoch", 0) >= epoch);
  }

  static String purpose(JsonObject send) {
    return send.getString("purpose", "FLOW");
  }

  private void judge(Case it, String effect, List<Created> messages) {
    Optional<Delivery> left = it.delivery(effect, Case.TWILIO);
    Optional<Waiting> waits = it.waiting(effect, Case.TWILIO);
    int times = messages.size();
    boolean accepted = left.filter(delivery -> delivery.outcome().equals("accepted")).isPresent();
    boolean open = waits.filter(row -> row.inDoubt() || row.isDead()).isPresent();
    boolean known = left.isPresent() || waits.isPresent();
    boolean right = accepted ? times == 1 : open ? times <= 1 : times == 0;
    if (!known || !right) {
      docket.object(
          Promise.SEND_LEAVES_ONCE,
          it.conversation(),
          "%s was created %s; on record is: %s"
              .formatted(effect, times(times), record(left, waits)));
    } else if (accepted && !left.orElseThrow().providerId().equals(messages.getFirst().sid())) {
      docket.object(
          Promise.SEND_LEAVES_ONCE,
          it.conversation(),
          "%s was created as %s; on record is %s"
              .formatted(effect, messages.getFirst().sid(), left.get().providerId()));
    }
  }

  private static String record(Optional<Delivery> left, Optional<Waiting> waits) {
    return left.map(Delivery::outcome)
        .or(() -> waits.map(row -> row.isDead() ? "dead: " + row.reason() : "waits"))
        .orElse("nothing");
  }

  static String times(int times) {
    return times == 1 ? "once" : times + " times";
  }

  /// What a flow says waits for all that is before it but for what agents say; other messages may
  /// overtake it.
  private Optional<Created> inOrder(
      Case it, JsonObject send, Created message, Optional<Created> latest) {
    String purpose = purpose(send);
    if (purpose.equals("FLOW")) {
      docket.checked(Promise.SENDS_KEEP_ORDER, 1);
      latest
          .filter(before -> message.at().isBefore(before.at()))
          .ifPresent(
              before ->
                  docket.object(
                      Promise.SENDS_KEEP_ORDER,
                      it.conversation(),
                      "%s arrived at %s, before %s at %s"
                          .formatted(
                              message.effect(), message.at(), before.effect(), before.at())));
    }
    boolean later = latest.map(Created::at).orElse(Instant.MIN).isBefore(message.at());
    return later && !purpose.equals("AGENT") ? Optional.of(message) : latest;
  }

  /// What was created of conversations that there are not.
  void close() {
    created.forEach(
        (conversation, messages) ->
            messages.forEach(
                message ->
                    docket.object(
                        Promise.SEND_LEAVES_ONCE,
                        conversation.equals(Created.NONE) ? "" : conversation,
                        "%s (%s, to %s) was created and is in no turn"
                            .formatted(message.sid(), message.effect(), message.to()))));
  }
}
