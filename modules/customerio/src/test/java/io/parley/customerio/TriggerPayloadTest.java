package io.parley.customerio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import io.parley.customerio.TriggerReading.Eligibility;
import io.parley.customerio.TriggerReading.RequestKey;
import io.parley.customerio.TriggerReading.Trigger;
import io.parley.customerio.Unreadable.Malformed;
import io.parley.customerio.Unreadable.TooLarge;
import io.parley.engine.Address;
import io.parley.engine.Channel;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TriggerPayloadTest {

  private static final Instant RECEIVED = Instant.parse("2026-03-01T12:00:00Z");
  private static final Defaults DEFAULTS = new Defaults("US", RECEIVED);
  private static final Optional<String> NO_HEADER = Optional.empty();

  private static final String SMALLEST =
      """
      {"schema_version": 1,
       "trigger": {"type": "cart_abandoned"},
       "customer": {"phone": "+14155550100"},
       "controls": {"flow": "cart-recovery", "idempotency_key": "k1"}}
      """;

  @Test
  void thePublishedSchemaIsASchema() {
    var meta =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    assertThat(meta.validate(json(TriggerPayload.schema()))).isEmpty();
    assertThat(meta.validate(json(EventPayload.schema()))).isEmpty();
    assertThat(meta.validate(json(StudioTriggerPayload.schema()))).isEmpty();
  }

  @Test
  void thePublishedExampleIsRead() {
    String example = json(TriggerPayload.schema()).at("/examples/0").toString();

    Trigger trigger = trigger(example, Optional.of("delivery-1"));

    assertThat(trigger.flow()).isEqualTo("cart-recovery");
    assertThat(trigger.channel()).isEqualTo(Channel.SMS);
    assertThat(trigger.phone()).isEqualTo(new Address("+14155550100"));
    assertThat(trigger.from()).isEmpty();
    assertThat(trigger.person().externalId()).contains("42");
    assertThat(trigger.person().attributes().entries())
        .containsExactly(
            Map.entry("email", "jane@example.com"),
            Map.entry("first_name", "Jane"),
            Map.entry("language", "en-US"),
            Map.entry("time_zone", "America/New_York"),
            Map.entry("postal_code", "10001"),
            Map.entry("state", "NY"),
            Map.entry("country", "US"));
    assertThat(trigger.key())
        .isEqualTo(new RequestKey("42:cart_abandoned:2026-03-01", Optional.of("delivery-1")));
    assertThat(trigger.occurredAt()).isEqualTo(Instant.parse("2026-03-01T10:15:00Z"));
    assertThat(trigger.eligibility())
        .isEqualTo(
            new Eligibility(false, List.of(), Optional.of("offer-b"), Optional.of("recovery")));
    assertThat(trigger.parameters().object("commerce").entries())
        .containsEntry("value", 82.5)
        .containsEntry("order_count", 3L)
        .containsEntry("shipping_method", "international");
  }

  @Test
  void theConsentsOfThePublishedExampleAreRead() {
    Trigger trigger = trigger(TriggerPayload.example(), NO_HEADER);

    assertThat(trigger.consents())
        .containsExactly(
            new Consent(
                Optional.of("+14155550100"),
                Optional.of("42"),
                ConsentChannel.SMS,
                "marketing",
                Consent.State.GRANTED,
                Consent.Method.CHECKOUT,
                "checkout page",
                "",
                Instant.parse("2026-01-15T09:30:00Z")));
  }

  @Test
  void aConsentIsOfTheAddressThatItsChannelUses() {
    Trigger trigger =
        trigger(
            withConsents(
                """
                {"channel": "whatsapp", "state": "revoked", "method": "keyword", "programme": " VIP "},
                {"channel": "email", "state": "granted", "evidence": "box ticked"},
                {"channel": "sms", "state": ""}
                """),
            NO_HEADER);

    assertThat(trigger.consents())
        .extracting(Consent::address)
        .containsExactly(Optional.of("+14155550100"), Optional.of("jane@example.com"));
    assertThat(trigger.consents().getFirst().programme()).isEqualTo("vip");
    assertThat(trigger.consents().getFirst().method()).isEqualTo(Consent.Method.KEYWORD);
    assertThat(trigger.consents().getLast().at()).isEqualTo(RECEIVED);
    assertThat(trigger.consents().getLast().evidence()).isEqualTo("box ticked");
    assertThat(trigger.consents().getLast().method()).isEqualTo(Consent.Method.OTHER);
  }

  @Test
  void whatIsWrongWithAConsentIsTold() {
    String body =
        withConsents(
            """
            {"channel": "fax", "state": "granted"},
            {"channel": "sms", "state": "maybe", "at": "yesterday"},
            {"state": "granted", "method": "telepathy"}, 7
            """);

    assertThat(problems(body, NO_HEADER))
        .extracting(problem -> problem.substring(0, problem.indexOf(' ')))
        .containsExactly(
            "/consent/0/channel",
            "/consent/1/state",
            "/consent/2/channel",
            "/consent/2/method",
            "/consent/3");
    assertThat(
            problems(
                withConsents("{\"channel\": \"sms\", \"state\": \"granted\", \"at\": \"no\"}"),
                NO_HEADER))
        .containsExactly(
            "/consent/0/at is no time in ISO 8601 with an offset, nor in unix seconds; send when it"
                + " was said, in ISO 8601 with an offset or in unix seconds, for example"
                + " \"2026-01-15T09:30:00Z\"");
  }

  private static String withConsents(String consents) {
    return """
        {"schema_version": 1, "trigger": {"type": "t"},
         "customer": {"phone": "+14155550100", "email": "jane@example.com"},
         "consent": [%s],
         "controls": {"flow": "f", "idempotency_key": "k"}}
        """
        .formatted(consents);
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void whatARemedyProposesIsAccepted(String schema) {
    assertThat(refusedExamples("", json(schema))).isEmpty();
  }

  static List<String> schemas() {
    return List.of(TriggerPayload.schema(), EventPayload.schema(), StudioTriggerPayload.schema());
  }

  /// The places of the examples that do not fit the part of the schema that they stand in.
  private static List<String> refusedExamples(String place, JsonNode part) {
    var schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(part);
    List<String> refused = new ArrayList<>();
    part.path("examples")
        .forEach(
            example -> {
              if (!schema.validate(example).isEmpty()) {
                refused.add(place);
              }
            });
    part.path("properties")
        .properties()
        .forEach(
            entry ->
                refused.addAll(refusedExamples(place + "/" + entry.getKey(), entry.getValue())));
    return refused;
  }

  @Test
  void theSmallestBodyIsEnough() {
    Trigger trigger = trigger(SMALLEST, NO_HEADER);

    assertThat(trigger.key()).isEqualTo(new RequestKey("k1", Optional.empty()));
    assertThat(trigger.occurredAt()).isEqualTo(RECEIVED);
    assertThat(trigger.person().externalId()).isEmpty();
    assertThat(trigger.person().attributes()).isEqualTo(Values.EMPTY);
    assertThat(trigger.eligibility().suppressed()).isFalse();
  }

  @Test
  void theVersionMayBeText() {
    assertThat(
            trigger(
                    SMALLEST.replace("\"schema_version\": 1", "\"schema_version\": \"1\""),
                    NO_HEADER)
                .flow())
        .isEqualTo("cart-recovery");
  }

  @Test
  void everyProblemIsToldAtOnceWithItsRemedy() {
    String body =
        """
        {"schema_version": 2,
         "trigger": {"occurred_at": "yesterday"},
         "customer": {"phone": "12", "time_zone": "Mars/Base", "email": 7},
         "commerce": {"cart_url": "shop/c1", "currency": "usd", "order_count": -1},
         "controls": {"channel": "fax", "from": "Brand", "suppressed": "no", "reasons": ["a", 1]}}
        """;

    assertThat(problems(body, NO_HEADER))
        .containsExactly(
            "/commerce/cart_url is \"shop/c1\", which has not the form of its kind; send the"
                + " canonical address of the cart, for example \"https://shop.example.com/cart/c1\"",
            "/commerce/currency is no currency code of ISO 4217; send the currency, by its ISO 4217"
                + " code in capitals, for example \"USD\"",
            "/commerce/order_count is less than 0; send how many orders the person has placed, for"
                + " example 3",
            "/controls/channel is \"fax\", but must be one of \"sms\", \"whatsapp\"; send the"
                + " channel, for example \"sms\"",
            "/controls/flow is missing; send the flow's name or its sid (FW...), for example"
                + " \"cart-recovery\"",
            "/controls/from is no sender that a reply can reach; send our sender: a number in"
                + " E.164, a short code or a Messaging Service sid (MG...), for example"
                + " \"+15005550006\"",
            "/controls/idempotency_key is missing, and so is the header X-CIO-Idempotency-Key; send"
                + " the key that makes a repeat of this request a repeat, for example"
                + " \"42:cart_abandoned:2026-03-01\"",
            "/controls/reasons/1 is a whole number, but must be text; send a reason, for example"
                + " \"purchased\"",
            "/controls/suppressed is text, but must be true or false; send whether the person must"
                + " not be spoken to, for example false",
            "/customer/email is a whole number, but must be text; send the e-mail address, for"
                + " example \"jane@example.com\"",
            "/customer/phone has too few digits; send the phone number, for example"
                + " \"+14155550100\"",
            "/customer/time_zone is no time zone of the IANA list; send the IANA time zone, for"
                + " example \"America/New_York\"",
            "/schema_version is 2, but must be one of 1, \"1\"; send the version of this schema,"
                + " for example 1",
            "/trigger/occurred_at is no time in ISO 8601 with an offset, nor in unix seconds; send"
                + " when it happened, in ISO 8601 with an offset or in unix seconds, for example"
                + " \"2026-03-01T10:15:00Z\"",
            "/trigger/type is missing; send the kind of trigger, for example \"cart_abandoned\"");
  }

  @Test
  void aMissingObjectIsToldByWhatItMustHold() {
    assertThat(problems("{}", Optional.of("d1")))
        .extracting(problem -> problem.substring(0, problem.indexOf(';')))
        .containsExactly(
            "/controls/flow is missing",
            "/customer/phone is missing",
            "/schema_version is missing",
            "/trigger/type is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "3", "\"text\"", "null"})
  void whatIsNoObjectIsRefusedAsAWhole(String body) {
    assertThat(reading(body, Optional.of("d")))
        .isInstanceOfSatisfying(
            Malformed.class,
            malformed ->
                assertThat(malformed.problems().getFirst().toString())
                    .startsWith("the body is ")
                    .contains("but must be an object"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\": }|the body is not JSON at line 1, column 7",
        "{\"a\": 1,|the body is not JSON at line 1, column 9",
        "{} {}|the body is not JSON at line 1, column 4",
        "''|the body is empty",
        "{\"a\": 1, \"a\": 2}|the body has a key twice in one object at line 1, column 13"
            + " (Duplicate field \"a\"); send it once",
      })
  void syntaxErrorsAreToldWithTheirPlace(String body, String problem) {
    assertThat(problems(body, NO_HEADER)).singleElement().asString().startsWith(problem);
  }

  @Test
  void deepNestingIsRefused() {
    String deep = "[".repeat(5_000) + "]".repeat(5_000);

    assertThat(problems(deep, NO_HEADER)).singleElement().asString().contains("nested deeper");
  }

  @Test
  void nulCharactersAndHalfPairsAreRefusedWhereTheyStand() {
    String body =
        SMALLEST.replace(
            "\"trigger\": {",
            "\"x\": [\"a\\u0000b\"], \"y\": \"\\ud800\", \"z\": {\"k\\u0000\": 1}, \"trigger\": {");

    assertThat(problems(body, NO_HEADER))
        .containsExactly(
            "/x/0 holds a NUL character or half a surrogate pair, which no database stores; remove it",
            "/y holds a NUL character or half a surrogate pair, which no database stores; remove it",
            "/z has a key with a NUL character or half a surrogate pair, which no database stores;"
                + " remove it");
  }

  @Test
  void numbersThatWouldLoseDigitsAreRefused() {
    String body =
        SMALLEST.replace(
            "\"trigger\": {", "\"order\": 92233720368547758070, \"v\": 1e999, \"trigger\": {");

    assertThat(problems(body, NO_HEADER))
        .containsExactly(
            "/order is a whole number beyond 64 bits; send it as text, in quotes",
            "/v is a number out of range; send it as text, in quotes");
  }

  @Test
  void aBodyOverTheLimitIsTooLarge() {
    String body = SMALLEST + " ".repeat(TooLarge.MAX_BODY_BYTES);

    assertThat(reading(body, NO_HEADER))
        .isEqualTo(new TooLarge(SMALLEST.length() + TooLarge.MAX_BODY_BYTES));
  }

  @Test
  void longListsOfProblemsEndWithTheirCount() {
    String body = SMALLEST.replace("\"flow\"", "\"reasons\": [" + "1,".repeat(98) + "1], \"flow\"");

    assertThat(problems(body, NO_HEADER))
        .hasSize(Malformed.MOST)
        .last()
        .isEqualTo("the body has 50 problems more; mend these first");
  }

  @Test
  void blankAndNullCountAsMissing() {
    String body =
        """
        {"schema_version": 1,
         "trigger": {"type": "t", "event": null, "segment": "", "occurred_at": ""},
         "customer": {"phone": "+14155550100", "external_id": "", "email": null, "language": " ",
                      "time_zone": ""},
         "commerce": {"cart_url": "", "cart_snapshot_at": null, "items": null, "value": "",
                      "currency": "", "order_count": ""},
         "controls": {"flow": "f", "idempotency_key": "", "channel": null, "from": "",
                      "suppressed": null, "reasons": null, "experiment_cohort": ""},
         "source": null}
        """;

    Trigger trigger = trigger(body, Optional.of("d1"));

    assertThat(trigger.key()).isEqualTo(new RequestKey("d1", Optional.empty()));
    assertThat(trigger.person().externalId()).isEmpty();
    assertThat(trigger.person().attributes()).isEqualTo(Values.EMPTY);
    assertThat(trigger.from()).isEmpty();
    assertThat(trigger.eligibility())
        .isEqualTo(new Eligibility(false, List.of(), Optional.empty(), Optional.empty()));
  }

  @Test
  void blankIsNotEnoughWhereSomethingIsRequired() {
    String body =
        SMALLEST
            .replace("cart-recovery", " ")
            .replace("+14155550100", "")
            .replace("cart_abandoned", "");

    assertThat(problems(body, NO_HEADER))
        .extracting(problem -> problem.substring(0, problem.indexOf(';')))
        .containsExactly(
            "/controls/flow is blank", "/customer/phone is blank", "/trigger/type is blank");
  }

  @Test
  void suppressionComesWithItsReasons() {
    String body =
        SMALLEST.replace(
            "\"flow\"", "\"suppressed\": true, \"reasons\": [\"purchased\", \"capped\"], \"flow\"");

    assertThat(trigger(body, NO_HEADER).eligibility())
        .isEqualTo(
            new Eligibility(
                true, List.of("purchased", "capped"), Optional.empty(), Optional.empty()));
  }

  @Test
  void anIdMayBeANumber() {
    String body = SMALLEST.replace("\"phone\"", "\"external_id\": 42, \"phone\"");

    assertThat(trigger(body, NO_HEADER).person().externalId()).contains("42");
  }

  @ParameterizedTest
  @CsvSource({
    "+14155550100, sms, +14155550100",
    "(415) 555-0100, sms, +14155550100",
    "415.555.0100, whatsapp, whatsapp:+14155550100",
    "whatsapp:+442079460958, whatsapp, whatsapp:+442079460958",
    "+44 20 7946 0958, sms, +442079460958",
    "011 44 20 7946 0958, sms, +442079460958",
  })
  void phonesAreReadIntoTheAddressOfTheirChannel(String written, String channel, String address) {
    String body =
        SMALLEST
            .replace("+14155550100", written)
            .replace("\"flow\"", "\"channel\": \"%s\", \"flow\"".formatted(channel));

    assertThat(trigger(body, NO_HEADER).phone()).isEqualTo(new Address(address));
  }

  @Test
  void aWhatsAppAddressTellsItsChannel() {
    String body = SMALLEST.replace("+14155550100", "whatsapp:+14155550100");

    assertThat(trigger(body, NO_HEADER).channel()).isEqualTo(Channel.WHATSAPP);
  }

  @Test
  void aWhatsAppAddressContradictsTheChannelSms() {
    String body =
        SMALLEST
            .replace("+14155550100", "whatsapp:+14155550100")
            .replace("\"flow\"", "\"channel\": \"sms\", \"flow\"");

    assertThat(problems(body, NO_HEADER))
        .containsExactly(
            "/customer/phone is a WhatsApp address, but controls.channel is sms; send one or the"
                + " other");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello|is not a phone number",
        "12|has too few digits",
        "5550100|has too few digits",
        "+99914155550100|has no country code that exists",
        "+1415555010012|has too many digits",
        "+11115550100|is in no range that its country (read as US) has given out",
        "+14155550100 x12|has an extension, and messages reach none",
      })
  void numbersThatCannotBeInUseAreRefusedWithoutRepeatingThem(String written, String why) {
    assertThat(problems(SMALLEST.replace("+14155550100", written), NO_HEADER))
        .containsExactly(
            "/customer/phone " + why + "; send the phone number, for example \"+14155550100\"");
  }

  @ParameterizedTest
  @CsvSource({
    "+15005550006, sms, +15005550006",
    "+15005550006, whatsapp, whatsapp:+15005550006",
    "whatsapp:+15005550006, whatsapp, whatsapp:+15005550006",
    "12345, sms, 12345",
    "MG00000000000000000000000000000001, whatsapp, MG00000000000000000000000000000001",
  })
  void ourSenderIsReadIntoTheAddressOfItsChannel(String written, String channel, String address) {
    String body =
        SMALLEST.replace(
            "\"flow\"",
            "\"channel\": \"%s\", \"from\": \"%s\", \"flow\"".formatted(channel, written));

    assertThat(trigger(body, NO_HEADER).from()).contains(new Address(address));
  }

  @ParameterizedTest
  @CsvSource({
    "1772360100, 2026-03-01T10:15:00Z",
    "'\"1772360100\"', 2026-03-01T10:15:00Z",
    "1772360100.25, 2026-03-01T10:15:00.250Z",
    "'\"2026-03-01T10:15:00Z\"', 2026-03-01T10:15:00Z",
    "'\"2026-03-01T10:15:00.5+02:00\"', 2026-03-01T08:15:00.500Z",
    "'\"2026-03-01T10:15:00+0000\"', 2026-03-01T10:15:00Z",
  })
  void timesAreReadAsTemplatesWriteThem(String written, Instant time) {
    String body = SMALLEST.replace("\"type\"", "\"occurred_at\": %s, \"type\"".formatted(written));

    assertThat(trigger(body, NO_HEADER).occurredAt()).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1772360100000",
        "-5",
        "\"2026-03-01T10:15:00\"",
        "\"2026-03-01\"",
        "\"soon\"",
        "\"-999999999-01-01T00:00:00Z\"",
        "\"+10000-01-01T00:00:00Z\""
      })
  void timesThatMayMeanTwoThingsOrNothingAreRefused(String written) {
    String body = SMALLEST.replace("\"type\"", "\"occurred_at\": %s, \"type\"".formatted(written));

    assertThat(problems(body, NO_HEADER))
        .singleElement()
        .asString()
        .startsWith("/trigger/occurred_at is no time");
  }

  @Test
  void oneKeyTwiceIsNoAlias() {
    assertThat(trigger(SMALLEST, Optional.of("k1")).key())
        .isEqualTo(new RequestKey("k1", Optional.empty()));
  }

  @Test
  void anEndlessDeliveryKeyIsRefused() {
    assertThat(problems(SMALLEST, Optional.of("k".repeat(256))))
        .containsExactly(
            "the body came with a header X-CIO-Idempotency-Key of more than 255 characters;"
                + " shorten it");
  }

  @Property(tries = 300)
  void anyTextIsAnswered(@ForAll String text) {
    assertThat(reading(text, NO_HEADER)).isInstanceOf(Unreadable.class);
    assertThat(
            reading(SMALLEST.replace("\"k1\"", "\"k1\", \"extra\": \"" + text + "\""), NO_HEADER))
        .isNotNull();
  }

  private static TriggerReading reading(String body, Optional<String> deliveryKey) {
    return TriggerPayload.read(body, deliveryKey, DEFAULTS);
  }

  private static Trigger trigger(String body, Optional<String> deliveryKey) {
    return switch (reading(body, deliveryKey)) {
      case Trigger trigger -> trigger;
      case Unreadable unreadable -> throw new AssertionError("refused: " + unreadable);
    };
  }

  private static List<String> problems(String body, Optional<String> deliveryKey) {
    return switch (reading(body, deliveryKey)) {
      case Malformed malformed -> malformed.problems().stream().map(Problem::toString).toList();
      case TooLarge large -> throw new AssertionError(large);
      case Trigger trigger -> throw new AssertionError("taken: " + trigger);
    };
  }

  private static JsonNode json(String text) {
    try {
      return new JsonMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
