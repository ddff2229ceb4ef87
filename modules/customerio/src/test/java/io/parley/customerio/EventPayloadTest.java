package io.parley.customerio;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.customerio.EventReading.Consented;
import io.parley.customerio.EventReading.Happening;
import io.parley.customerio.EventReading.Purchase;
import io.parley.customerio.Unreadable.Malformed;
import io.parley.customerio.Unreadable.TooLarge;
import io.parley.engine.Address;
import io.parley.engine.Event;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventPayloadTest {

  private static final Instant RECEIVED = Instant.parse("2026-03-01T12:00:00Z");
  private static final Defaults DEFAULTS = new Defaults("US", RECEIVED);

  private static final String PURCHASE =
      """
      {"schema_version": 1, "event": "Order Completed", "id": "evt-1",
       "occurred_at": 1772360100,
       "customer": {"external_id": "42", "phone": "(415) 555-0100"},
       "properties": {"order_id": 1001, "value": 82.5, "currency": "USD", "coupon": "SAVE"},
       "source": "shop"}
      """;

  @Test
  void aPurchaseIsRead() {
    Purchase purchase = purchase(PURCHASE);

    assertThat(purchase.id()).isEqualTo("evt-1");
    assertThat(purchase.name()).isEqualTo("Order Completed");
    assertThat(purchase.externalId()).contains("42");
    assertThat(purchase.phone()).contains(new Address("+14155550100"));
    assertThat(purchase.event())
        .isEqualTo(
            new Event.PurchaseSeen(
                "1001",
                Values.of("order_id", 1001L)
                    .with("value", 82.5)
                    .with("currency", "USD")
                    .with("coupon", "SAVE"),
                Instant.parse("2026-03-01T10:15:00Z")));
  }

  /// Else a shop's clock would hold a purchaser back for as long as it is ahead.
  @Test
  void nothingHappensLaterThanItIsToldOf() {
    String ahead = PURCHASE.replace("1772360100", "\"2053-07-14T00:00:00Z\"");

    assertThat(purchase(ahead).occurredAt()).isEqualTo(RECEIVED);
  }

  @Test
  void theEventIdStandsInForTheOrderId() {
    Purchase purchase =
        purchase(
            """
            {"schema_version": "1", "event": "purchase", "id": 7, "customer": {"external_id": 42}}
            """);

    assertThat(purchase.id()).isEqualTo("7");
    assertThat(purchase.orderId()).isEqualTo("7");
    assertThat(purchase.phone()).isEqualTo(Optional.empty());
    assertThat(purchase.properties()).isEqualTo(Values.EMPTY);
    assertThat(purchase.occurredAt()).isEqualTo(RECEIVED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Order Completed", "order_completed", "ORDER-PLACED", "Placed Order", "purchased"})
  void synonymsOfAPurchaseAreTaken(String name) {
    assertThat(purchase(PURCHASE.replace("Order Completed", name)).name()).isEqualTo(name);
  }

  @Test
  void anyOtherEventIsToldByItsName() {
    assertThat(EventPayload.read(PURCHASE.replace("Order Completed", "Order Shipped"), DEFAULTS))
        .isInstanceOfSatisfying(
            Happening.class,
            happening -> {
              assertThat(happening.id()).isEqualTo("evt-1");
              assertThat(happening.externalId()).contains("42");
              assertThat(happening.event().name()).isEqualTo("Order Shipped");
              assertThat(happening.event().properties().text("coupon")).contains("SAVE");
            });
  }

  @Test
  void aConsentIsReadWithItsEvidenceAndStillAnEvent() {
    assertThat(EventPayload.read(CONSENT, DEFAULTS))
        .isInstanceOfSatisfying(
            Consented.class,
            told -> {
              assertThat(told.consent())
                  .isEqualTo(
                      new Consent(
                          Optional.of("+14155550100"),
                          Optional.of("42"),
                          ConsentChannel.WHATSAPP,
                          "marketing",
                          Consent.State.REVOKED,
                          Consent.Method.PREFERENCES,
                          "shop",
                          "https://shop.example.com/preferences",
                          Instant.parse("2026-03-01T10:15:00Z")));
              assertThat(told.event())
                  .isEqualTo(
                      new Event.ConsentRevoked(
                          told.consent(), "consent_revoked", told.properties()));
            });
    assertThat(EventPayload.read(CONSENT.replace("consent_revoked", "Consent Granted"), DEFAULTS))
        .isInstanceOfSatisfying(
            Consented.class,
            told -> assertThat(told.consent().state()).isEqualTo(Consent.State.GRANTED));
  }

  @Test
  void aConsentWithoutPhoneIsThePersons() {
    assertThat(EventPayload.read(CONSENT.replace("(415) 555-0100", " "), DEFAULTS))
        .isInstanceOfSatisfying(
            Consented.class, told -> assertThat(told.consent().address()).isEmpty());
  }

  @Test
  void whatAListSaysIsSaidByNobodyElse() {
    assertThat(problems(CONSENT.replace("\"preferences\"", "\"subscription\"")))
        .singleElement()
        .asString()
        .startsWith("/properties/method is none of checkout");
  }

  @Test
  void whatIsWrongWithAConsentIsTold() {
    assertThat(problems(CONSENT.replace("whatsapp", "fax").replace("preferences\"", "fax\"")))
        .containsExactly(
            "/properties/channel is none of sms, whatsapp, email; send the channel that a consent"
                + " is about: sms, whatsapp or email, for example \"sms\"",
            "/properties/method is none of checkout, form, keyword, double_opt_in, preferences,"
                + " import, agent, other; send how a consent was said: checkout, form, keyword,"
                + " double_opt_in, preferences, import, agent or other, for example \"preferences\"");
  }

  /// The history's key would not hold it, and the event would be sent again for ever.
  @Test
  void aConsentToWhatHasNoShortNameIsRefused() {
    String programme = CONSENT.replace("\"method\"", "\"programme\": \"%s\", \"method\"");
    String mail = CONSENT.replace("whatsapp\"", "email\", \"email\": \"%s\"");

    assertThat(problems(programme.formatted("p".repeat(101))))
        .singleElement()
        .asString()
        .startsWith("/properties/programme is longer than 100 characters; send what the messages");
    assertThat(problems(mail.formatted("e".repeat(321))))
        .singleElement()
        .asString()
        .startsWith("/properties/email is longer than 320 characters; send the e-mail address");
    assertThat(EventPayload.read(programme.formatted("p".repeat(100)), DEFAULTS))
        .isInstanceOf(Consented.class);
  }

  private static final String CONSENT =
      """
      {"schema_version": 1, "event": "consent_revoked", "id": "evt-1",
       "occurred_at": 1772360100,
       "customer": {"external_id": "42", "phone": "(415) 555-0100"},
       "properties": {"channel": "whatsapp", "method": "preferences",
                      "evidence": "https://shop.example.com/preferences"},
       "source": "shop"}
      """;

  @Test
  void anEventIsNamed() {
    assertThat(problems(PURCHASE.replace("Order Completed", "--")))
        .containsExactly(
            "/event has neither letters nor digits; send the event's name, for example \"Order"
                + " Completed\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"phone\": \"\"}", "{\"external_id\": null, \"phone\": \" \"}"})
  void aPurchaseOfNobodyIsRefused(String customer) {
    String body =
        """
        {"schema_version": 1, "event": "purchase", "id": "7", "customer": %s}
        """
            .formatted(customer);

    assertThat(problems(body))
        .containsExactly(
            "/customer names nobody; send whom it happened to: external_id, phone or both");
  }

  @Test
  void everyProblemIsToldAtOnce() {
    assertThat(
            problems(
                """
                {"event": "purchase", "occurred_at": "now", "customer": {"phone": "1"},
                 "properties": {"currency": "dollars", "value": "much"}}
                """))
        .extracting(problem -> problem.substring(0, problem.indexOf(' ')))
        .containsExactly(
            "/customer/phone",
            "/id",
            "/occurred_at",
            "/properties/currency",
            "/properties/value",
            "/schema_version");
  }

  private static Purchase purchase(String body) {
    return switch (EventPayload.read(body, DEFAULTS)) {
      case Purchase purchase -> purchase;
      case Happening happening -> throw new AssertionError("no purchase: " + happening);
      case Consented consented -> throw new AssertionError("no purchase: " + consented);
      case Unreadable unreadable -> throw new AssertionError("refused: " + unreadable);
    };
  }

  private static List<String> problems(String body) {
    return switch (EventPayload.read(body, DEFAULTS)) {
      case Malformed malformed -> malformed.problems().stream().map(Problem::toString).toList();
      case TooLarge large -> throw new AssertionError(large);
      case EventReading.Told told -> throw new AssertionError("taken: " + told);
    };
  }
}
