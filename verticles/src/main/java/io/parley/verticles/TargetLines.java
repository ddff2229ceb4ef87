package io.parley.verticles;

import io.parley.edge.HandoffTarget.Line;
import io.parley.edge.HandoffTarget.Speaker;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.MessageStatus;
import io.parley.engine.Reason;
import io.parley.store.HandoffTargets.Happened;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Turns of the journal as what a target is told of them.
final class TargetLines {

  private TargetLines() {}

  /// What is said in a conversation that the target has: what the contact writes, and what its
  /// agents must know of their own messages.
  static List<Line> of(Happened turn, String conversation) {
    if (turn.event() instanceof Event.ReplyReceived reply) {
      return List.of(reply(turn, conversation, reply));
    }
    return trouble(turn).map(text -> notice(turn, conversation, text)).stream().toList();
  }

  private static Optional<String> trouble(Happened turn) {
    if (turn.event() instanceof Event.AgentWrote) {
      return turn.refusal().map(word -> "The customer has not got your message: " + sentence(word));
    }
    if (turn.event() instanceof Event.SendFailed failed) {
      return Optional.of("The customer has not got a message: " + failed.message());
    }
    return turn.event() instanceof Event.DeliveryReported report && isLost(report.status())
        ? Optional.of(
            "A message did not reach the customer (error %d%s)"
                .formatted(
                    report.errorCode(), report.refusal().isEmpty() ? "" : ", " + report.refusal()))
        : Optional.empty();
  }

  /// What was said before: by the contact, and by us.
  static List<Line> transcript(List<Happened> turns, String conversation) {
    List<Line> lines = new ArrayList<>();
    for (Happened turn : turns) {
      if (turn.event() instanceof Event.ReplyReceived reply) {
        lines.add(reply(turn, conversation, reply));
      }
      for (Effect effect : turn.effects()) {
        if (effect instanceof Effect.Send send) {
          lines.add(sent(turn, send));
        }
      }
    }
    return lines;
  }

  private static boolean isLost(MessageStatus status) {
    return status == MessageStatus.FAILED || status == MessageStatus.UNDELIVERED;
  }

  private static String sentence(String word) {
    return Reason.valueOf(word.toUpperCase(Locale.ROOT)).sentence();
  }

  private static Line reply(Happened turn, String conversation, Event.ReplyReceived reply) {
    List<String> media = new ArrayList<>();
    for (int i = 0; reply.parameters().text("MediaUrl" + i).isPresent(); i++) {
      media.add(reply.parameters().text("MediaUrl" + i).get());
    }
    return new Line(id(turn, conversation), turn.at(), Speaker.CUSTOMER, reply.body(), media);
  }

  private static Line notice(Happened turn, String conversation, String text) {
    return new Line(id(turn, conversation), turn.at(), Speaker.PARLEY, text, List.of());
  }

  private static String id(Happened turn, String conversation) {
    return conversation + ":" + turn.number();
  }

  private static Line sent(Happened turn, Effect.Send send) {
    Speaker by = turn.event() instanceof Event.AgentWrote ? Speaker.AGENT : Speaker.BOT;
    return switch (send.content()) {
      case Effect.Content.Text(var body, var media) ->
          new Line(send.id().toString(), turn.at(), by, body, media);
      case Effect.Content.Template(var sid, var variables) ->
          new Line(send.id().toString(), turn.at(), by, sid + " " + variables.entries(), List.of());
    };
  }
}
