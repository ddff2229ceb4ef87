package io.parley.customerio.segment;

import io.parley.customerio.Defaults;
import io.parley.customerio.EventPayload;
import io.parley.customerio.EventReading;
import io.parley.customerio.EventReading.Happening;
import io.parley.customerio.EventReading.Purchase;
import io.parley.customerio.EventReading.Told;
import io.parley.customerio.Problem;
import io.parley.customerio.Unreadable;
import io.parley.engine.Address;
import io.parley.engine.Event;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a call tells of its person as an event, as the body of `POST /events` does: an order, a
/// consent, or anything that a flow may wait for.
public sealed interface Tidings {

  record Heard(Told told) implements Tidings {}

  /// As in the schema of `POST /events`. What is longer names no order.
  int MAX_ORDER_ID_CHARACTERS = 255;

  /// It tells of no event.
  record None() implements Tidings {}

  /// Its person has neither an id nor a number.
  record Nobodys() implements Tidings {}

  /// A consent of which it cannot be told what it is about.
  record Malformed(List<Problem> problems) implements Tidings {
    public Malformed {
      problems = List.copyOf(problems);
    }
  }

  /// @param source whose key the call came with
  /// @param phone the person's number, where it is known
  static Tidings of(SegmentCall call, String source, Optional<Address> phone) {
    Optional<String> event = call.event();
    if (event.isEmpty()) {
      return new None();
    }
    if (call.who().userId().isEmpty() && phone.isEmpty()) {
      return new Nobodys();
    }
    String id = source + ":" + call.messageId();
    if (isConsent(event.get())) {
      return consent(call, id, phone);
    }
    return new Heard(
        call.type() == CallType.TRACK && Event.PurchaseSeen.isNamed(event.get())
            ? new Purchase(
                id,
                event.get(),
                call.who().userId(),
                phone,
                orderId(call.properties()).orElse(id),
                call.properties(),
                call.timestamp())
            : new Happening(
                id, event.get(), call.who().userId(), phone, call.properties(), call.timestamp()));
  }

  /// What is wrong with what a call tells of a consent.
  static List<Problem> problems(SegmentCall call) {
    Optional<String> event = call.event();
    return event.isPresent()
            && isConsent(event.get())
            && consent(call, "", Optional.empty()) instanceof Malformed(List<Problem> problems)
        ? problems
        : List.of();
  }

  private static boolean isConsent(String event) {
    String plain = Event.EventSeen.plain(event);
    return plain.equals("consentgranted") || plain.equals("consentrevoked");
  }

  private static Optional<String> orderId(Values properties) {
    return Stream.of("order_id", "orderId")
        .map(name -> properties.entries().get(name))
        .filter(it -> it instanceof String || it instanceof Long)
        .map(it -> String.valueOf(it).strip())
        .filter(it -> !it.isEmpty() && it.length() <= MAX_ORDER_ID_CHARACTERS)
        .findFirst();
  }

  private static Tidings consent(SegmentCall call, String id, Optional<Address> phone) {
    Values customer = Values.EMPTY;
    if (call.who().userId().isPresent()) {
      customer = customer.with("external_id", call.who().userId().get());
    } else if (phone.isEmpty()) {
      customer = customer.with("external_id", call.who().subject());
    }
    if (phone.isPresent()) {
      customer = customer.with("phone", phone.get().value());
    }
    Values properties = call.properties();
    Optional<String> email =
        properties.text("email").or(() -> call.context().object("traits").text("email"));
    if (email.isPresent()) {
      properties = properties.with("email", email.get());
    }
    Values body =
        Values.of("schema_version", 1)
            .with("event", call.name())
            .with("id", id.isEmpty() ? "unnamed" : id)
            .with("occurred_at", call.timestamp().toString())
            .with("customer", customer)
            .with("properties", properties);
    EventReading reading =
        EventPayload.read(Json.print(body.entries()), new Defaults("US", call.timestamp()));
    return switch (reading) {
      case Told told -> new Heard(told);
      case Unreadable.Malformed(List<Problem> problems) -> new Malformed(problems);
      case Unreadable.TooLarge large -> new Malformed(List.of(new Problem("", large.sentence())));
    };
  }
}
