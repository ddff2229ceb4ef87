package io.parley.customerio;

import io.parley.customerio.TriggerReading.Eligibility;
import io.parley.customerio.TriggerReading.RequestKey;
import io.parley.customerio.TriggerReading.Trigger;
import io.parley.engine.Address;
import io.parley.engine.Person;
import io.parley.engine.Values;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the body of `POST /studio/trigger`: what the destination Twilio Studio is configured with
/// (flow, sender, cooling-off) and the event of Segment's specification that set it off.
///
/// The flow reads the whole event as `flow.data` (`flow.data.userId`,
/// `flow.data.properties.total`), and the entries of `parameters` at its top.
public final class StudioTriggerPayload {

  private static final String FLOW = "/flow_sid";
  private static final String FROM = "/from";
  private static final String COOLING_OFF = "/cooling_off";

  /// Where the phone number is looked for, in this order.
  private static final List<String> PHONES =
      List.of("/to", "/traits/phone", "/context/traits/phone", "/properties/phone");

  /// Source: the destination's documentation, Cooling-off Period.
  private static final Duration USUAL_COOLING_OFF = Duration.ofSeconds(60);

  private static final Duration LONGEST_COOLING_OFF = Duration.ofDays(30);
  private static final int MAX_KEY_CHARACTERS = 255;

  private StudioTriggerPayload() {}

  /// The published JSON Schema.
  public static String schema() {
    return PayloadSchema.STUDIO_TRIGGER.text();
  }

  /// A body that fits the schema.
  public static String example() {
    return PayloadSchema.STUDIO_TRIGGER.example();
  }

  /// @param deliveryKey the header `X-CIO-Idempotency-Key`, which Customer.io keeps through retries
  public static TriggerReading read(String body, Optional<String> deliveryKey, Defaults defaults) {
    return switch (Payload.open(body, PayloadSchema.STUDIO_TRIGGER)) {
      case Payload.Opening.Closed(Unreadable why) -> why;
      case Payload.Opening.Opened(Payload payload) -> read(payload, deliveryKey, defaults);
    };
  }

  private static TriggerReading read(
      Payload payload, Optional<String> deliveryKey, Defaults defaults) {
    Optional<String> flow = payload.text(FLOW).or(() -> payload.text("/flow"));
    if (flow.isEmpty()) {
      payload.refuse(FLOW, "is missing, and so is /flow");
    }
    boolean whatsapp = isWhatsApp(payload);
    Optional<Address> to = to(payload, whatsapp, defaults);
    Optional<Address> from = from(payload, whatsapp);
    Optional<RequestKey> key = key(payload, deliveryKey, flow.orElse(""));
    Duration coolingOff = coolingOff(payload);
    var occurredAt = payload.instant("/timestamp").orElse(defaults.receivedAt());
    Optional<Unreadable.Malformed> malformed = payload.malformed();
    if (malformed.isPresent()) {
      return malformed.get();
    }
    return new Trigger(
        flow.orElseThrow(),
        to.orElseThrow(),
        from,
        person(payload),
        key.orElseThrow(),
        occurredAt,
        new Eligibility(false, List.of(), Optional.empty(), Optional.empty()),
        data(payload),
        coolingOff,
        List.of());
  }

  private static boolean isWhatsApp(Payload payload) {
    return List.of("/to", FROM).stream()
        .anyMatch(
            pointer ->
                payload
                    .text(pointer)
                    .filter(address -> address.startsWith(Phone.WHATSAPP_PREFIX))
                    .isPresent());
  }

  private static Optional<Address> to(Payload payload, boolean whatsapp, Defaults defaults) {
    Optional<String> place =
        PHONES.stream().filter(pointer -> payload.text(pointer).isPresent()).findFirst();
    if (place.isEmpty()) {
      payload.refuse(
          "/to", "is missing, and so is a phone in traits, context.traits and properties");
    }
    return place
        .flatMap(pointer -> payload.phone(pointer, defaults.region()))
        .map(e164 -> address(e164, whatsapp));
  }

  private static Optional<Address> from(Payload payload, boolean whatsapp) {
    Optional<String> sender = payload.text(FROM).map(Phone::withoutPrefix);
    if (sender.isEmpty()) {
      return Optional.empty();
    }
    boolean number = sender.get().matches("\\+[1-9][0-9]{6,14}");
    if (!number && (whatsapp || !sender.get().matches("[0-9]{3,8}|MG[0-9a-fA-F]{32}"))) {
      payload.refuse(FROM, "is no sender that a reply can reach");
    }
    return Optional.of(number ? address(sender.get(), whatsapp) : new Address(sender.get()));
  }

  private static Address address(String number, boolean whatsapp) {
    return new Address(whatsapp ? Phone.WHATSAPP_PREFIX + number : number);
  }

  /// One event may set off several flows, and is a repeat for each of them only.
  private static Optional<RequestKey> key(
      Payload payload, Optional<String> deliveryKey, String flow) {
    Optional<String> delivery = deliveryKey.map(String::strip).filter(key -> !key.isEmpty());
    if (delivery.filter(key -> key.length() > MAX_KEY_CHARACTERS).isPresent()) {
      payload.refuse(
          new Problem(
              "",
              "came with a header X-CIO-Idempotency-Key of more than %d characters; shorten it"
                  .formatted(MAX_KEY_CHARACTERS)));
    }
    Optional<String> sent =
        payload
            .text("/idempotency_key")
            .or(() -> payload.text("/messageId").map(id -> flow + ":" + id));
    if (sent.isEmpty() && delivery.isEmpty()) {
      payload.refuse(
          "/messageId",
          "is missing, and so are idempotency_key and the header X-CIO-Idempotency-Key");
    }
    return sent.or(() -> delivery)
        .map(key -> new RequestKey(key, delivery.filter(alias -> !alias.equals(key))));
  }

  private static Duration coolingOff(Payload payload) {
    Optional<Duration> asked =
        payload
            .text(COOLING_OFF)
            .filter(text -> text.matches("[0-9]{1,9}"))
            .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    if (payload.text(COOLING_OFF).isPresent()
        && asked.filter(it -> it.compareTo(LONGEST_COOLING_OFF) <= 0).isEmpty()) {
      payload.refuse(COOLING_OFF, "is not from 0 to " + LONGEST_COOLING_OFF.toSeconds());
    }
    return asked.orElse(USUAL_COOLING_OFF);
  }

  private static Person person(Payload payload) {
    Values attributes = Values.EMPTY;
    Map<String, List<String>> places = new LinkedHashMap<>();
    places.put("email", List.of("email"));
    places.put("first_name", List.of("first_name", "firstName"));
    places.put("time_zone", List.of("time_zone", "timezone"));
    places.put("postal_code", List.of("postal_code", "address/postal_code", "address/postalCode"));
    places.put("state", List.of("state", "address/state"));
    places.put("country", List.of("country", "address/country"));
    for (Map.Entry<String, List<String>> place : places.entrySet()) {
      Optional<String> value =
          place.getValue().stream()
              .flatMap(name -> List.of("/traits/" + name, "/context/traits/" + name).stream())
              .flatMap(pointer -> payload.text(pointer).stream())
              .findFirst();
      if (value.isPresent()) {
        attributes = attributes.with(place.getKey(), value.get());
      }
    }
    return new Person(payload.text("/userId"), attributes);
  }

  private static Values data(Payload payload) {
    Map<String, Object> event = new LinkedHashMap<>(payload.values("").entries());
    event.remove("parameters");
    return new Values(event).with(payload.values("/parameters"));
  }
}
