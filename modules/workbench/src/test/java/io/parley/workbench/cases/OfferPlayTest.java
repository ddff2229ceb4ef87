package io.parley.workbench.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Tag;
import io.parley.engine.offers.Catalogue;
import io.parley.engine.policy.Policy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Cases of flows that make offers.
final class OfferPlayTest {

  private static final String FLOW =
      """
      {"states": [
        {"name": "Trigger", "type": "trigger", "properties": {}, "transitions": [
          {"event": "incomingRequest", "next": "one"}]},
        {"name": "one", "type": "send-and-wait-for-reply",
         "properties": {"from": "us", "body": "One?", "timeout": "60"},
         "transitions": [{"event": "incomingMessage", "next": "two"}]},
        {"name": "two", "type": "send-and-wait-for-reply",
         "properties": {"from": "us", "body": "Two?", "timeout": "60"},
         "transitions": [{"event": "incomingMessage", "next": "gate"}]},
        {"name": "gate", "type": "parley.gate-offer", "properties": {"offer": "spring"},
         "transitions": [{"event": "granted", "next": "yes"}, {"event": "withheld", "next": "no"}]},
        {"name": "yes", "type": "send-and-wait-for-reply",
         "properties": {"from": "us", "body": "{{flow.offer.value}} off: {{flow.offer.code}}",
                        "timeout": "60"},
         "transitions": [{"event": "incomingMessage", "next": "no"}]},
        {"name": "no", "type": "send-message",
         "properties": {"from": "us", "to": "{{contact.channel.address}}", "body": "20% off then"},
         "transitions": [{"event": "sent"}, {"event": "failed"}]}],
       "initial_state": "Trigger"}
      """;

  /// Every reply asks for a discount, and a policy has an offer.
  private static final Surroundings SURROUNDINGS =
      new Surroundings() {
        @Override
        public Seen see(Saying saying) {
          return new Seen(List.of(new Tag("discount", 1, "always")), "always");
        }

        @Override
        public Meaning meaning(int code) {
          return Sets.SURROUNDINGS.meaning(code);
        }

        @Override
        public Policy policy() {
          Object tree =
              Map.of(
                  "offers",
                  Map.of(
                      "catalogue",
                      Map.of(
                          "spring",
                          Map.of(
                              "kind", "pool",
                              "pool", "spring",
                              "shape", "SPRING-####",
                              "value", "10 USD"))));
          return switch (Policy.read(tree)) {
            case Policy.Reading.Valid(var policy) -> policy;
            case Policy.Reading.Invalid(var problems) -> Policy.DEFAULT.offering(Catalogue.NONE);
          };
        }
      };

  private static List<String> lines(String yaml) {
    FlowSet flows = FlowSet.of("offers", Sets.flow(FLOW));
    return CaseReader.read("case.yaml", yaml).cases().stream()
        .flatMap(it -> Sets.lines(CaseRun.run(it, flows, SURROUNDINGS)).stream())
        .toList();
  }

  @Test
  void aCodeIsMadeUpAsThePolicySaysThatCodesLook() {
    assertThat(
            lines(
                """
                steps:
                  - request
                  - says: any code?
                  - says: come on
                    expect:
                      messages: ["$10 off: SPRING-7777"]
                      outcomes: [{offer_granted: {offer: spring, offer_code: SPRING-7777}}]
                  - purchase: {coupon: SPRING-7777}
                    expect:
                      outcomes: [{conversion: {offer_used: true}}]
                """))
        .isEmpty();
  }

  @Test
  void anOfferCanBeWithheldAndWhatWasNotGrantedIsNotSaid() {
    assertThat(
            lines(
                """
                steps:
                  - request
                  - says: any code?
                  - withhold: pool_empty
                  - says: come on
                    expect:
                      messages: []
                      path: [two, gate withheld -> no, no failed]
                      outcomes:
                        - offer_withheld: {reason: pool_empty}
                        - twilio_message_refused: {reason: offer_not_granted, what: 20% off}
                      warnings: [81011]
                """))
        .isEmpty();
  }

  @Test
  void aReasonThatIsNoneIsAProblem() {
    assertThat(CaseReader.read("case.yaml", "steps: [{withhold: rain}]").problems())
        .singleElement()
        .asString()
        .contains("rain", "pool_empty");
  }
}
