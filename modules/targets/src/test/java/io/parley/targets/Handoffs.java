package io.parley.targets;

import io.parley.edge.HandoffTarget;
import io.parley.edge.HandoffTarget.Customer;
import io.parley.edge.HandoffTarget.Line;
import io.parley.edge.HandoffTarget.Next;
import io.parley.edge.HandoffTarget.Opening;
import io.parley.edge.HandoffTarget.Placement;
import io.parley.edge.HandoffTarget.Speaker;
import io.parley.edge.HandoffTarget.Task;
import io.parley.edge.HandoffTarget.Webhook;
import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.Values;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// A handoff, and a courier that does its tasks against answers that a test gives.
final class Handoffs {

  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final EffectId HANDOFF =
      new EffectId(
          new ConversationId(UUID.fromString("00000000-0000-0000-0000-00000000002a")), 3, 1);

  static final Placement NEW = new Placement(HANDOFF, Values.EMPTY);

  static final Opening OPENING =
      new Opening(
          new Customer(
              "person-01",
              "whatsapp:+14155550101",
              "whatsapp",
              "Asha Rao",
              Optional.of("asha@example.com")),
          "care",
          Values.of("reason", "tag:complaint")
              .with("external_id", "person-01")
              .with("cart", Values.of("total", 120L).with("currency", "USD").entries()),
          "https://parley.example.com/desk/conversations/00000000-0000-0000-0000-00000000002a",
          List.of(
              said("2:0", Speaker.BOT, "Need help checking out?"),
              said("3", Speaker.CUSTOMER, "My “cream” is broken ☹")));

  static final Line QUESTION =
      new Line(
          HANDOFF.conversation() + ":4",
          NOON,
          Speaker.CUSTOMER,
          "Are you there?",
          List.of("https://api.twilio.com/media/1"));

  static final Line NOTICE = said("5", Speaker.PARLEY, "The customer has not got your message.");

  private Handoffs() {}

  private static Line said(String id, Speaker by, String text) {
    return new Line(HANDOFF.conversation() + ":" + id, NOON, by, text, List.of());
  }

  /// What a task led to.
  ///
  /// @param asked the requests, in order
  /// @param end what ended it
  record Course(List<Next.Ask> asked, Next end) {
    Values known() {
      return end instanceof Next.Done(var known, var _) ? known : Values.EMPTY;
    }

    Placement placement() {
      return new Placement(HANDOFF, known());
    }

    List<String> steps() {
      return asked.stream().map(Next.Ask::step).toList();
    }
  }

  /// Does a task to its end.
  static Course perform(
      HandoffTarget target, Placement placement, Task task, Function<Next.Ask, Response> peer) {
    List<Next.Ask> asked = new ArrayList<>();
    Placement at = placement;
    Next next = target.begin(placement, task);
    while (next instanceof Next.Ask ask) {
      asked.add(ask);
      at = new Placement(placement.handoff(), ask.known());
      next = target.read(at, task, ask, peer.apply(ask));
    }
    return new Course(asked, next);
  }

  static Response answer(int status, String body) {
    return new Response(status, Map.of(), body);
  }

  static Webhook webhook(String body, Map<String, String> headers) {
    return webhook("/handoff-targets/support", body, headers);
  }

  static Webhook webhook(String target, String body, Map<String, String> headers) {
    return new Webhook(target, "https://parley.example.com" + target, headers, body);
  }
}
