package io.parley.workbench;

import static io.parley.workbench.States.ask;
import static io.parley.workbench.States.file;
import static io.parley.workbench.States.send;
import static io.parley.workbench.States.set;
import static io.parley.workbench.States.trigger;
import static io.parley.workbench.States.widget;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.offers.Catalogue;
import io.parley.engine.offers.Gate;
import io.parley.engine.offers.Offer;
import io.parley.engine.offers.Offer.Kind;
import io.parley.engine.offers.Worth;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OfferCheckTest {

  private static final String CODE = "Use {{flow.offer.code}}";
  private static final Catalogue CATALOGUE =
      new Catalogue(
          Map.of(
              "comeback",
              new Offer(
                  "comeback",
                  new Kind.Static("COMEBACK15"),
                  Worth.parse("15%").orElseThrow(),
                  Duration.ofDays(2),
                  Duration.ofDays(2),
                  Optional.empty(),
                  Gate.DEFAULT,
                  List.of())),
          List.of("10% off for students"));

  @Test
  void anOfferBehindAGateIsInItsPlace() {
    assertThat(
            found(
                trigger("ask"),
                ask("ask", "Need help?", "gate", "bye"),
                gate("gate", "tell", "bye"),
                send("tell", CODE, "bye"),
                send("bye", "Bye", "")))
        .isEmpty();
  }

  @Test
  void anOfferAtTheStartIsFoundWithItsWay() {
    assertThat(
            found(
                trigger("ask"),
                ask("ask", "Need help?", "tell", "bye"),
                send("tell", CODE, "bye"),
                send("bye", "Bye", "")))
        .containsExactly(
            "offer-before-gate #/states/2/properties/body widget tell reads flow.offer.code, and no"
                + " gate has granted it on the way Trigger → ask → tell");
  }

  @Test
  void theWithheldExitGrantsNothing() {
    assertThat(found(trigger("gate"), gate("gate", "tell", "tell"), send("tell", CODE, "")))
        .containsExactly(
            "offer-before-gate #/states/2/properties/body widget tell reads flow.offer.code, and no"
                + " gate has granted it on the way Trigger → gate → tell");
  }

  @Test
  void aWayAroundTheGateIsFound() {
    assertThat(
            found(
                trigger("ask"),
                ask("ask", "Need help?", "gate", "remind"),
                send("remind", "Still there?", "tell"),
                gate("gate", "tell", ""),
                send("tell", CODE, "")))
        .singleElement()
        .asString()
        .endsWith("Trigger → ask → remind → tell");
  }

  @Test
  void onceGrantedItStaysGranted() {
    assertThat(
            found(
                trigger("gate"),
                gate("gate", "ask", ""),
                ask("ask", "Want it?", "other", ""),
                gate("other", "", "tell"),
                send("tell", CODE, "ask")))
        .isEmpty();
  }

  @Test
  void anOfferIsFollowedThroughVariables() {
    assertThat(
            found(
                trigger("keep"),
                set("keep", "code", "{{flow['offer'].code}}", "copy"),
                set("copy", "again", "{{widgets.keep.code}}", "tell"),
                send("tell", "Use {{flow.variables.again}}", "")))
        .containsExactly(
            "offer-before-gate #/states/3/properties/body widget tell reads flow.variables.again,"
                + " where widget copy reads widgets.keep.code, where widget keep reads"
                + " flow.offer.code, and no gate has granted it on the way Trigger → keep → copy →"
                + " tell");
  }

  @Test
  void aVariableThatIsSetBehindTheGateHoldsNothingBeforeIt() {
    assertThat(
            found(
                trigger("gate"),
                gate("gate", "keep", "tell"),
                set("keep", "words", " with {{flow.offer.code}}", "tell"),
                send("tell", "Order now{{flow.variables.words}}", "")))
        .isEmpty();
  }

  @Test
  void theVariablesOfATemplateAreRead() {
    Map<String, Object> template =
        Map.of(
            "from", "{{flow.channel.address}}",
            "content_sid", "HX1",
            "content_variables", List.of(Map.of("key", "1", "value", "{{widgets.gate.code}}")));

    assertThat(
            found(
                trigger("gate"),
                gate("gate", "", "tell"),
                widget("tell", "send-message", template, "sent", "")))
        .singleElement()
        .asString()
        .startsWith(
            "offer-before-gate #/states/2/properties/content_variables/0/value widget tell reads"
                + " widgets.gate.code");
  }

  @Test
  void theReasonOfAGateMayBeRead() {
    assertThat(
            found(
                trigger("gate"),
                gate("gate", "", "tell"),
                send("tell", "Sorry: {{widgets.gate.reason}}", "")))
        .isEmpty();
  }

  @Test
  void theWholeFlowHoldsTheOfferToo() {
    assertThat(found(trigger("tell"), send("tell", "{{flow | to_json}}", "")))
        .singleElement()
        .asString()
        .contains("reads flow,");
  }

  @Test
  void aDiscountInPlainWordsIsFound() {
    assertThat(found(trigger("tell"), send("tell", "Hi {{contact.name}}, 20% off today", "")))
        .containsExactly(
            "ungated-discount #/states/1/properties/body widget tell says \"20% off\", and no gate has"
                + " granted it on the way Trigger → tell");
    assertThat(found(trigger("gate"), gate("gate", "tell", ""), send("tell", "15% off", "")))
        .isEmpty();
  }

  @Test
  void aCodeOfTheCatalogueIsFoundAndWhatIsPublicIsNot() {
    assertThat(
            found(
                trigger("keep"),
                set("keep", "url", "https://shop.example.com/d/COMEBACK15", "tell"),
                send("tell", "10% off for students: {{flow.variables.url}}", "")))
        .containsExactly(
            "ungated-discount #/states/2/properties/body widget tell reads flow.variables.url, where"
                + " widget keep says \"COMEBACK15\", and no gate has granted it on the way Trigger →"
                + " keep → tell");
  }

  @Test
  void whatIsNeverReachedIsNeverSaid() {
    assertThat(found(trigger("bye"), send("bye", "Bye", ""), send("tell", CODE, "bye"))).isEmpty();
  }

  private static Map<String, Object> gate(String name, String granted, String withheld) {
    return widget(
        name,
        "parley.gate-offer",
        Map.of("offer", "comeback"),
        "granted",
        granted,
        "withheld",
        withheld);
  }

  private static List<String> found(Map<?, ?>... states) {
    return FlowCheck.check("flow.json", file(states), FlowCheck.MAX_SEGMENTS, CATALOGUE)
        .findings()
        .stream()
        .filter(it -> it.rule() == Rule.OFFER_BEFORE_GATE || it.rule() == Rule.UNGATED_DISCOUNT)
        .map(it -> it.code() + " " + it.pointer() + " " + it.sentence())
        .toList();
  }
}
