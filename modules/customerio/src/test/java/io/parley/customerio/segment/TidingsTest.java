package io.parley.customerio.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.customerio.EventReading.Consented;
import io.parley.customerio.EventReading.Happening;
import io.parley.customerio.EventReading.Purchase;
import io.parley.customerio.Problem;
import io.parley.customerio.segment.SegmentBody.Opened;
import io.parley.engine.Address;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What calls tell of their persons: events, traits and numbers.
class TidingsTest {

  private static final Instant RECEIVED = Instant.parse("2026-03-01T12:00:00Z");
  private static final Optional<Address> PHONE = Optional.of(new Address("+14155550142"));

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'order_id': '1001'}; 1001",
        "{'orderId': 1001}; 1001",
        "{'order_id': ' '}; shop:m1",
        "{'order_id': {}}; shop:m1",
        "{}; shop:m1"
      })
  void anOrderIsNamedByItsIdElseByItsCall(String properties, String orderId) {
    SegmentCall call =
        call(
            CallType.TRACK,
            "{'userId': '42', 'event': 'Order Completed', 'messageId': 'm1', 'properties': "
                + properties
                + "}");

    assertThat(Tidings.of(call, "shop", PHONE))
        .isInstanceOfSatisfying(
            Tidings.Heard.class,
            heard -> {
              Purchase order = (Purchase) heard.told();
              assertThat(order.orderId()).isEqualTo(orderId);
              assertThat(order.externalId()).contains("42");
              assertThat(order.phone()).isEqualTo(PHONE);
              assertThat(order.id()).isEqualTo("shop:m1");
            });
  }

  /// An index of the database takes no key of that length.
  @Test
  void whatIsTooLongNamesNoOrder() {
    SegmentCall call =
        call(
            CallType.TRACK,
            "{'userId': '42', 'event': 'Order Completed', 'messageId': 'm1', 'properties':"
                + " {'order_id': '"
                + "1".repeat(256)
                + "', 'orderId': '1001'}}");

    assertThat(Tidings.of(call, "shop", PHONE))
        .isInstanceOfSatisfying(
            Tidings.Heard.class,
            heard -> assertThat(((Purchase) heard.told()).orderId()).isEqualTo("1001"));
  }

  @Test
  void aConsentIsReadWithWhatTheContextTells() {
    SegmentCall call =
        call(
            CallType.TRACK,
            """
            {'anonymousId': 'a', 'event': 'consent granted', 'messageId': 'm1',
             'timestamp': '2026-03-01T11:00:00Z',
             'properties': {'channel': 'email', 'method': 'checkout'},
             'context': {'traits': {'email': 'a@b.c'}}}
            """);

    assertThat(Tidings.of(call, "shop", PHONE))
        .isInstanceOfSatisfying(
            Tidings.Heard.class,
            heard -> {
              Consent consent = ((Consented) heard.told()).consent();
              assertThat(consent.channel()).isEqualTo(ConsentChannel.EMAIL);
              assertThat(consent.address()).contains("a@b.c");
              assertThat(consent.method()).isEqualTo(Consent.Method.CHECKOUT);
              assertThat(consent.at()).isEqualTo(Instant.parse("2026-03-01T11:00:00Z"));
            });
  }

  @Test
  void aConsentThatNamesNoChannelIsMalformed() {
    SegmentCall call =
        call(CallType.TRACK, "{'userId': '42', 'event': 'Consent Revoked', 'messageId': 'm1'}");

    assertThat(Tidings.problems(call))
        .extracting(Problem::pointer)
        .containsExactly("/properties/channel");
    assertThat(Tidings.of(call, "shop", PHONE)).isInstanceOf(Tidings.Malformed.class);
  }

  @Test
  void whatIsNoEventIsToldToNobodyAndWhatIsNobodysIsNot() {
    SegmentCall anonymous = call(CallType.TRACK, "{'anonymousId': 'a', 'event': 'Viewed'}");

    assertThat(Tidings.of(call(CallType.IDENTIFY, "{'userId': '42'}"), "shop", PHONE))
        .isInstanceOf(Tidings.None.class);
    assertThat(Tidings.of(call(CallType.PAGE, "{'userId': '42'}"), "shop", PHONE))
        .isInstanceOf(Tidings.None.class);
    assertThat(Tidings.of(anonymous, "shop", Optional.empty())).isInstanceOf(Tidings.Nobodys.class);
    assertThat(Tidings.of(anonymous, "shop", PHONE))
        .isInstanceOfSatisfying(
            Tidings.Heard.class, heard -> assertThat(heard.told()).isInstanceOf(Happening.class));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "-",
      value = {
        "{'traits': {'phone': '+14155550101'}, 'context': {'traits': {'phone': '+14155550102'}}}; +14155550101",
        "{'context': {'traits': {'phone': '(415) 555-0102'}}, 'properties': {'phone': '+14155550103'}}; +14155550102",
        "{'properties': {'phone': 14155550103}}; +14155550103",
        "{'traits': {'phone': 'none'}}; +14155550142",
        "{}; +14155550142"
      })
  void aNumberIsLookedForInTheCallFirst(String places, String phone) {
    SegmentCall call =
        call(
            CallType.TRACK,
            places.replaceFirst("[{]", "{'userId': '42', 'event': 'e', ").replace(", }", "}"));

    assertThat(CallPhone.of(call, Values.of("phone", "+14155550142"), "US"))
        .contains(new Address(phone));
  }

  @Test
  void aGroupsNumberIsNobodysOfItsMembers() {
    SegmentCall call =
        call(
            CallType.GROUP,
            "{'userId': '42', 'groupId': 'g', 'traits': {'phone': '+14155550101', 'n': 1}}");

    assertThat(CallPhone.of(call, Values.EMPTY, "US")).isEmpty();
    assertThat(CallTraits.of(call, "US").values()).isEqualTo(Values.EMPTY);
  }

  @Test
  void aTraitThatIsTooLongIsCutOrNotKept() {
    SegmentCall call =
        call(
            CallType.IDENTIFY,
            "{'userId': '42', 'traits': {'phone': '(415) 555-0142', 'text': '%1$s', 'list': ['%1$s'], 'gone': null, '%2$s': 1}}"
                .formatted("x".repeat(1_001), "n".repeat(151)));

    CallTraits traits = CallTraits.of(call, "US");

    assertThat(traits.values().entries()).containsOnlyKeys("phone", "text");
    assertThat(traits.values().text("phone")).contains("+14155550142");
    assertThat(traits.values().text("text")).get().asString().endsWith("…[cut]");
    assertThat(traits.cleared()).containsExactly("gone", "list");
    assertThat(traits.unfit()).first().isEqualTo("list");
    assertThat(traits.unfit()).hasSize(2);
  }

  private static SegmentCall call(CallType type, String body) {
    byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    if (SegmentBody.open(bytes, Optional.of(type)) instanceof Opened(SegmentBody opened)) {
      List<SegmentCall> calls = opened.read(RECEIVED, "request").calls();
      return calls.getFirst();
    }
    throw new AssertionError("it was refused");
  }
}
