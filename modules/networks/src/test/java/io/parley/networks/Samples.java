package io.parley.networks;

import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Person;
import io.parley.engine.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Outcomes to tell networks of.
final class Samples {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  /// When the orders were placed.
  static final Instant BOUGHT = Instant.parse("2026-03-01T10:15:00Z");

  static final Address CONTACT = new Address("whatsapp:+14155550100");

  static final Person ASHA =
      new Person(
          Optional.of("cust-42"),
          Values.of("email", "Asha@Example.com").with("first_name", "Asha"));

  /// SHA-256 of `asha@example.com`, `14155550100`, `+14155550100` and `cust-42`.
  static final String EMAIL = "ea4e36a829983d27e865b649cd10fcb61f2f1bcd857b47ab709e7adbe941ab68";

  static final String DIGITS = "5e7ec4c79ccac6e420876e65ad0e6b4b2ccf73ec3dccb50297bf2890a1ec73b9";
  static final String E164 = "40d3f4e02db27d66cf4cfdda506c2c945f115a7955cc8491dda98ce5beabcda0";
  static final String ID = "8a3c5a67cad508582b5edf6b8352cea3ffbad7f44812c1a736b4444c0f5746aa";

  private static final ConversationId CONVERSATION =
      ConversationId.parse("00000000-0000-8000-8000-000000000001");

  private Samples() {}

  /// As the engine tells an order, with all that belongs to the conversation and to nobody else.
  static Values order(String id) {
    return Values.of("order_id", id)
        .with("conversation_id", CONVERSATION.toString())
        .with("channel", "whatsapp")
        .with("sender", "whatsapp:+14155550199")
        .with("flow", "cart")
        .with("experiment_cohort", "b")
        .with("purchased_at", BOUGHT.toString())
        .with("value", 82.5)
        .with("currency", "USD")
        .with("coupon", "SPRING10")
        .with("items", List.of(Values.of("name", "Day cream")))
        .with("shipping_address", Values.of("street", "1 Main Street"));
  }

  static Effect.ReportOutcome conversion(int index) {
    return conversion(index, order("order-" + index));
  }

  static Effect.ReportOutcome conversion(int index, Values properties) {
    return outcome(index, "conversion", ASHA, properties);
  }

  static Effect.ReportOutcome outcome(int index, String name, Person person, Values properties) {
    return new Effect.ReportOutcome(
        id(index), name, person, CONTACT, properties, BOUGHT.plus(Duration.ofSeconds(2)));
  }

  static List<Effect.Outgoing> conversions(int count) {
    return IntStream.range(0, count).mapToObj(n -> (Effect.Outgoing) conversion(n)).toList();
  }

  static EffectId id(int index) {
    return new EffectId(CONVERSATION, 3, index);
  }
}
