package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testkit.TestPostgres;
import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Offers in the whole service: reserved once, told once, given back, used, and told of.
final class OfferServiceTest {

  private static final String JANE = "+14155550142";

  private static final String POLICY =
      """
      hours: {quiet: off}
      offers:
        catalogue:
          second: {kind: generated, prefix: SKIN-, value: 15%}
          pooled: {kind: pool, pool: spring, shape: "SPRING-####", low_water: 2, value: 10 USD}
      """;

  @TempDir Path folder;

  private Service start() throws IOException {
    Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
    return new Service(
        TestPostgres.database(),
        Map.of(
            "POLICY",
            policy.toString(),
            "WHATSAPP_SENDER",
            "whatsapp:" + Service.OURS,
            "DATABASE_POOL",
            "8",
            "FLOW_BINDINGS",
            Service.OURS + "=offer,whatsapp:" + Service.OURS + "=offer"),
        Map.of("offer", flow("second"), "spring", flow("pooled")));
  }

  /// Helps, and makes an offer after an answer that does not thank.
  private static String flow(String offer) {
    return """
    {"description": "Offers", "initial_state": "Trigger", "states": [
      {"name": "Trigger", "type": "trigger", "properties": {},
       "transitions": [{"event": "incomingRequest", "next": "help"},
                       {"event": "incomingMessage", "next": "help"}]},
      {"name": "help", "type": "send-and-wait-for-reply",
       "properties": {"from": "{{flow.channel.address}}", "body": "It ships in two days.",
                      "timeout": "3600", "parley.help": true},
       "transitions": [{"event": "incomingMessage", "next": "gate"}]},
      {"name": "gate", "type": "parley.gate-offer", "properties": {"offer": "%s"},
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
    """
        .formatted(offer);
  }

  private static Answer trigger(Service service, String flow) {
    JsonObject payload = Service.payload(JANE, flow);
    payload.getJsonObject("customer").put("external_id", "42");
    payload.getJsonObject("controls").put("flow", flow);
    return service.trigger(payload.encode(), Service.bearer()).join();
  }

  private static void untilTexts(Service service, String text, int count) {
    service.until(
        count + " times " + text,
        () -> service.channel.texts().stream().filter(text::equals).count() == count);
  }

  /// Waits until Twilio is known to have taken the help, which counts from then on.
  private static void untilHelped(Service service, int contacts) {
    untilTexts(service, "It ships in two days.", contacts);
    service.until("all is taken", () -> service.count("outbox where destination = 'twilio'") == 0);
  }

  private static void stumble(Service service) {
    untilHelped(service, 1);
    service.reply(JANE, "SM" + "1".repeat(32), "hm");
  }

  private static List<String> grants(Service service) {
    return service.texts("select state || coalesce(' ' || reason, '') from offer_grant order by 1");
  }

  @Test
  void aCodeIsReservedSaidAndUsed() throws IOException {
    try (Service service = start()) {
      trigger(service, "offer");
      stumble(service);

      service.until(
          "the code is said",
          () -> service.channel.texts().getLast().matches("15% off: SKIN-[0-9A-Z]{8}"));
      service.until("it is noted", () -> grants(service).equals(List.of("SENT")));
      String code = service.channel.texts().getLast().substring("15% off: ".length());
      String order =
          new JsonObject()
              .put("schema_version", 1)
              .put("event", "Order Completed")
              .put("id", "A-1")
              .put("customer", new JsonObject().put("external_id", "42"))
              .put("properties", new JsonObject().put("order_id", "A-1").put("coupon", code))
              .encode();
      assertThat(service.post("/events", order, Service.bearer()).join().status()).isEqualTo(200);

      service.until("it is used", () -> grants(service).equals(List.of("USED")));
      assertThat(service.texts("select order_id from offer_grant")).containsExactly("A-1");
      service.until("nothing waits", () -> service.count("outbox") == 0);
    }
  }

  /// The thread never hears of the order.
  @Test
  void anOrderThatIsOnlyOnRecordShutsTheGate() throws IOException {
    try (Service service = start()) {
      trigger(service, "offer");
      untilHelped(service, 1);
      service.execute(
          """
          insert into purchase (order_id, external_id, at, seen_at) values ('A-1', '42', now(), now())
          """);
      service.reply(JANE, "SM" + "1".repeat(32), "hm");

      service.until("it is withheld", () -> service.track.names().contains("offer_withheld"));
      assertThat(grants(service)).isEmpty();
      assertThat(
              service.texts(
                  "select effects from turn where effects like '%offer_withheld%purchased%'"))
          .hasSize(1);
    }
  }

  /// What a flow does not look at need not be there.
  @Test
  void aPersonIsAskedForByTheTurnThatComesToTheGate() throws IOException {
    try (Service service = start()) {
      trigger(service, "offer");
      untilHelped(service, 1);
      service.execute("alter table purchase rename to purchase_away");

      assertThat(service.status(0, "delivered").join().status()).isEqualTo(200);
      service.until("it was delivered", () -> turns(service, "DeliveryReported") == 1);
      Answer blind = service.reply(JANE, "SM" + "1".repeat(32), "hm");
      assertThat(blind.status()).isEqualTo(503);
      assertThat(turns(service, "ReplyReceived")).isZero();
      assertThat(grants(service)).isEmpty();

      service.execute("alter table purchase_away rename to purchase");
      assertThat(service.reply(JANE, "SM" + "1".repeat(32), "hm").status()).isEqualTo(200);
      service.until("the code is said", () -> grants(service).equals(List.of("SENT")));
    }
  }

  private static long turns(Service service, String kind) {
    return service.count("turn where kind = '%s'".formatted(kind));
  }

  @Test
  void anEmptyPoolIsTheWithheldExitAndAnAlert() throws IOException {
    try (Service service = start()) {
      trigger(service, "spring");
      stumble(service);

      untilTexts(service, "pool_empty!", 1);
      service.until(
          "readiness tells",
          () -> service.get("/health/ready").body().contains("pool spring is empty"));
      assertThat(service.get("/metrics").body())
          .contains("parley_offers_pool_free{pool=\"spring\"} 0.0")
          .contains("parley_offers_total{outcome=\"pool_empty\"} 1.0");
      assertThat(service.get("/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void aCodeWhoseMessageIsRefusedIsThePoolsAgain() throws IOException {
    try (Service service = start()) {
      service.execute(
          "insert into offer_code (code_key, code, pool, loaded_at)"
              + " values ('SPRING-1234', 'SPRING-1234', 'spring', now())");
      trigger(service, "spring");
      untilHelped(service, 1);
      service.channel.next(FakeChannel.Fate.UNREACHABLE_RECIPIENT);
      service.reply(JANE, "SM" + "2".repeat(32), "hm");

      service.until("it is given back", () -> grants(service).equals(List.of("RETURNED")));
      assertThat(service.texts("select count(*) from offer_code where conversation is null"))
          .containsExactly("1");
      assertThat(service.count("offer_hold")).isZero();
    }
  }

  @Test
  void ofSixteenConversationsOfOneContactAtOnceOneIsMadeAnOffer() throws IOException {
    try (Service service = start()) {
      List<String> phones = IntStream.range(0, 8).mapToObj(i -> "+1415555020" + i).toList();
      for (String phone : phones) {
        service.execute(
            "insert into contact (address, external_id, updated_at)"
                + " values ('%1$s', '42', now()), ('whatsapp:%1$s', '42', now())".formatted(phone));
      }
      all(service, phones, "1", "hello");
      untilHelped(service, 16);

      all(service, phones, "2", "hm");

      untilTexts(service, "live_offer!", 15);
      assertThat(service.channel.texts().stream().filter(it -> it.startsWith("15% off")))
          .hasSize(1);
      List<String> expected = new ArrayList<>(Collections.nCopies(15, "REFUSED LIVE_OFFER"));
      expected.add("SENT");
      service.until("all is noted", () -> grants(service).equals(expected));
    }
  }

  private static void all(Service service, List<String> phones, String number, String body) {
    List<CompletableFuture<Answer>> replies = new ArrayList<>();
    for (int i = 0; i < phones.size(); i++) {
      String sid = "SM" + number.repeat(30) + "0" + i;
      replies.add(service.replying(phones.get(i), sid, body));
      replies.add(
          service.replying(
              "whatsapp:" + Service.OURS,
              "whatsapp:" + phones.get(i),
              "SM" + number.repeat(30) + "1" + i,
              body));
    }
    replies.forEach(CompletableFuture::join);
  }
}
