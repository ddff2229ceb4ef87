package io.parley.loadtest.twilio;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The account that the stand-in plays.
///
/// - `senders`: the numbers, short codes and `whatsapp:` addresses that may send.
/// - `messagingServices`: the senders of each service, by its `MG…` sid.
/// - `templates`: text by `HX…` content sid, with `{{1}}` or `{{name}}` for its variables; when
///   there are none, every content sid is accepted and its body is empty.
/// - `messagesWebhook`: where messages of customers are posted to.
/// - `port`: 0 for any free one.
/// - `concurrentRequests`: requests answered at the same time; those above get 429 with 20429.
/// - `longestQueue`: how long a sender may need for what waits; more is refused with 21611, or
///     fails
///   with 30001 where a service had chosen the sender.
public record TwilioSettings(
    String accountSid,
    String authToken,
    List<String> senders,
    Map<String, List<String>> messagingServices,
    Map<String, String> templates,
    Optional<String> messagesWebhook,
    int port,
    int concurrentRequests,
    Duration longestQueue,
    Pace pace,
    CallbackHabits callbacks,
    KeywordHandling keywords) {

  private static final int DEFAULT_CONCURRENT_REQUESTS = 100;

  /// Source: twilio.com/docs/errors/30001 and 21611; older pages say 4 hours.
  private static final Duration LONGEST_QUEUE = Duration.ofHours(10);

  public TwilioSettings {
    senders = List.copyOf(senders);
    messagingServices = Map.copyOf(messagingServices);
    templates = Map.copyOf(templates);
  }

  /// An account with those senders, fast, on any free port, and with all else by default.
  public static TwilioSettings of(String accountSid, String authToken, List<String> senders) {
    return new TwilioSettings(
        accountSid,
        authToken,
        senders,
        Map.of(),
        Map.of(),
        Optional.empty(),
        0,
        DEFAULT_CONCURRENT_REQUESTS,
        LONGEST_QUEUE,
        Pace.FAST,
        CallbackHabits.PROMPT,
        KeywordHandling.DEFAULT);
  }

  /// Adds a Messaging Service with those senders; those that the account lacks are added to it.
  public TwilioSettings withMessagingService(String sid, List<String> itsSenders) {
    List<String> all = new ArrayList<>(senders);
    itsSenders.stream().filter(sender -> !senders.contains(sender)).forEach(all::add);
    Map<String, List<String>> services = new LinkedHashMap<>(messagingServices);
    services.put(sid, List.copyOf(itsSenders));
    return copy(all, services, templates, messagesWebhook, port);
  }

  public TwilioSettings withTemplate(String contentSid, String text) {
    Map<String, String> all = new LinkedHashMap<>(templates);
    all.put(contentSid, text);
    return copy(senders, messagingServices, all, messagesWebhook, port);
  }

  public TwilioSettings withMessagesWebhook(String url) {
    return copy(senders, messagingServices, templates, Optional.of(url), port);
  }

  public TwilioSettings withPort(int newPort) {
    return copy(senders, messagingServices, templates, messagesWebhook, newPort);
  }

  public TwilioSettings withConcurrentRequests(int limit) {
    return new TwilioSettings(
        accountSid,
        authToken,
        senders,
        messagingServices,
        templates,
        messagesWebhook,
        port,
        limit,
        longestQueue,
        pace,
        callbacks,
        keywords);
  }

  public TwilioSettings withLongestQueue(Duration longest) {
    return new TwilioSettings(
        accountSid,
        authToken,
        senders,
        messagingServices,
        templates,
        messagesWebhook,
        port,
        concurrentRequests,
        longest,
        pace,
        callbacks,
        keywords);
  }

  public TwilioSettings withPace(Pace newPace) {
    return behaving(newPace, callbacks, keywords);
  }

  public TwilioSettings withCallbacks(CallbackHabits habits) {
    return behaving(pace, habits, keywords);
  }

  public TwilioSettings withKeywords(KeywordHandling handling) {
    return behaving(pace, callbacks, handling);
  }

  /// What opt-outs from messages of that sender are kept under.
  String optOutScope(String sender) {
    return serviceOf(sender).orElse(sender);
  }

  Optional<String> serviceOf(String sender) {
    return messagingServices.entrySet().stream()
        .filter(service -> service.getValue().contains(sender))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  @Override
  public String toString() {
    return "TwilioSettings[" + accountSid + ", " + senders.size() + " senders]";
  }

  private TwilioSettings copy(
      List<String> newSenders,
      Map<String, List<String>> newServices,
      Map<String, String> newTemplates,
      Optional<String> newWebhook,
      int newPort) {
    return new TwilioSettings(
        accountSid,
        authToken,
        newSenders,
        newServices,
        newTemplates,
        newWebhook,
        newPort,
        concurrentRequests,
        longestQueue,
        pace,
        callbacks,
        keywords);
  }

  private TwilioSettings behaving(
      Pace newPace, CallbackHabits newCallbacks, KeywordHandling newKeywords) {
    return new TwilioSettings(
        accountSid,
        authToken,
        senders,
        messagingServices,
        templates,
        messagesWebhook,
        port,
        concurrentRequests,
        longestQueue,
        newPace,
        newCallbacks,
        newKeywords);
  }
}
