package io.parley.loadtest.twilio;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One conversation: its state, who takes part, and who is told. Confined to its context.
final class ConversationRoom {

  private static final String HOST = "https://conversations.twilio.com";

  final String sid = StandInTwilio.newSid("CH");
  private final Optional<String> uniqueName;
  final List<Participant> participants = new ArrayList<>();
  final List<Hook> hooks = new ArrayList<>();
  final List<ConversationMessage> messages = new ArrayList<>();
  private final String accountSid;
  private final String serviceSid;
  private final Instant created = Instant.now();
  private final Timers timers;
  private String state = "active";

  /// ISO 8601 durations, as they were given.
  record Timers(Optional<String> inactive, Optional<String> closed) {}

  /// @param address empty for a chat user, who has an identity
  record Participant(String sid, String address, String proxyAddress, String identity) {

    boolean isNamed(String author) {
      return author.equals(address) || author.equals(identity);
    }
  }

  record Hook(String sid, String target, String url, List<String> filters) {
    Hook {
      filters = List.copyOf(filters);
    }
  }

  ConversationRoom(
      String accountSid, String serviceSid, Optional<String> uniqueName, Timers timers) {
    this.accountSid = accountSid;
    this.serviceSid = serviceSid;
    this.uniqueName = uniqueName;
    this.timers = timers;
  }

  String state() {
    return state;
  }

  boolean isClosed() {
    return state.equals("closed");
  }

  /// Closing lets go of the bindings, so that they may be used in another conversation.
  void become(String next) {
    state = next;
  }

  Optional<Participant> participant(String author) {
    return participants.stream().filter(it -> it.isNamed(author)).findFirst();
  }

  String service() {
    return serviceSid;
  }

  private String url() {
    return HOST + "/v1/Conversations/" + sid;
  }

  JsonObject json() {
    JsonObject timed = new JsonObject();
    timers.inactive().ifPresent(_ -> timed.put("date_inactive", shown(created)));
    timers.closed().ifPresent(_ -> timed.put("date_closed", shown(created)));
    return new JsonObject()
        .put("sid", sid)
        .put("account_sid", accountSid)
        .put("chat_service_sid", serviceSid)
        .put("messaging_service_sid", null)
        .put("friendly_name", null)
        .put("unique_name", orNull(uniqueName))
        .put("attributes", "{}")
        .put("date_created", shown(created))
        .put("date_updated", shown(created))
        .put("state", state)
        .put("timers", timed)
        .put("bindings", new JsonObject())
        .put("url", url())
        .put(
            "links",
            new JsonObject()
                .put("participants", url() + "/Participants")
                .put("messages", url() + "/Messages")
                .put("webhooks", url() + "/Webhooks"));
  }

  JsonObject json(Participant participant) {
    boolean chat = participant.address().isEmpty();
    return new JsonObject()
        .put("sid", participant.sid())
        .put("account_sid", accountSid)
        .put("conversation_sid", sid)
        .put("identity", chat ? participant.identity() : null)
        .put("attributes", "{}")
        .put(
            "messaging_binding",
            chat
                ? null
                : new JsonObject()
                    .put("type", Addresses.isWhatsApp(participant.address()) ? "whatsapp" : "sms")
                    .put("address", participant.address())
                    .put("proxy_address", participant.proxyAddress()))
        .put("role_sid", null)
        .put("date_created", shown(created))
        .put("date_updated", shown(created))
        .put("last_read_message_index", null)
        .put("last_read_timestamp", null)
        .put("url", url() + "/Participants/" + participant.sid());
  }

  JsonObject json(Hook hook) {
    return new JsonObject()
        .put("sid", hook.sid())
        .put("account_sid", accountSid)
        .put("conversation_sid", sid)
        .put("target", hook.target())
        .put(
            "configuration",
            new JsonObject()
                .put("url", hook.url())
                .put("method", "POST")
                .put("filters", new JsonArray(hook.filters())))
        .put("date_created", shown(created))
        .put("date_updated", shown(created))
        .put("url", url() + "/Webhooks/" + hook.sid());
  }

  JsonObject json(ConversationMessage message) {
    return new JsonObject()
        .put("sid", message.sid())
        .put("account_sid", accountSid)
        .put("conversation_sid", sid)
        .put("body", message.body())
        .put("media", null)
        .put("author", message.author())
        .put("participant_sid", orNull(message.participantSid()))
        .put("attributes", message.attributes())
        .put("date_created", shown(message.createdAt()))
        .put("date_updated", shown(message.createdAt()))
        .put("index", message.index())
        .put("delivery", null)
        .put("content_sid", orNull(message.contentSid()))
        .put("url", url() + "/Messages/" + message.sid())
        .put("links", new JsonObject());
  }

  /// A page of a list, the address of the next one in its `meta`.
  JsonObject page(List<JsonObject> items, String key, Slice slice) {
    List<JsonObject> shown =
        items.subList(
            Math.min(items.size(), slice.start()),
            Math.min(items.size(), slice.start() + slice.size()));
    boolean more = slice.start() + shown.size() < items.size();
    String list = url() + "/" + Character.toUpperCase(key.charAt(0)) + key.substring(1);
    JsonObject meta =
        new JsonObject()
            .put("page", slice.page())
            .put("page_size", slice.size())
            .put("first_page_url", list + slice.query(0))
            .put("previous_page_url", null)
            .put("url", list + slice.query(slice.page()))
            .put("next_page_url", more ? list + slice.query(slice.page() + 1) : null)
            .put("key", key);
    return new JsonObject().put("meta", meta).put(key, new JsonArray(new ArrayList<>(shown)));
  }

  /// Which part of a list.
  ///
  /// @param order `asc` or `desc`; empty where the list has but one
  record Slice(int page, int size, String order) {
    int start() {
      return page * size;
    }

    private String query(int other) {
      String ordered = order.isEmpty() ? "" : "Order=" + order + "&";
      return "?" + ordered + "PageSize=" + size + "&Page=" + other;
    }
  }

  private static @Nullable String orNull(Optional<String> text) {
    return text.orElse(null);
  }

  private static String shown(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
