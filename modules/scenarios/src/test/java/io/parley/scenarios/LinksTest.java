package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Hop;
import io.parley.engine.Values;
import io.parley.testkit.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinksTest {

  private static final String SHORT = "https://go\\.example/r/\\w{10}";

  @Test
  void aUrlOfAMessageBecomesAShortLinkThatIsKeptWithTheTurn() {
    Scenario scenario = Flows.scenario("links");

    scenario.trigger(Values.of("cart", "https://shop.example/cart?id=7"));

    assertThat(scenario.texts().getFirst())
        .matches("Your cart: " + SHORT + "\\. Reply STOP to end");
    Effect.Send send = scenario.sent().getFirst();
    assertThat(links(scenario))
        .singleElement()
        .satisfies(
            link -> {
              assertThat(link.url()).isEqualTo("https://shop.example/cart?id=7");
              assertThat(link.send()).isEqualTo(send.id());
              assertThat(scenario.texts().getFirst()).contains("/r/" + link.code() + ".");
            });
  }

  @Test
  void theFlowReadsWhatWasSent() {
    Scenario scenario = Flows.scenario("links");
    scenario.trigger(Values.of("cart", "https://shop.example/cart"));

    assertThat(scenario.conversation().execution().orElseThrow().widgets().object("show"))
        .extracting(it -> it.object("outbound").text("Body").orElse(""))
        .asString()
        .contains("https://go.example/r/");
  }

  @Test
  void aMessageWhoseAuthorDoesNotAskForItKeepsItsUrls() {
    Scenario scenario = Flows.scenario("notice");

    scenario.trigger(Values.of("name", "https://shop.example/cart"));

    assertThat(scenario.texts()).startsWith("Hello https://shop.example/cart");
    assertThat(links(scenario)).isEmpty();
  }

  @Test
  void aMessageToSomebodyElseKeepsItsUrls() {
    Scenario scenario = Flows.scenario("links");

    scenario.trigger(
        Values.of("cart", "https://shop.example/cart").with("colleague", "+15005550001"));

    assertThat(scenario.texts())
        .startsWith("Your cart: https://shop.example/cart. Reply STOP to end");
    assertThat(links(scenario)).isEmpty();
  }

  @Test
  void aClickIsReportedAndWakesTheFlowThatWaitsForIt() {
    Scenario scenario = Flows.scenario("links");
    scenario.trigger(Values.of("cart", "https://shop.example/cart"));

    scenario.take(click(scenario, links(scenario).getFirst()));

    assertThat(scenario.path()).contains(new Hop("watch", "occurred", "thank"));
    assertThat(scenario.texts()).endsWith("You looked at https://shop.example/cart");
    assertThat(scenario.outcome("sms_clicked").properties().entries())
        .containsEntry("url", "https://shop.example/cart")
        .containsEntry("flow", "links");
    assertThat(scenario.timers()).isEmpty();
  }

  @Test
  void aClickOnAnotherLinkIsReportedAndTheFlowWaitsOn() {
    Scenario scenario = Flows.scenario("links");
    scenario.trigger(Values.of("cart", "https://shop.example/terms"));

    scenario.take(click(scenario, links(scenario).getFirst()));

    assertThat(scenario.outcomeNames()).contains("sms_clicked");
    assertThat(scenario.conversation().execution()).isPresent();
    assertThat(scenario.refusals()).isEmpty();
  }

  @Test
  void aClickAfterTheEndIsReportedAllTheSame() {
    Scenario scenario = Flows.scenario("links");
    scenario.trigger(Values.of("cart", "https://shop.example/cart"));
    Effect.KeepLink link = links(scenario).getFirst();
    scenario.reply("STOP");

    scenario.take(click(scenario, link));

    assertThat(scenario.outcome("sms_clicked").properties().text("effect"))
        .contains(link.send().toString());
    assertThat(scenario.refusals()).isEmpty();
  }

  @Test
  void aTemplatesVariablesAreRenderedByTheirNumbersAndShortened() {
    Scenario scenario = Flows.scenario("links");

    scenario.trigger(
        Values.of("cart", "https://shop.example/cart").with("template", "HX" + "0".repeat(32)));

    assertThat(scenario.sent().getFirst().content())
        .isInstanceOfSatisfying(
            Effect.Content.Template.class,
            template -> {
              assertThat(template.contentSid()).isEqualTo("HX" + "0".repeat(32));
              assertThat(template.variables().entries()).containsOnlyKeys("1", "2", "name");
              assertThat(template.variables().text("1").orElse("")).matches(SHORT);
              assertThat(template.variables().text("2")).contains("");
              assertThat(template.variables().text("name")).contains("Cart");
            });
  }

  @Test
  void mediaMayBeSeveralUrlsAndStaysLong() {
    Scenario scenario = Flows.scenario("links");

    scenario.trigger(
        Values.of("cart", "https://shop.example/cart")
            .with(
                "media",
                " https://a.example/1,2.png, https://a.example/3.png\nhttps://a.example/4 "));

    assertThat(scenario.sent().getFirst().content())
        .isInstanceOfSatisfying(
            Effect.Content.Text.class,
            text ->
                assertThat(text.mediaUrls())
                    .containsExactly(
                        "https://a.example/1,2.png",
                        "https://a.example/3.png",
                        "https://a.example/4"));
  }

  static List<Effect.KeepLink> links(Scenario scenario) {
    return scenario.effects().stream()
        .filter(Effect.KeepLink.class::isInstance)
        .map(Effect.KeepLink.class::cast)
        .toList();
  }

  static Event click(Scenario scenario, Effect.KeepLink link) {
    EffectId send = link.send();
    return new Event.LinkClicked(
        send, link.url(), Values.of("code", link.code()), scenario.now().plusSeconds(60));
  }
}
