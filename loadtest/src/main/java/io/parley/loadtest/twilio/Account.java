package io.parley.loadtest.twilio;

import io.parley.loadtest.standin.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// What Twilio keeps of the account: its messages, its opt-outs, and when each customer last wrote.
/// Safe for any thread.
final class Account {

  /// How long after a customer's last WhatsApp message free text may be sent to them.
  private static final Duration WHATSAPP_WINDOW = Duration.ofHours(24);

  private final TwilioSettings settings;
  private final Ledger<SentMessage> messages = new Ledger<>();
  private final Map<String, Queue<String>> sidsByRecipient = new ConcurrentHashMap<>();
  private final Set<OptOut> optOuts = ConcurrentHashMap.newKeySet();
  private final Map<OptOut, Instant> lastInbound = new ConcurrentHashMap<>();

  Account(TwilioSettings settings) {
    this.settings = settings;
  }

  TwilioSettings settings() {
    return settings;
  }

  Ledger<SentMessage> messages() {
    return messages;
  }

  /// Keeps a new message.
  void keep(SentMessage message) {
    messages.put(message.sid(), message);
    sidsByRecipient
        .computeIfAbsent(message.to(), _ -> new ConcurrentLinkedQueue<>())
        .add(message.sid());
  }

  /// The messages to one recipient, oldest first, without a look at those to others.
  List<SentMessage> messagesTo(String recipient) {
    Queue<String> sids = sidsByRecipient.get(recipient);
    return sids == null
        ? List.of()
        : sids.stream().distinct().flatMap(sid -> messages.find(sid).stream()).toList();
  }

  List<OptOut> optOuts() {
    return List.copyOf(optOuts);
  }

  boolean isOptedOut(String sender, String recipient) {
    return optOuts.contains(optOut(sender, recipient));
  }

  /// Whether this changed anything.
  boolean addOptOut(String sender, String recipient) {
    return optOuts.add(optOut(sender, recipient));
  }

  /// Whether this changed anything.
  boolean removeOptOut(String sender, String recipient) {
    return optOuts.remove(optOut(sender, recipient));
  }

  void heard(String customer, String sender, Instant at) {
    lastInbound.put(new OptOut(sender, customer), at);
  }

  /// Whether the message is free text on WhatsApp to someone who has not written for 24 hours.
  boolean outsideWindow(SentMessage message) {
    if (!message.whatsApp() || message.contentSid().isPresent()) {
      return false;
    }
    Instant last = lastInbound.getOrDefault(new OptOut(message.from(), message.to()), Instant.MIN);
    return last.isBefore(Instant.now().minus(WHATSAPP_WINDOW));
  }

  private OptOut optOut(String sender, String recipient) {
    return new OptOut(settings.optOutScope(sender), recipient);
  }
}
