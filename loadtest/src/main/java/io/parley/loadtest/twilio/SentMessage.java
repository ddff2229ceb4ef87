package io.parley.loadtest.twilio;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A message as the stand-in keeps it; `receivedAt` is when the request (or the customer's message)
/// arrived, `sentAt` when its sender's turn came.
public record SentMessage(
    String sid,
    Direction direction,
    String to,
    String from,
    Optional<String> messagingServiceSid,
    String body,
    List<String> mediaUrls,
    Optional<String> contentSid,
    Optional<String> contentVariables,
    Optional<String> statusCallback,
    int segments,
    DeliveryStatus status,
    OptionalInt errorCode,
    Instant receivedAt,
    Optional<Instant> sentAt,
    Instant updatedAt) {

  public SentMessage {
    mediaUrls = List.copyOf(mediaUrls);
  }

  /// Whether it was created by a request to the API, and not by Twilio or the customer.
  public boolean viaApi() {
    return direction == Direction.OUTBOUND_API;
  }

  public boolean whatsApp() {
    return Addresses.isWhatsApp(to);
  }

  SentMessage at(DeliveryStatus next, OptionalInt error, Instant now) {
    Optional<Instant> sent =
        sentAt.isPresent() || next == DeliveryStatus.CANCELED ? sentAt : Optional.of(now);
    return new SentMessage(
        sid,
        direction,
        to,
        from,
        messagingServiceSid,
        body,
        mediaUrls,
        contentSid,
        contentVariables,
        statusCallback,
        segments,
        next,
        error,
        receivedAt,
        sent,
        now);
  }

  SentMessage redacted(Instant now) {
    return new SentMessage(
        sid,
        direction,
        to,
        from,
        messagingServiceSid,
        "",
        mediaUrls,
        contentSid,
        contentVariables,
        statusCallback,
        segments,
        status,
        errorCode,
        receivedAt,
        sentAt,
        now);
  }
}
