package io.parley.verticles;

import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Tag;
import io.parley.engine.Values;
import io.parley.store.Chronicle.Fate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What happened and what was to be done, each in one line of plain words. Effects are named
/// without their conversation: `3:0` is the first effect of turn 3.
final class ChronicleWords {

  /// What every outcome says, and what the lines around it say already.
  private static final Set<String> COMMON =
      Set.of(
          "conversation_id",
          "channel",
          "sender",
          "execution_sid",
          "flow",
          "flow_sid",
          "flow_revision",
          "effect");

  private static final int LONGEST_VALUE = 160;

  private ChronicleWords() {}

  // ---- events

  static String event(Event event) {
    return switch (event) {
      case Event.Triggered it -> triggered(it);
      case Event.ReplyReceived it -> reply(it);
      case Event.SendAccepted it -> "Twilio took " + name(it.effect()) + " as " + it.sid();
      case Event.SendFailed it ->
          "%s was given up: %s%s%s"
              .formatted(
                  name(it.effect()),
                  it.refusal(),
                  it.code() == 0 ? "" : ", error " + it.code(),
                  it.message().isBlank() ? "" : ", " + it.message());
      case Event.DeliveryReported it ->
          "%s%s is %s%s"
              .formatted(
                  it.effect().map(id -> name(id) + " ").orElse(""),
                  it.sid(),
                  it.status().word(),
                  it.errorCode() == 0 ? "" : ", error " + it.errorCode());
      case Event.TimerFired(var timer) -> "timer " + name(timer) + " ran out";
      case Event.PurchaseSeen it ->
          "bought: order %s, placed %s%s"
              .formatted(it.orderId(), it.occurredAt(), after(", ", properties(it.properties())));
      case Event.CallAnswered it ->
          "call %s was answered: %d%s"
              .formatted(name(it.call()), it.status(), after(" ", it.contentType()));
      case Event.CallFailed it ->
          "call %s has no answer: %s%s"
              .formatted(name(it.call()), it.reason(), after(", ", it.message()));
      case Event.OfferReserved(var reservation, var grant) ->
          "%s was granted: offer %s, code %s, %s, until %s"
              .formatted(
                  name(reservation), grant.offer(), grant.code(), grant.value(), grant.expiresAt());
      case Event.OfferUnavailable(var reservation, var reason) ->
          "%s was not granted: %s, %s"
              .formatted(name(reservation), reason.word(), reason.sentence());
      case Event.AgentTook(var _, var agent, var over) ->
          "agent %s took the conversation%s".formatted(agent, over ? " over" : "");
      case Event.AgentWrote it -> "agent %s wrote %s".formatted(it.agent(), content(it.content()));
      case Event.QueueSpoke(var _, var key, var text) ->
          "the queue told %s: %s".formatted(key, quoted(text));
      case Event.HandoffReturned(var handoff, var why, var _) ->
          "handoff %s went back to the queue: %s".formatted(name(handoff), why);
      case Event.HandoffPlaced(var handoff, var target, var reference) ->
          "handoff %s is %s's now: %s".formatted(name(handoff), target, reference);
      case Event.HandoffClosed(var handoff, var disposition, var _, var _, var _) ->
          "handoff %s was closed: %s".formatted(name(handoff), disposition);
      case Event.HandoffFailed(var handoff, var reason) ->
          "handoff %s failed: %s".formatted(name(handoff), reason);
      case Event.RedirectReturned(var parameters) ->
          "was given back by a redirect" + after(": ", properties(parameters));
      case Event.LinkClicked it -> "clicked " + it.url() + " in " + name(it.send());
      case Event.EventSeen it ->
          "event %s, at %s%s"
              .formatted(it.name(), it.occurredAt(), after(", ", properties(it.properties())));
      case Event.ConsentRevoked(var consent, var name, var properties) ->
          "%s: consent for %s on %s was taken back at %s, by %s%s"
              .formatted(
                  name,
                  consent.programme(),
                  consent.channel().word(),
                  consent.at(),
                  quoted(consent.evidence()),
                  after(", ", properties(properties)));
      case Event.ExecutionStopped(var execution) -> "a caller ended execution " + execution;
      case Event.OptedOutElsewhere it ->
          "opted out elsewhere: %s wrote %s at %s"
              .formatted(it.address(), quoted(it.evidence()), it.at());
      case Event.SuppressionElapsed(var until) -> "the suppression window was over at " + until;
    };
  }

  private static String triggered(Event.Triggered it) {
    return "triggered: flow %s revision %d%s%s"
        .formatted(
            it.flow().name(),
            it.flow().revision(),
            it.person().externalId().map(id -> " for person " + id).orElse(""),
            after(
                ", cohort ",
                it.parameters().object("controls").text("experiment_cohort").orElse("")));
  }

  private static String reply(Event.ReplyReceived it) {
    String tags =
        it.tags().isEmpty()
            ? "no tag"
            : it.tags().stream().map(ChronicleWords::tag).collect(Collectors.joining(", "));
    return "wrote %s (%s): %s, by %s".formatted(quoted(it.body()), it.sid(), tags, it.tagger());
  }

  private static String tag(Tag tag) {
    return String.format(Locale.ROOT, "%s %.2f", tag.name(), tag.score())
        + (tag.evidence().isBlank() ? "" : " (" + tag.evidence() + ")");
  }

  // ---- effects

  static String effect(Effect effect) {
    return switch (effect) {
      case Effect.Send it ->
          "send %s%s %s -> %s: %s%s"
              .formatted(
                  name(it.id()),
                  it.purpose() == Effect.Send.Purpose.FLOW
                      ? ""
                      : " (" + it.purpose().name().toLowerCase(Locale.ROOT) + ")",
                  it.from(),
                  it.to(),
                  content(it.content()),
                  it.notBefore().map(at -> ", not before " + at).orElse(""));
      case Effect.KeepLink it ->
          "link %s of %s -> %s".formatted(it.code(), name(it.send()), it.url());
      case Effect.Call it -> "call %s %s".formatted(name(it.id()), request(it.request()));
      case Effect.ReserveOffer it -> "ask %s for offer %s".formatted(name(it.id()), it.offer());
      case Effect.ReturnOffer it ->
          "give back the offer of %s: %s".formatted(name(it.reservation()), it.why());
      case Effect.KeepOffer it -> "the offer of %s has left".formatted(name(it.reservation()));
      case Effect.RedeemOffer it -> "order %s used code %s".formatted(it.orderId(), it.code());
      case Effect.OpenHandoff it ->
          "hand over %s%s".formatted(name(it.id()), after(": ", properties(it.request())));
      case Effect.CloseHandoff(var handoff, var why) ->
          "take back handoff %s: %s".formatted(name(handoff), why);
      case Effect.NoteHandoff(var handoff, var owner, var holder, var deed) ->
          "handoff %s: %s, %s speaks%s"
              .formatted(
                  name(handoff),
                  deed.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                  owner.name().toLowerCase(Locale.ROOT),
                  holder.map(it -> " (" + it + ")").orElse(""));
      case Effect.WithdrawAgentSends(var epoch) ->
          "take back what an agent said and has not left, before epoch " + epoch;
      case Effect.ScheduleTimer it ->
          "set timer %s for %s: %s".formatted(name(it.id()), it.dueAt(), word(it.purpose()));
      case Effect.CancelTimer(var timer) -> "forget timer " + name(timer);
      case Effect.WithdrawSends(var epoch) -> "take back what has not left, before epoch " + epoch;
      case Effect.ReportOutcome it ->
          "report %s (%s)%s"
              .formatted(it.name(), name(it.id()), after(": ", properties(it.properties())));
      case Effect.ReportAttributes it ->
          "report of the person (%s): %s".formatted(name(it.id()), properties(it.attributes()));
      case Effect.BlockContact it ->
          "block %s: %s by %s".formatted(it.contact(), it.block().word(), quoted(it.evidence()));
      case Effect.UnblockContact it ->
          "lift the block of %s: %s by %s"
              .formatted(it.contact(), it.lifts().word(), quoted(it.evidence()));
      case Effect.NameThread(var name) -> "is written to as " + name + " from here on";
      case Effect.KeepReply _ -> "keep the reply for review";
      case Effect.CountTrigger it ->
          "count against frequency cap %s of %s until %s"
              .formatted(it.key(), it.person(), it.until());
      case Effect.RecordContact(var contact, var externalId) ->
          "%s is person %s".formatted(contact, externalId);
      case Effect.KeepWindow(var window, var endedBy) ->
          endedBy.isEmpty()
              ? "hold back other messages until %s: %s"
                  .formatted(window.until(), window.reason().word())
              : "hold back other messages no more: " + endedBy;
      case Effect.Engage(var names, var live) ->
          (live ? "in conversation as " : "not in conversation any more as ")
              + String.join(", ", names);
      case Effect.RecordConsent(var consent) ->
          "consent %s for %s on %s, by %s"
              .formatted(
                  consent.state().word(),
                  consent.programme(),
                  consent.channel().word(),
                  quoted(consent.evidence()));
      case Effect.KeepTrigger keep ->
          "keep the trigger of %s until no person speaks with the contact"
              .formatted(keep.trigger().flow().name());
      case Effect.TellOptOut(var thread, var _) ->
          "tell the thread of %s and %s of the opt-out".formatted(thread.ours(), thread.theirs());
    };
  }

  private static String content(Effect.Content content) {
    return switch (content) {
      case Effect.Content.Text(var body, var media) ->
          quoted(body) + (media.isEmpty() ? "" : " with " + String.join(" ", media));
      case Effect.Content.Template(var sid, var variables) ->
          "template " + sid + after(" with ", properties(variables));
    };
  }

  private static String request(Effect.Request request) {
    return switch (request) {
      case Effect.Request.Http it -> it.method() + " " + it.url();
      case Effect.Request.Function it ->
          "function " + (it.url().isEmpty() ? it.functionSid() : it.url());
      case Effect.Request.Conversation(var operation, var properties) ->
          "conversation %s%s"
              .formatted(
                  operation.name().toLowerCase(Locale.ROOT), after(": ", properties(properties)));
    };
  }

  static String word(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  // ---- what became of effects

  static String fate(Fate fate) {
    return switch (fate) {
      case Fate.Settled it ->
          "%s %s%s at %s"
              .formatted(
                  it.destination(),
                  it.outcome(),
                  it.providerId().map(id -> " as " + id).orElse(""),
                  it.at());
      case Fate.Waiting it -> it.destination() + " waits: " + wait(it);
      case Fate.Dead it ->
          "%s dead since %s after %s: %s"
              .formatted(it.destination(), it.at(), tries(it.attempts()), it.reason());
    };
  }

  /// Why something has not left yet.
  private static String wait(Fate.Waiting it) {
    String error = it.lastError().map(last -> ", " + oneLine(last)).orElse("");
    String tried = it.attempts() == 0 ? error : " after " + tries(it.attempts()) + error;
    if (it.inDoubtSince().isPresent()) {
      return "in doubt since %s, its request left and no answer is stored%s"
          .formatted(it.inDoubtSince().get(), error);
    }
    if (it.behind().isPresent()) {
      return "behind " + name(it.behind().get()) + tried;
    }
    return (it.due() ? "due since " : "not before ") + it.dueAt() + tried;
  }

  static String tries(int attempts) {
    return attempts == 1 ? "1 try" : attempts + " tries";
  }

  // ---- words

  static String name(EffectId effect) {
    return effect.turn() + ":" + effect.index();
  }

  /// `order_id=o-1, value=12.5`, without what every outcome says.
  private static String properties(Values values) {
    return values.entries().entrySet().stream()
        .filter(it -> !COMMON.contains(it.getKey()))
        .map(it -> it.getKey() + "=" + shown(it.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String shown(Object value) {
    String text =
        switch (value) {
          case List<?> list -> list.toString();
          case Map<?, ?> map -> map.toString();
          default -> oneLine(String.valueOf(value));
        };
    return text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "..." : text;
  }

  static String quoted(String text) {
    return '"' + oneLine(text) + '"';
  }

  private static String oneLine(String text) {
    return text.replace("\r", "").replace("\n", "\\n");
  }

  private static String after(String prefix, String text) {
    return text.isBlank() ? "" : prefix + text;
  }
}
