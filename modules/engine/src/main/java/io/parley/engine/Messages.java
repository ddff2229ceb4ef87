package io.parley.engine;

import io.parley.engine.Conversation.SentMessage;
import io.parley.engine.Event.DeliveryReported;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The latest messages that Twilio has taken from us, and how far they got. Confined to one step.
final class Messages {

  private List<SentMessage> latest;

  Messages(List<SentMessage> latest) {
    this.latest = latest;
  }

  /// Oldest first.
  List<SentMessage> all() {
    return latest;
  }

  boolean knows(MessageSid sid) {
    return latest.stream().anyMatch(message -> message.sid().equals(sid));
  }

  /// Whether Twilio is known to have taken a send.
  boolean hasTaken(EffectId send) {
    return latest.stream().anyMatch(message -> message.effect().equals(send));
  }

  /// Whether a send is older than all that is remembered, so that nothing is known of it any more.
  boolean hasForgotten(EffectId send) {
    return latest.size() == Conversation.MAX_MESSAGES
        && latest.stream().allMatch(message -> message.effect().turn() > send.turn());
  }

  /// The report with the effect that its message is of, where it did not say so itself.
  DeliveryReported withEffect(DeliveryReported report) {
    if (report.effect().isPresent()) {
      return report;
    }
    return report.of(
        latest.stream()
            .filter(message -> message.sid().equals(report.sid()))
            .map(SentMessage::effect)
            .findFirst());
  }

  void add(Event.SendAccepted accepted) {
    latest =
        latest(
            latest,
            new SentMessage(accepted.sid(), accepted.effect(), MessageStatus.ACCEPTED),
            Conversation.MAX_MESSAGES);
  }

  /// Moves a message to the status reported, and answers it as it was; empty where it stands there
  /// or further already, or is not known.
  Optional<SentMessage> advance(DeliveryReported report) {
    for (int i = 0; i < latest.size(); i++) {
      SentMessage message = latest.get(i);
      if (message.sid().equals(report.sid())) {
        if (!message.status().advancesTo(report.status())) {
          return Optional.empty();
        }
        List<SentMessage> next = new ArrayList<>(latest);
        next.set(i, new SentMessage(message.sid(), message.effect(), report.status()));
        latest = List.copyOf(next);
        return Optional.of(message);
      }
    }
    return Optional.empty();
  }

  /// The items with one more at the end, and no more of them than may be.
  static <T> List<T> latest(List<T> items, T item, int most) {
    List<T> longer = new ArrayList<>(items);
    longer.add(item);
    return List.copyOf(longer.subList(Math.max(0, longer.size() - most), longer.size()));
  }
}
