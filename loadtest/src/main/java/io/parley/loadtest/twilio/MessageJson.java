package io.parley.loadtest.twilio;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Messages in the shape of Twilio's API.
final class MessageJson {

  private static final DateTimeFormatter RFC_2822 =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.US)
          .withZone(ZoneOffset.UTC);

  private MessageJson() {}

  static JsonObject of(SentMessage message, String accountSid) {
    String uri = StandInTwilio.messagesPath(accountSid) + "/" + message.sid();
    // A service chooses its sender only when the message's turn comes.
    boolean undecided =
        message.messagingServiceSid().isPresent() && message.status() == DeliveryStatus.QUEUED;
    return new JsonObject()
        .put("account_sid", accountSid)
        .put("api_version", StandInTwilio.API_VERSION)
        .put("body", message.body())
        .put("date_created", RFC_2822.format(message.receivedAt()))
        .put("date_sent", date(message.sentAt()))
        .put("date_updated", RFC_2822.format(message.updatedAt()))
        .put("direction", message.direction().word())
        .put("error_code", errorCode(message))
        .put("error_message", errorText(message))
        .put("from", undecided ? null : message.from())
        .put("messaging_service_sid", message.messagingServiceSid().orElse(null))
        .put("num_media", Integer.toString(message.mediaUrls().size()))
        .put("num_segments", Integer.toString(undecided ? 0 : message.segments()))
        .put("price", null)
        .put("price_unit", "USD")
        .put("sid", message.sid())
        .put("status", undecided ? "accepted" : message.status().word())
        .put("subresource_uris", new JsonObject().put("media", uri + "/Media.json"))
        .put("to", message.to())
        .put("uri", uri + ".json");
  }

  private static @Nullable String date(Optional<Instant> instant) {
    return instant.map(RFC_2822::format).orElse(null);
  }

  private static @Nullable Integer errorCode(SentMessage message) {
    return message.errorCode().isPresent() ? message.errorCode().getAsInt() : null;
  }

  private static @Nullable String errorText(SentMessage message) {
    return message.errorCode().isPresent() ? ErrorTexts.of(message.errorCode().getAsInt()) : null;
  }
}
