package io.parley.customerio;

import java.util.Optional;

/// How an opt-out is carried out in Customer.io. Suppressing is none of them: it destroys the
/// profile.
public sealed interface OptOutLever {

  /// `optouts`: the list of opt-outs by sender. Reaches the messages of one sender on one channel,
  /// and is what Customer.io itself looks at before it sends.
  record SenderList() implements OptOutLever {}

  /// `unsubscribed`: the person's attribute. Reaches everything that Customer.io sends, e-mail too.
  record Unsubscribed() implements OptOutLever {}

  /// `channel:sms`: a channel of the subscription preferences.
  record Channel(String name) implements OptOutLever {}

  /// `topic:7`: a topic of the subscription preferences, on every channel.
  record Topic(String number) implements OptOutLever {}

  /// What a setting says; empty where it says nothing of the kind.
  static Optional<OptOutLever> parse(String text) {
    if (text.equals("optouts")) {
      return Optional.of(new SenderList());
    }
    if (text.equals("unsubscribed")) {
      return Optional.of(new Unsubscribed());
    }
    if (text.matches("channel:[a-z_]+")) {
      return Optional.of(new Channel(text.substring("channel:".length())));
    }
    return text.matches("topic:[0-9]+")
        ? Optional.of(new Topic(text.substring("topic:".length())))
        : Optional.empty();
  }
}
