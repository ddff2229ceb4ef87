package io.parley.customerio;

import io.parley.customerio.TriggerReading.Eligibility;
import io.parley.customerio.TriggerReading.RequestKey;
import io.parley.customerio.TriggerReading.Trigger;
import io.parley.engine.Address;
import io.parley.engine.Channel;
import io.parley.engine.Person;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads the body of a Journey webhook action.
///
/// Customer.io fixes no shape for it (every body is the user's own template), so Parley publishes
/// one and says what is wrong with anything else.
public final class TriggerPayload {

  private static final String FLOW = "/controls/flow";
  private static final String FROM = "/controls/from";
  private static final String PHONE = "/customer/phone";
  private static final String IDEMPOTENCY_KEY = "/controls/idempotency_key";
  private static final List<String> ATTRIBUTES =
      List.of(
          "email",
          "cio_id",
          "first_name",
          "language",
          "time_zone",
          "postal_code",
          "state",
          "region",
          "country");
  private static final int MAX_KEY_CHARACTERS = 255;

  private TriggerPayload() {}

  /// The published JSON Schema.
  public static String schema() {
    return PayloadSchema.TRIGGER.text();
  }

  /// A body that fits the schema.
  public static String example() {
    return PayloadSchema.TRIGGER.example();
  }

  /// @param deliveryKey the header `X-CIO-Idempotency-Key`, which Customer.io keeps through retries
  public static TriggerReading read(String body, Optional<String> deliveryKey, Defaults defaults) {
    return switch (Payload.open(body, PayloadSchema.TRIGGER)) {
      case Payload.Opening.Closed(Unreadable why) -> why;
      case Payload.Opening.Opened(Payload payload) -> read(payload, deliveryKey, defaults);
    };
  }

  private static TriggerReading read(
      Payload payload, Optional<String> deliveryKey, Defaults defaults) {
    Channel channel = channel(payload);
    Optional<Address> phone =
        payload.phone(PHONE, defaults.region()).map(e164 -> address(channel, e164));
    Optional<Address> from = from(payload, channel);
    Optional<RequestKey> key = key(payload, deliveryKey);
    var occurredAt = payload.instant("/trigger/occurred_at").orElse(defaults.receivedAt());
    payload.instant("/commerce/cart_snapshot_at");
    payload.requireCurrency("/commerce/currency");
    payload.requireZone("/customer/time_zone");
    Optional<String> externalId = payload.text("/customer/external_id");
    List<Consent> consents =
        payload.items("/consent").stream()
            .flatMap(
                item ->
                    ConsentPayload.ofTrigger(item, phone, externalId, defaults.receivedAt())
                        .read(payload)
                        .stream())
            .toList();
    Optional<Unreadable.Malformed> malformed = payload.malformed();
    if (malformed.isPresent()) {
      return malformed.get();
    }
    return new Trigger(
        payload.text(FLOW).orElseThrow(),
        phone.orElseThrow(),
        from,
        person(payload),
        key.orElseThrow(),
        occurredAt,
        eligibility(payload),
        payload.values(""),
        Duration.ZERO,
        consents);
  }

  /// The channel asked for; where none is, the one that the number's prefix tells.
  private static Channel channel(Payload payload) {
    boolean prefixed =
        payload.text(PHONE).filter(phone -> phone.startsWith(Phone.WHATSAPP_PREFIX)).isPresent();
    Optional<String> asked = payload.text("/controls/channel");
    if (prefixed && asked.filter(Channel.SMS.word()::equals).isPresent()) {
      payload.refuse(
          new Problem(
              PHONE, "is a WhatsApp address, but controls.channel is sms; send one or the other"));
    }
    return asked.map(Channel.WHATSAPP.word()::equals).orElse(prefixed)
        ? Channel.WHATSAPP
        : Channel.SMS;
  }

  private static Address address(Channel channel, String number) {
    return switch (channel) {
      case SMS, CONVERSATION -> new Address(number);
      case WHATSAPP -> new Address(Phone.WHATSAPP_PREFIX + number);
    };
  }

  /// Our sender. Whether it is one of ours is for the caller to know; here it must be one that
  /// replies can reach, so no alphanumeric sender.
  private static Optional<Address> from(Payload payload, Channel channel) {
    Optional<String> written = payload.text(FROM);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    String sender = written.get();
    boolean prefixed = sender.startsWith(Phone.WHATSAPP_PREFIX);
    String bare = Phone.withoutPrefix(sender);
    boolean number = bare.matches("\\+[1-9][0-9]{6,14}");
    if (prefixed && channel == Channel.SMS) {
      payload.refuse(
          new Problem(FROM, "is a WhatsApp sender, but the channel is sms; send one or the other"));
    } else if (!number && (prefixed || !bare.matches("[0-9]{3,8}|MG[0-9a-fA-F]{32}"))) {
      payload.refuse(FROM, "is no sender that a reply can reach");
    }
    return Optional.of(number ? address(channel, bare) : new Address(bare));
  }

  private static Optional<RequestKey> key(Payload payload, Optional<String> deliveryKey) {
    Optional<String> sent = payload.text(IDEMPOTENCY_KEY);
    Optional<String> delivery = deliveryKey.map(String::strip).filter(key -> !key.isEmpty());
    if (delivery.filter(key -> key.length() > MAX_KEY_CHARACTERS).isPresent()) {
      payload.refuse(
          new Problem(
              "",
              "came with a header X-CIO-Idempotency-Key of more than %d characters; shorten it"
                  .formatted(MAX_KEY_CHARACTERS)));
    }
    if (sent.isEmpty() && delivery.isEmpty()) {
      payload.refuse(IDEMPOTENCY_KEY, "is missing, and so is the header X-CIO-Idempotency-Key");
    }
    return sent.or(() -> delivery)
        .map(key -> new RequestKey(key, delivery.filter(alias -> !alias.equals(key))));
  }

  private static Person person(Payload payload) {
    Values attributes = Values.EMPTY;
    for (String name : ATTRIBUTES) {
      Optional<String> value = payload.text("/customer/" + name);
      if (value.isPresent()) {
        attributes = attributes.with(name, value.get());
      }
    }
    return new Person(payload.text("/customer/external_id"), attributes);
  }

  private static Eligibility eligibility(Payload payload) {
    return new Eligibility(
        payload.flag("/controls/suppressed"),
        payload.texts("/controls/reasons"),
        payload.text("/controls/experiment_cohort"),
        payload.text("/controls/frequency_cap_key"));
  }
}
