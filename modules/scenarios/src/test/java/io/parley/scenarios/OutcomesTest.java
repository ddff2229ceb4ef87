package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.parley.customerio.OutcomeSchema;
import io.parley.customerio.Region;
import io.parley.customerio.TrackBatch;
import io.parley.customerio.TrackKey;
import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.MessageStatus;
import io.parley.engine.Values;
import io.parley.engine.offers.Withholding;
import io.parley.engine.outcomes.OutcomeCatalogue;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import io.parley.engine.policy.PersonFacts;
import io.parley.testkit.SampleReports;
import io.parley.testkit.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each outcome of the catalogue as a scenario reports it, and as Customer.io receives it. With
/// `-Dparley.rewrite=true` the golden items are written anew, and then compared.
class OutcomesTest {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Path GOLDENS =
      Path.of(
          System.getProperty("parley.root", "."), "modules/scenarios/src/test/resources/outcomes");
  private static final TrackBatch SINK = new TrackBatch(Region.US, new TrackKey("SITE", "KEY"));
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(OutcomeSchema.text());

  /// Of each name the first with the most properties.
  private static final Map<String, Effect.ReportOutcome> REPORTED = reported();

  private static Map<String, Effect.ReportOutcome> reported() {
    Map<String, Effect.ReportOutcome> reported = new LinkedHashMap<>();
    Stream.concat(
            stories().flatMap(scenario -> scenario.effects().stream()),
            SampleReports.all().stream().filter(OutcomesTest::isOfNoConversation))
        .filter(Effect.ReportOutcome.class::isInstance)
        .map(Effect.ReportOutcome.class::cast)
        .forEach(it -> reported.merge(it.name(), it, OutcomesTest::richer));
    return reported;
  }

  /// Members of audiences are reported by no step.
  private static boolean isOfNoConversation(Effect effect) {
    return effect instanceof Effect.ReportOutcome outcome && outcome.name().startsWith("audience_");
  }

  private static Effect.ReportOutcome richer(Effect.ReportOutcome one, Effect.ReportOutcome other) {
    return other.properties().entries().size() > one.properties().entries().size() ? other : one;
  }

  // ---- stories

  private static Stream<Scenario> stories() {
    return Stream.of(
        survey(),
        failure(),
        night(),
        heldOut(),
        offer(),
        withheld(),
        returned(),
        leak(),
        handoff(),
        click(),
        question(),
        revocation());
  }

  private static Scenario survey() {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger(Flows.controls("experiment_cohort", "b"));
    scenario.trigger(Flows.controls("experiment_cohort", "b"));
    scenario.deliver(MessageStatus.DELIVERED);
    scenario.deliver(MessageStatus.READ);
    scenario.reply("hm");
    scenario.later(Duration.ofMinutes(3));
    scenario.reply("5");
    scenario.purchase();
    scenario.reply("STOP");
    scenario.reply("START");
    return scenario;
  }

  private static Scenario failure() {
    Scenario scenario = Flows.scenario("survey");
    scenario.failNextSend(30006, "not_mobile", Optional.of(Block.UNREACHABLE));
    scenario.trigger();
    return scenario;
  }

  private static Scenario night() {
    Scenario scenario = Flows.scenario("hours").at(Instant.parse("2026-03-02T06:00:00Z"));
    scenario.trigger();
    return scenario;
  }

  private static Scenario heldOut() {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger(Flows.controls("experiment_cohort", "holdout"));
    return scenario;
  }

  private static Scenario offer() {
    Scenario scenario = OfferingTest.granted();
    Values order = Values.of("coupon", "LAW-7KXW4MPN").with("total", 102).with("channel", "web");
    scenario.later(Duration.ofMinutes(7));
    scenario.take(new Event.PurchaseSeen("A-1", order, scenario.now()));
    return scenario;
  }

  private static Scenario withheld() {
    Scenario scenario = OfferingTest.troubled(OfferingTest.flow("second"), Values.EMPTY);
    scenario.deny(Withholding.POOL_EMPTY);
    return scenario;
  }

  private static Scenario returned() {
    Scenario scenario = OfferingTest.troubled(OfferingTest.flow("second"), Values.EMPTY);
    scenario.failNextSend(30008, "unknown_error", Optional.empty());
    scenario.grant("LAW-7KXW4MPN", "15%");
    return scenario;
  }

  private static Scenario leak() {
    Scenario scenario =
        Scenario.of(
                "offers",
                Drafts.flow()
                    .ask("first", "Take 15% off today", "incomingMessage", "deliveryFailure")
                    .read(),
                new Meanings())
            .by(OfferingTest.POLICY);
    scenario.trigger();
    return scenario;
  }

  private static Scenario handoff() {
    Scenario scenario = HandoffTest.handedOver();
    scenario.later(Duration.ofSeconds(40));
    scenario.take(new Event.AgentTook(Optional.empty(), "mia", false));
    scenario.later(Duration.ofSeconds(20));
    scenario.take(
        new Event.AgentWrote(
            HandoffTest.opened(scenario).id(),
            "mia",
            "draft-1",
            new Effect.Content.Text("Hello", List.of()),
            false));
    scenario.take(
        new Event.HandoffClosed(HandoffTest.opened(scenario).id(), "solved", Values.EMPTY));
    return scenario;
  }

  private static Scenario click() {
    Scenario scenario = Flows.scenario("links");
    scenario.trigger(Values.of("cart", "https://shop.example/cart"));
    scenario.take(LinksTest.click(scenario, LinksTest.links(scenario).getFirst()));
    return scenario;
  }

  private static Scenario question() {
    Scenario scenario = AskedOnceTest.asked();
    scenario.reply("5");
    return scenario;
  }

  private static Scenario revocation() {
    List<Consent> consents = new ArrayList<>();
    Scenario scenario =
        Flows.scenario("survey")
            .of(
                () ->
                    new PersonFacts(
                        Optional.of("42"), List.of(), Optional.empty(), List.of(), consents));
    scenario.trigger();
    Consent revoked =
        new Consent(
            Optional.of(Scenario.THEIRS.value()),
            Optional.of("42"),
            ConsentChannel.SMS,
            "marketing",
            Consent.State.REVOKED,
            Consent.Method.PREFERENCES,
            "shop",
            "box cleared",
            scenario.now());
    consents.add(revoked);
    scenario.take(new Event.ConsentRevoked(revoked, "Consent Revoked", Values.EMPTY));
    return scenario;
  }

  // ---- what must hold

  static Stream<String> names() {
    return OutcomeCatalogue.all().stream().map(it -> it.name());
  }

  @ParameterizedTest
  @MethodSource("names")
  void eachOutcomeIsReportedAndReachesCustomerIoAsItsGolden(String name) throws IOException {
    assertThat(REPORTED).containsKey(name);

    assertThat(golden(name)).isEqualTo(item(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void eachGoldenFitsThePublishedSchema(String name) throws IOException {
    JsonNode golden = golden(name);
    ObjectNode outcome = MAPPER.createObjectNode();
    outcome.set("name", golden.path("name"));
    outcome.set("properties", golden.path("attributes"));

    assertThat(SCHEMA.validate(outcome)).isEmpty();
  }

  @Test
  void whatIsNotInTheCatalogueDoesNotFitThePublishedSchema() throws IOException {
    JsonNode golden = golden("twilio_reply");
    ObjectNode outcome = MAPPER.createObjectNode();
    outcome.set("name", golden.path("name"));
    ObjectNode properties = golden.path("attributes").deepCopy();
    outcome.set("properties", properties.put("surprise", 1));

    assertThat(SCHEMA.validate(outcome)).isNotEmpty();
    assertThat(
            OutcomeCatalogue.find("twilio_reply")
                .orElseThrow()
                .problems(reported("twilio_reply").properties().with("surprise", 1)))
        .containsExactly("surprise is not in the catalogue");
  }

  @Test
  void aFailureTellsItsCodeReasonAndClass() {
    assertThat(failure().outcome("twilio_message_failed").properties().entries())
        .containsEntry("error_code", 30006L)
        .containsEntry("reason", "not_mobile")
        .containsEntry("class", "undeliverable");
  }

  /// An order's own word for what is ours stands beside ours.
  @Test
  void anOrderCannotHideOrRetypeWhatIsOurs() {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger();
    Values order =
        Values.of("order_id", "order-1").with("channel", "web").with("offer_used", "maybe");

    scenario.take(new Event.PurchaseSeen("order-1", order, scenario.now()));

    assertThat(scenario.outcome("conversion").properties().entries())
        .containsEntry("order_id", "order-1")
        .containsEntry("channel", "sms")
        .containsEntry("data_channel", "web")
        .containsEntry("offer_used", false)
        .containsEntry("data_offer_used", "maybe")
        .doesNotContainKey("data_order_id");
  }

  /// A customer may name a code that was reserved, and is still on its way.
  @Test
  void anOrderWithACodeThatWasNotSaidYetTellsItsOffer() {
    Scenario scenario =
        OfferingTest.troubled(OfferingTest.flow("second"), Values.EMPTY).holdSends();
    scenario.grant("LAW-7KXW4MPN", "15%");

    scenario.take(
        new Event.PurchaseSeen("A-1", Values.of("coupon", "LAW-7KXW4MPN"), scenario.now()));

    assertThat(scenario.outcome("offer_used").properties().text("offer")).contains("second");
  }

  private static JsonNode golden(String name) throws IOException {
    Path golden = GOLDENS.resolve(name + ".json");
    if (Boolean.getBoolean("parley.rewrite")) {
      Files.createDirectories(GOLDENS);
      Files.writeString(golden, item(name).toPrettyString() + "\n");
    }
    return MAPPER.readTree(golden.toFile());
  }

  /// What Customer.io receives.
  private static JsonNode item(String name) throws IOException {
    return MAPPER.readTree(SINK.compose(List.of(reported(name))).body()).path("batch").path(0);
  }

  private static Effect.ReportOutcome reported(String name) {
    return Optional.ofNullable(REPORTED.get(name)).orElseThrow();
  }
}
