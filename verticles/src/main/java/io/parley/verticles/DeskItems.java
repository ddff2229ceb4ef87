package io.parley.verticles;

import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.MessageSid;
import io.parley.engine.MessageStatus;
import io.parley.engine.Outcomes;
import io.parley.engine.Reason;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.store.Chronicle.Turn;
import io.parley.store.DeskNotes.Note;
import io.parley.store.DeskThread.Page;
import io.parley.verticles.DeskItem.By;
import io.parley.verticles.DeskItem.Kind;
import io.parley.verticles.DeskItem.Media;
import io.parley.verticles.DeskItem.Trouble;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Turns of the journal as the lines of a conversation that people read.
final class DeskItems {

  /// Notes stand after what their turn shows.
  private static final long AFTER_TURN = 1_000_000;

  private final ThreadId thread;
  private final Map<EffectId, Standing> standings = new HashMap<>();

  private DeskItems(ThreadId thread) {
    this.thread = thread;
  }

  /// How far a message of ours got.
  private record Standing(String status, Optional<MessageStatus> told, Optional<Trouble> error) {}

  /// All that the turns of a page show, oldest first.
  static List<DeskItem> of(ThreadId thread, Page page) {
    DeskItems items = new DeskItems(thread);
    page.withdrawn()
        .keySet()
        .forEach(
            send ->
                items.standings.put(
                    send, new Standing("withdrawn", Optional.empty(), Optional.empty())));
    items.learn(page.reports());
    return page.spoken().stream().flatMap(turn -> items.of(turn).stream()).toList();
  }

  static DeskItem of(Note note) {
    return new DeskItem(
        note.turn(),
        String.valueOf(AFTER_TURN + note.number()),
        note.at(),
        Kind.NOTE,
        By.AGENT,
        Optional.of(note.author()),
        note.text(),
        List.of(),
        "",
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// The messages that turns tell of, and the latest of them that does.
  private static Map<EffectId, Integer> toldOf(List<Turn> reports) {
    Map<MessageSid, EffectId> sids = sids(reports);
    Map<EffectId, Integer> told = new LinkedHashMap<>();
    reports.forEach(
        turn ->
            subject(turn.event().orElseThrow(), sids)
                .ifPresent(send -> told.put(send, turn.number())));
    return told;
  }

  // ---- how far messages got

  private void learn(List<Turn> reports) {
    Map<MessageSid, EffectId> sids = sids(reports);
    for (Turn turn : reports) {
      if (turn.refusal().isPresent() && !isNewsAllTheSame(turn.refusal().get())) {
        continue;
      }
      Event event = turn.event().orElseThrow();
      subject(event, sids).ifPresent(send -> learn(send, event));
    }
  }

  /// The conversation may wait for nothing any more while its messages still travel.
  private static boolean isNewsAllTheSame(Reason refusal) {
    return refusal != Reason.OUT_OF_ORDER_STATUS && refusal != Reason.UNKNOWN_MESSAGE;
  }

  private static Map<MessageSid, EffectId> sids(List<Turn> reports) {
    Map<MessageSid, EffectId> sids = new HashMap<>();
    for (Turn turn : reports) {
      if (turn.event().orElseThrow() instanceof Event.SendAccepted accepted) {
        sids.put(accepted.sid(), accepted.effect());
      }
    }
    return sids;
  }

  private static Optional<EffectId> subject(Event event, Map<MessageSid, EffectId> sids) {
    if (event instanceof Event.SendAccepted accepted) {
      return Optional.of(accepted.effect());
    }
    if (event instanceof Event.SendFailed failed) {
      return Optional.of(failed.effect());
    }
    return event instanceof Event.DeliveryReported report
        ? report.effect().or(() -> Optional.ofNullable(sids.get(report.sid())))
        : Optional.empty();
  }

  private void learn(EffectId send, Event event) {
    Optional<MessageStatus> before =
        Optional.ofNullable(standings.get(send)).flatMap(Standing::told);
    if (event instanceof Event.SendFailed failed) {
      standings.put(
          send,
          new Standing(
              failed.code() == 0 ? "refused" : "failed",
              Optional.of(MessageStatus.FAILED),
              Optional.of(
                  new Trouble(
                      failed.code(),
                      DeskWords.error(failed.code(), failed.refusal(), failed.message())))));
    } else if (event instanceof Event.DeliveryReported report) {
      if (before.isEmpty() || before.get().advancesTo(report.status())) {
        standings.put(send, standing(report));
      }
    } else if (before.isEmpty()) {
      standings.put(
          send, new Standing("sent", Optional.of(MessageStatus.ACCEPTED), Optional.empty()));
    }
  }

  private static Standing standing(Event.DeliveryReported report) {
    Optional<Trouble> trouble =
        report.status().failed()
            ? Optional.of(
                new Trouble(
                    report.errorCode(), DeskWords.error(report.errorCode(), report.refusal(), "")))
            : Optional.empty();
    return new Standing(word(report.status()), Optional.of(report.status()), trouble);
  }

  private static String word(MessageStatus status) {
    return switch (status) {
      case ACCEPTED, SCHEDULED, QUEUED, SENDING, SENT, PARTIALLY_DELIVERED -> "sent";
      case DELIVERED -> "delivered";
      case UNDELIVERED, FAILED -> "failed";
      case CANCELED -> "withdrawn";
      case READ -> "read";
    };
  }

  // ---- what a turn shows

  private List<DeskItem> of(Turn turn) {
    Shown shown = new Shown(turn);
    Event event = turn.event().orElseThrow();
    heard(shown, event, turn.refusal());
    turn.effects().forEach(effect -> done(shown, effect, event));
    return shown.items;
  }

  /// The items of a turn, in their places.
  private static final class Shown {
    private final Turn turn;
    private final List<DeskItem> items = new ArrayList<>();

    Shown(Turn turn) {
      this.turn = turn;
    }

    int place() {
      return items.size();
    }

    void happened(String text) {
      items.add(event(text));
    }

    void happened(String text, String agent) {
      items.add(event(text).doneBy(agent));
    }

    private DeskItem event(String text) {
      return DeskItem.event(turn.number(), place(), turn.at(), text);
    }
  }

  private static void heard(Shown shown, Event event, Optional<Reason> refusal) {
    switch (event) {
      case Event.ReplyReceived reply -> shown.items.add(said(shown, reply));
      case Event.Triggered triggered ->
          shown.happened(
              refusal
                  .map(
                      why ->
                          "The flow %s was not begun: %s."
                              .formatted(triggered.flow().name(), why.sentence()))
                  .orElse("The flow %s began.".formatted(triggered.flow().name())));
      case Event.PurchaseSeen purchase -> {
        if (refusal.isEmpty()) {
          shown.happened(bought(purchase));
        }
      }
      case Event.OfferReserved(var _, var grant) ->
          shown.happened(
              "The offer %s was granted: %s with the code %s, until %s."
                  .formatted(grant.offer(), grant.value(), grant.code(), grant.expiresAt()));
      case Event.OfferUnavailable(var _, var reason) ->
          shown.happened("No offer was made: " + reason.sentence() + ".");
      case Event.LinkClicked clicked -> shown.happened("Opened the link " + clicked.url());
      case Event.ConsentRevoked(var consent, var _, var _) ->
          shown.happened(
              "Took back the consent for %s on %s."
                  .formatted(consent.programme(), consent.channel().word()));
      case Event.OptedOutElsewhere _ -> shown.happened("Opted out on another of our numbers.");
      case Event.AgentTook took -> {
        if (refusal.isEmpty()) {
          shown.happened("Took the conversation.", took.agent());
        }
      }
      case Event.HandoffReturned(var _, var why, var _) -> {
        if (refusal.isEmpty()) {
          shown.happened("Back in the queue: " + why.replace('_', ' ') + ".");
        }
      }
      case Event.HandoffPlaced(var _, var target, var _) -> {
        if (refusal.isEmpty()) {
          shown.happened("Answered in %s from here on.".formatted(target));
        }
      }
      case Event.AgentWrote wrote ->
          refusal.ifPresent(
              why ->
                  shown.happened(
                      "A message was not sent. " + DeskWords.error(0, why.word(), why.sentence()),
                      wrote.agent()));
      case Event.HandoffClosed closed -> {
        if (refusal.isEmpty()) {
          shown.happened("The handoff was closed: " + closed.disposition() + ".");
        }
      }
      case Event.HandoffFailed(var _, var reason) -> {
        if (refusal.isEmpty()) {
          shown.happened("The handoff failed: " + reason);
        }
      }
      case Event.EventSeen seen -> shown.happened("Event: " + seen.name());
      case Event.ExecutionStopped _ -> shown.happened("The flow was ended by a caller.");
      case Event.SendAccepted _,
          Event.SendFailed _,
          Event.DeliveryReported _,
          Event.TimerFired _,
          Event.CallAnswered _,
          Event.CallFailed _,
          Event.RedirectReturned _,
          Event.QueueSpoke _,
          Event.SuppressionElapsed _ -> {}
    }
  }

  private static String bought(Event.PurchaseSeen purchase) {
    String value =
        Optional.ofNullable(purchase.properties().entries().get("value"))
            .or(() -> Optional.ofNullable(purchase.properties().entries().get("total")))
            .map(
                it ->
                    ", %s %s"
                        .formatted(it, purchase.properties().text("currency").orElse(""))
                        .stripTrailing())
            .orElse("");
    return "Bought: order %s%s.".formatted(purchase.orderId(), value);
  }

  private static DeskItem said(Shown shown, Event.ReplyReceived reply) {
    return new DeskItem(
        shown.turn.number(),
        String.valueOf(shown.place()),
        shown.turn.at(),
        Kind.MESSAGE,
        By.CONTACT,
        Optional.empty(),
        reply.body(),
        media(reply.parameters()),
        "received",
        Optional.empty(),
        reply.tags(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static List<Media> media(Values parameters) {
    List<Media> media = new ArrayList<>();
    for (int i = 0; parameters.text("MediaUrl" + i).isPresent(); i++) {
      media.add(
          new Media(
              parameters.text("MediaUrl" + i).get(),
              parameters.text("MediaContentType" + i).orElse("")));
    }
    return media;
  }

  private void done(Shown shown, Effect effect, Event event) {
    if (effect instanceof Effect.Send send) {
      shown.items.add(written(shown, send, event));
    } else if (effect instanceof Effect.OpenHandoff opened) {
      shown.happened("Handed over to an agent" + reason(opened.request()) + ".");
    } else if (effect instanceof Effect.CloseHandoff closed) {
      shown.happened("The handoff ended: " + closed.why() + ".");
    } else if (effect instanceof Effect.BlockContact block) {
      shown.happened(blocked(block.block()));
    } else if (effect instanceof Effect.UnblockContact) {
      shown.happened("May be written to again.");
    } else if (effect instanceof Effect.ReportOutcome report
        && !(event instanceof Event.AgentWrote)) {
      reported(shown, report);
    }
  }

  private static String reason(Values request) {
    return request
        .text("reason")
        .map(
            word ->
                switch (word) {
                  case "taken" -> ": an agent took it";
                  case "untagged" -> ": several replies in a row were not understood";
                  case "widget" -> " by the flow";
                  default ->
                      word.startsWith("tag:")
                          ? ": the customer's words mean " + word.substring(4).replace('_', ' ')
                          : ": " + word;
                })
        .orElse(" by the flow");
  }

  private static String blocked(Block block) {
    return switch (block) {
      case OPTED_OUT -> "Opted out: nothing may be sent.";
      case UNCLEAR -> "May want no more messages: was asked, and must answer first.";
      case UNREACHABLE -> "This number cannot take messages.";
    };
  }

  /// What did not even become a message.
  private static void reported(Shown shown, Effect.ReportOutcome report) {
    if (!report.name().equals(Outcomes.MESSAGE_REFUSED)) {
      return;
    }
    Values properties = report.properties();
    int code =
        properties.entries().get("error_code") instanceof Number number ? number.intValue() : 0;
    shown.happened(
        "A message was not sent. "
            + DeskWords.error(
                code, properties.text("reason").orElse(""), properties.text("message").orElse("")));
  }

  private DeskItem written(Shown shown, Effect.Send send, Event event) {
    Optional<Standing> standing = Optional.ofNullable(standings.get(send.id()));
    boolean elsewhere =
        !send.to().equals(thread.theirs())
            && !send.to().isSameNumber(thread.theirs())
            && !send.to().isConversation();
    String text = text(send.content());
    return new DeskItem(
        shown.turn.number(),
        String.valueOf(shown.place()),
        shown.turn.at(),
        Kind.MESSAGE,
        by(send, event),
        agent(send, event),
        elsewhere ? "To %s: %s".formatted(send.to(), text) : text,
        sent(send.content()),
        standing.map(Standing::status).orElse("waiting"),
        standing.flatMap(Standing::error),
        List.of(),
        send.content() instanceof Effect.Content.Template template
            ? Optional.of(template.contentSid())
            : Optional.empty(),
        Optional.of(send.id()),
        event instanceof Event.AgentWrote wrote ? Optional.of(wrote.draft()) : Optional.empty(),
        send.notBefore());
  }

  private static By by(Effect.Send send, Event event) {
    return switch (send.purpose()) {
      case AGENT -> By.AGENT;
      case FLOW -> event instanceof Event.QueueSpoke ? By.QUEUE : By.BOT;
      case QUESTION, NOTICE -> By.SYSTEM;
    };
  }

  private static Optional<String> agent(Effect.Send send, Event event) {
    return send.purpose() == Effect.Send.Purpose.AGENT && event instanceof Event.AgentWrote wrote
        ? Optional.of(wrote.agent())
        : Optional.empty();
  }

  private static String text(Effect.Content content) {
    return switch (content) {
      case Effect.Content.Text(var body, var _) -> body;
      case Effect.Content.Template(var _, var variables) ->
          variables.isEmpty()
              ? "Template"
              : "Template with "
                  + String.join(
                      ", ", variables.entries().values().stream().map(String::valueOf).toList());
    };
  }

  private static List<Media> sent(Effect.Content content) {
    return content instanceof Effect.Content.Text(var _, var urls)
        ? urls.stream().map(url -> new Media(url, "")).toList()
        : List.of();
  }

  /// The items of these messages alone.
  static List<DeskItem> ofSends(List<DeskItem> items, Set<EffectId> sends) {
    return items.stream().filter(it -> it.send().filter(sends::contains).isPresent()).toList();
  }

  /// The messages of turns up to one of which the later turns of a page tell, and which of them
  /// does.
  static Map<EffectId, Integer> earlierSends(int turn, Page page) {
    Map<EffectId, Integer> told = toldOf(page.reports());
    page.spoken().stream()
        .filter(DeskItems::withdraws)
        .map(Turn::number)
        .forEach(
            by ->
                page.withdrawn().keySet().stream()
                    .filter(send -> send.turn() < by)
                    .forEach(send -> told.put(send, by)));
    told.keySet().removeIf(send -> send.turn() > turn);
    return told;
  }

  /// Whether a turn takes back what has not left.
  private static boolean withdraws(Turn turn) {
    return turn.effects().stream()
        .anyMatch(
            it -> it instanceof Effect.WithdrawSends || it instanceof Effect.WithdrawAgentSends);
  }
}
