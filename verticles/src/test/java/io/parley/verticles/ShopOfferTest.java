package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testkit.TestPostgres;
import io.parley.verticles.DiscountShop.Fate;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Offers whose codes a shop makes, in the whole service: asked for over HTTP, once or again, and
/// held until it is clear what became of them.
final class ShopOfferTest {

  private static final String JANE = "+14155550142";
  private static final String JACK = "+14155550143";

  /// The longest that a shop is asked again.
  private static final Duration PATIENCE = Duration.ofSeconds(41);

  private static final String FLOW =
      """
      {"description": "Offers", "initial_state": "Trigger", "states": [
        {"name": "Trigger", "type": "trigger", "properties": {},
         "transitions": [{"event": "incomingRequest", "next": "help"}]},
        {"name": "help", "type": "send-and-wait-for-reply",
         "properties": {"from": "{{flow.channel.address}}", "body": "It ships in two days.",
                        "timeout": "3600", "parley.help": true},
         "transitions": [{"event": "incomingMessage", "next": "gate"}]},
        {"name": "gate", "type": "parley.gate-offer", "properties": {"offer": "shop"},
         "transitions": [{"event": "granted", "next": "yes"}, {"event": "withheld", "next": "no"}]},
        {"name": "yes", "type": "send-and-wait-for-reply",
         "properties": {"from": "{{flow.channel.address}}",
                        "body": "{{flow.offer.value}} off: {{flow.offer.code}}", "timeout": "3600"},
         "transitions": [{"event": "incomingMessage"}, {"event": "deliveryFailure", "next": "no"}]},
        {"name": "no", "type": "send-and-wait-for-reply",
         "properties": {"from": "{{flow.channel.address}}", "body": "{{widgets.gate.reason}}!",
                        "timeout": "3600"},
         "transitions": [{"event": "incomingMessage"}]}
      ]}
      """;

  @TempDir Path folder;

  private final Vertx world = Vertx.vertx();
  private DiscountShop shop;
  private Service service;

  @BeforeEach
  void open() throws IOException {
    shop = new DiscountShop(world);
    start(Map.of());
  }

  @AfterEach
  void close() {
    Service.await(world.close());
    service.close();
  }

  private void start(Map<String, String> more) throws IOException {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "POLICY",
                policy().toString(),
                "OFFER_SECRETS",
                "SHOP_TOKEN=open-sesame",
                "CALLS_ALLOWED_PRIVATE",
                "127.0.0.1,localhost",
                "CALL_TIMEOUT",
                "400ms"));
    settings.putAll(more);
    service = new Service(TestPostgres.database(), settings, Map.of("offer", FLOW));
  }

  private void startAnew(Map<String, String> more) throws IOException {
    service.close();
    start(more);
  }

  private Path policy() throws IOException {
    return Files.writeString(
        folder.resolve("policy.yaml"),
        """
        hours: {quiet: off}
        offers:
          catalogue:
            shop:
              kind: http
              shape: "SHOP-####"
              value: 20%%
              request:
                url: %s
                auth: {header: X-Shop-Token, secret: SHOP_TOKEN}
                body: '{"value": "{{offer.value}}", "ends_at": "{{offer.expires}}", "key": "{{offer.key}}"}'
                code_at: discount.code
        """
            .formatted(shop.url()));
  }

  /// The contact is helped to no avail, which opens the gate.
  private void stumble(String phone) {
    help(phone);
    service.reply(phone, "SM" + phone.substring(1).repeat(3).substring(0, 32), "hm");
  }

  /// Waits until Twilio is known to have taken the help, which counts from then on.
  private void help(String phone) {
    JsonObject payload = Service.payload(phone, phone);
    payload.getJsonObject("customer").put("external_id", phone);
    payload.getJsonObject("controls").put("flow", "offer");
    assertThat(service.trigger(payload.encode(), Service.bearer()).join().status()).isEqualTo(200);
    service.until(
        "it is helped",
        () ->
            service.channel.sends().stream().anyMatch(it -> it.to().value().equals(phone))
                && service.count("outbox where destination = 'twilio'") == 0);
  }

  /// What was said after the help.
  private List<String> said() {
    return service.channel.texts().stream().filter(it -> !it.startsWith("It ships")).toList();
  }

  private void untilSaid(String... texts) {
    service.until("it is said: " + String.join(", ", texts), () -> said().equals(List.of(texts)));
  }

  private void untilGrants(String... grants) {
    service.until(
        "the grants are " + String.join(", ", grants), () -> grants().equals(List.of(grants)));
  }

  private List<String> grants() {
    return service.texts(
        "select state || coalesce(' ' || code, '') || coalesce(' ' || reason, '')"
            + " from offer_grant order by granted_at");
  }

  @Test
  void theShopsCodeIsSaidAndTheShopIsToldWhatItIsFor() {
    stumble(JANE);

    untilSaid("20% off: SHOP-0001");
    untilGrants("SENT SHOP-0001");
    CalledServer.Asked asked = shop.asked().getFirst();
    JsonObject body = new JsonObject(asked.body());
    assertThat(shop.asked()).hasSize(1);
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.headers().get("X-Shop-Token")).isEqualTo("open-sesame");
    assertThat(asked.headers().get("Content-Type")).isEqualTo("application/json");
    assertThat(body.getString("value")).isEqualTo("20%");
    assertThat(body.getString("key")).isEqualTo(shop.keys().getFirst());
    assertThat(service.texts("select conversation || ':' || turn || ':' || index from offer_grant"))
        .containsExactly(shop.keys().getFirst());
    assertThat(
            service.texts(
                "select expires_at = '%s' from offer_grant".formatted(body.getString("ends_at"))))
        .containsExactly("true");
  }

  @Test
  void aShopThatFailsIsAskedAgainUnderTheSameKey() {
    shop.next(Fate.BROKEN, Fate.CONFLICT);

    stumble(JANE);

    untilSaid("20% off: SHOP-0001");
    assertThat(shop.keys()).hasSize(3).containsOnly(shop.keys().getFirst());
  }

  /// A shop refuses a key that comes with another request.
  @Test
  void aShopIsAskedAgainByTheSameWords() throws IOException {
    shop.next(Fate.BROKEN);
    stumble(JANE);
    service.until("it was asked", () -> shop.asked().size() == 1);
    service.stop();
    Files.writeString(
        folder.resolve("policy.yaml"),
        Files.readString(folder.resolve("policy.yaml")).replace("value: 20%", "value: 15%"));

    service.restart();

    untilSaid("20% off: SHOP-0001");
    assertThat(shop.asked()).hasSize(2).extracting(CalledServer.Asked::body).containsOnly(first());
  }

  private String first() {
    return shop.asked().getFirst().body();
  }

  @Test
  void ofAnAnswerThatNeverCameTheSameCodeIsHadAtTheNextAsking() {
    shop.next(Fate.MADE_UNHEARD, Fate.MADE_AND_CUT);

    stumble(JANE);

    untilSaid("20% off: SHOP-0001");
    assertThat(shop.asked()).hasSize(3);
    assertThat(shop.codes()).hasSize(1);
    untilGrants("SENT SHOP-0001");
  }

  @Test
  void aShopWithoutCodesIsTheWithheldExitAtOnceAndThePersonIsFree() {
    shop.next(Fate.SOLD_OUT);

    stumble(JANE);

    untilSaid("no_code!");
    assertThat(shop.asked()).hasSize(1);
    untilGrants("RETURNED");
    assertThat(service.count("offer_hold")).isZero();
    assertThat(service.get("/metrics").body())
        .contains("parley_offers_total{outcome=\"no_code\"} 1.0");
  }

  @Test
  void aShopThatStaysInConflictIsGivenUpAfterAWhile() {
    shop.usually(Fate.CONFLICT);
    stumble(JANE);
    service.until("it is asked twice", () -> shop.asked().size() >= 2);
    assertThat(said()).isEmpty();

    service.leap(PATIENCE);

    untilSaid("no_code!");
    assertThat(shop.keys()).containsOnly(shop.keys().getFirst());
    untilGrants("RETURNED");
    assertThat(service.count("offer_hold")).isZero();
  }

  @Test
  void aShopThatHangsHoldsUpNoOther() {
    shop.next(Fate.MADE_UNHEARD);
    stumble(JANE);
    service.until("it hangs", () -> shop.met(Fate.MADE_UNHEARD) == 1);

    stumble(JACK);

    untilSaid("20% off: SHOP-0002", "20% off: SHOP-0001");
  }

  @Test
  void aShopThatNeverAnswersIsGivenUpAfterAWhile() {
    shop.usually(Fate.MADE_UNHEARD);
    stumble(JANE);
    service.until("it is asked twice", () -> shop.asked().size() >= 2);

    service.leap(PATIENCE);

    untilSaid("no_code!");
    untilGrants("RETURNED");
    assertThat(shop.codes()).hasSize(1);
  }

  @Test
  void anAnswerWithoutAGoodCodeIsNone() {
    shop.next(Fate.MISSHAPEN, Fate.CODELESS);
    stumble(JANE);
    untilSaid("no_code!");

    stumble(JACK);

    untilSaid("no_code!", "no_code!");
    untilGrants("RETURNED", "RETURNED");
    assertThat(shop.asked()).hasSize(2);
  }

  @Test
  void aSecretThatIsNotSetIsNeverAskedWithout() throws IOException {
    startAnew(Map.of("OFFER_SECRETS", "OTHER_TOKEN=x"));

    stumble(JANE);

    untilSaid("no_code!");
    assertThat(shop.asked()).isEmpty();
  }

  @Test
  void aPrivateAddressThatIsNotAllowedIsNotAsked() throws IOException {
    startAnew(Map.of("CALLS_ALLOWED_PRIVATE", "192.0.2.1"));

    stumble(JANE);

    untilSaid("no_code!");
    assertThat(shop.asked()).isEmpty();
  }

  @Test
  void theSecretGoesToNoOtherServer() {
    shop.next(Fate.MOVED);

    stumble(JANE);

    untilSaid("20% off: SHOP-0001");
    assertThat(shop.asked().getLast().headers().get("X-Shop-Token")).isNull();
    assertThat(shop.keys()).hasSize(2).containsOnly(shop.keys().getFirst());
  }

  @Test
  void aCodeWhoseMessageIsRefusedIsGivenBackAndThePersonIsFree() {
    help(JANE);
    service.channel.next(FakeChannel.Fate.UNREACHABLE_RECIPIENT);

    service.reply(JANE, "SM" + "1".repeat(32), "hm");

    untilGrants("RETURNED SHOP-0001");
    assertThat(service.count("offer_hold")).isZero();
    service.until("nothing waits", () -> service.count("outbox") == 0);
  }

  @Test
  void aCodeThatWasAskedForWhenTheServiceStoppedIsHadByTheNext() {
    shop.next(Fate.BROKEN);
    stumble(JANE);
    service.until("it was asked", () -> shop.asked().size() == 1);
    service.stop();

    service.restart();

    untilSaid("20% off: SHOP-0001");
    assertThat(shop.keys()).containsOnly(shop.keys().getFirst());
    assertThat(shop.codes()).hasSize(1);
  }
}
