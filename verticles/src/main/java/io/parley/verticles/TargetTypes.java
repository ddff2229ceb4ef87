package io.parley.verticles;

import io.parley.edge.HandoffTarget;
import io.parley.targets.Chatwoot;
import io.parley.targets.Flex;
import io.parley.targets.RequestTracker;
import io.parley.targets.SignedTarget;
import io.parley.targets.Zendesk;
import io.parley.twilio.TwilioSignature;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The types of desks elsewhere by name. One is a class that implements [HandoffTarget] and a line
/// in [#types].
final class TargetTypes {

  /// Where targets tell us, before their names.
  static final String PATH = "/handoff-targets/";

  private static final Duration POLL = Duration.ofSeconds(5);

  static final Map<String, Type> ALL = types();

  private TargetTypes() {}

  /// Makes a target of an entry; reads whatever keys the type has, and no others.
  @FunctionalInterface
  interface Type {

    /// @param publicUrl where we are reached
    HandoffTarget make(DestinationEntry entry, URI publicUrl);
  }

  private static Map<String, Type> types() {
    Map<String, Type> types = new TreeMap<>();
    types.put("webhook", TargetTypes::webhook);
    types.put("chatwoot", TargetTypes::chatwoot);
    types.put("flex", TargetTypes::flex);
    types.put("zendesk", TargetTypes::zendesk);
    types.put("request-tracker", TargetTypes::requestTracker);
    return types;
  }

  private static HandoffTarget webhook(DestinationEntry entry, URI publicUrl) {
    return new SignedTarget(entry.name(), entry.url("url"), entry.secrets("secret"), entry.clock());
  }

  private static HandoffTarget chatwoot(DestinationEntry entry, URI publicUrl) {
    return new Chatwoot(
        entry.name(),
        new Chatwoot.Settings(
            entry.url("url"),
            number(entry, "account"),
            number(entry, "inbox"),
            entry.secret("token"),
            optional(entry, "url_secret"),
            optional(entry, "signing_secret")));
  }

  /// A number that must be there.
  private static int number(DestinationEntry entry, String key) {
    if (entry.place(key).isAbsent()) {
      entry.place(key).problem("must be the number that Chatwoot shows for it");
    }
    return entry.whole(key, 1, Integer.MAX_VALUE);
  }

  private static List<String> optional(DestinationEntry entry, String key) {
    return entry.place(key).isAbsent() ? List.of() : entry.secrets(key);
  }

  private static HandoffTarget zendesk(DestinationEntry entry, URI publicUrl) {
    return new Zendesk(
        entry.name(),
        new Zendesk.Settings(
            entry.url("url"),
            entry.text("app", it -> it.matches("[A-Za-z0-9]{1,64}"), "the id of the app"),
            new Zendesk.Key(
                entry.text("key", it -> it.matches("[A-Za-z0-9_]{1,64}"), "the id of the API key"),
                entry.secret("key_secret")),
            entry.text(
                "integration", Zendesk.Settings.WORKSPACE, it -> it.length() <= 128, "a name"),
            entry.flag("offer"),
            entry.secrets("webhook_secret")));
  }

  private static HandoffTarget flex(DestinationEntry entry, URI publicUrl) {
    String token = entry.secret("token");
    TwilioSignature signature = new TwilioSignature(publicUrl, List.of(token));
    return new Flex(
        entry.name(),
        new Flex.Settings(
            places(entry),
            new Flex.Account(sid(entry, "account", "AC"), token),
            sid(entry, "workspace", "WS"),
            sid(entry, "workflow", "WW"),
            entry.text("task_channel", "chat", it -> !it.isBlank(), "a task channel's unique name"),
            URI.create(publicUrl.toString().replaceAll("/+$", "") + PATH + entry.name())),
        (webhook, proof) ->
            signature
                .verify(webhook.target(), webhook.body().getBytes(StandardCharsets.UTF_8), proof)
                .genuine());
  }

  /// Another address takes the place of Twilio's three, where one answers for all of them.
  private static Flex.Places places(DestinationEntry entry) {
    if (entry.place("url").isAbsent()) {
      return Flex.Places.TWILIO;
    }
    URI one = entry.url("url");
    return new Flex.Places(one, one, one);
  }

  private static String sid(DestinationEntry entry, String key, String prefix) {
    String expected = "a sid of Twilio's: " + prefix + "...";
    return entry.text(key, it -> it.matches(prefix + "[0-9a-fA-F]{32}"), expected);
  }

  private static HandoffTarget requestTracker(DestinationEntry entry, URI publicUrl) {
    URI url = entry.url("url");
    String queue = entry.text("queue", it -> !it.isBlank(), "the name of a queue");
    String user =
        entry.text(
            "user", it -> !it.isBlank(), "the name of the user that Parley is there: parley");
    boolean isByPassword = entry.place("token").isAbsent();
    String secret = isByPassword ? entry.secret("password") : entry.secret("token");
    return new RequestTracker(
        entry.name(),
        new RequestTracker.Settings(
            url,
            queue,
            user,
            isByPassword ? RequestTracker.password(user, secret) : RequestTracker.token(secret),
            entry
                .place("poll")
                .duration(
                    POLL,
                    it -> it.compareTo(Duration.ofSeconds(1)) >= 0,
                    "must be a duration such as 5s, 1s at least")));
  }
}
