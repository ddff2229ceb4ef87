package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testkit.FragilePostgres;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Short links from the message to the click's report.
class LinkTest {

  private static final String JANE = "+14155550142";
  private static final String JOHN = "+14155550143";
  private static final String ANSWERED = "delivery where destination = 'twilio'";
  private static final Pattern LINK = Pattern.compile("https://\\S+/r/\\w{10}");
  private static final Map<String, String> PHONE =
      Map.of("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Safari/604.1");
  private static final Map<String, String> LAPTOP =
      Map.of("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0");

  private static final String FLOW =
      """
      {"description": "Shows the cart", "initial_state": "Trigger", "states": [
        {"name": "Trigger", "type": "trigger", "properties": {},
         "transitions": [{"event": "incomingRequest", "next": "show"}]},
        {"name": "show", "type": "send-message",
         "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                        "body": "Your cart: https://shop.example/cart?of={{flow.data.customer.first_name}}.",
                        "shorten_urls": true},
         "transitions": [{"event": "sent", "next": "watch"}, {"event": "failed"}]},
        {"name": "watch", "type": "parley.wait-for-event",
         "properties": {"event": "click", "timeout": "P1D"},
         "transitions": [{"event": "occurred", "next": "thank"}, {"event": "timeout"}]},
        {"name": "thank", "type": "send-message",
         "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                        "body": "Any questions about {{widgets.watch.event.url}}?"},
         "transitions": [{"event": "sent"}, {"event": "failed"}]}
      ]}
      """;

  private Service service = start(Map.of());

  private static Service start(Map<String, String> settings) {
    Service service = Service.start(settings);
    service.publish("cart", FLOW);
    service.stop();
    service.restart();
    return service;
  }

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void aClickLeadsToTheUrlMovesTheFlowAndIsReported() {
    String link = linkSentTo(JANE);
    assertThat(service.channel.texts().getFirst()).isEqualTo("Your cart: " + link + ".");
    assertThat(link).startsWith(Service.PUBLIC_URL + "/r/");

    HttpResponse<String> answer = service.follow("GET", link, PHONE);

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("Location"))
        .contains("https://shop.example/cart?of=Jane");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    service.until("the click is stored", () -> clicks() == 1);
    service.until("the flow goes on", () -> service.channel.texts().size() == 2);
    assertThat(service.channel.texts().getLast())
        .isEqualTo("Any questions about https://shop.example/cart?of=Jane?");
    service.until("the click is told", () -> service.track.names().contains("sms_clicked"));
    JsonObject told =
        service.track.taken().stream()
            .filter(item -> TrackServer.name(item).equals("sms_clicked"))
            .findFirst()
            .orElseThrow();
    assertThat(told.getJsonObject("attributes").getMap())
        .containsEntry("url", "https://shop.example/cart?of=Jane")
        .containsEntry("flow", "cart")
        .containsEntry("code", link.substring(link.length() - 10));
  }

  @Test
  void requestsOfOneClientInAShortTimeAreOneClick() {
    String link = linkSentTo(JANE);

    for (int i = 0; i < 3; i++) {
      assertThat(service.follow("GET", link, PHONE).statusCode()).isEqualTo(302);
    }
    service.until("the click is stored", () -> clicks() == 1);

    service.follow("GET", link, LAPTOP);
    service.until("the other one is stored", () -> clicks() == 2);
    assertThat(service.get("/metrics").body())
        .contains("parley_links_total{outcome=\"click\"} 2.0")
        .contains("parley_links_total{outcome=\"repeat\"} 2.0");
  }

  @Test
  void previewsAndScannersAreLedOnAndAreNoClick() {
    String link = linkSentTo(JANE);

    List<HttpResponse<String>> answers =
        List.of(
            service.follow("HEAD", link, PHONE),
            service.follow("GET", link, Map.of("User-Agent", "WhatsApp/2.23.18.78 i")),
            service.follow("GET", link, Map.of("User-Agent", "Twitterbot/1.0")),
            service.follow("GET", link, with(PHONE, "Sec-Purpose", "prefetch;prerender")),
            service.follow("GET", link, Map.of()));

    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(302);
              assertThat(answer.headers().firstValue("Location"))
                  .contains("https://shop.example/cart?of=Jane");
            });
    assertThat(clicks()).isZero();
  }

  @Test
  void aCodeThatNobodySentLeadsNowhereInPlainWords() {
    String link = linkSentTo(JANE);
    String another = link.substring(0, link.length() - 3) + "zzz";

    for (String wrong : List.of(another, link + "x", link.substring(0, link.length() - 1))) {
      HttpResponse<String> answer = service.follow("GET", wrong, PHONE);

      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
      assertThat(answer.body()).contains("This link leads nowhere");
    }
    assertThat(clicks()).isZero();
  }

  @Test
  void aFullStopThatWasCopiedAlongIsForgiven() {
    String link = linkSentTo(JANE);

    assertThat(service.follow("GET", link + ".", PHONE).statusCode()).isEqualTo(302);
    assertThat(service.follow("GET", link + ")!", PHONE).statusCode()).isEqualTo(302);
  }

  @Test
  void nothingInARequestSaysWhereALinkLeads() {
    String link = linkSentTo(JANE);

    HttpResponse<String> answer =
        service.follow("GET", link + "?url=https://evil.example&code=x", with(PHONE, "X-Url", "x"));

    assertThat(answer.headers().firstValue("Location"))
        .contains("https://shop.example/cart?of=Jane");
    assertThat(service.follow("POST", link, PHONE).statusCode()).isEqualTo(405);
  }

  @Test
  void aLinkThatHasExpiredSaysSo() {
    service.close();
    service = start(Map.of("LINK_LIFETIME", "1ms"));
    String link = linkSentTo(JANE);

    HttpResponse<String> answer = service.follow("GET", link, PHONE);

    assertThat(answer.statusCode()).isEqualTo(410);
    assertThat(answer.body()).contains("has expired");
    assertThat(clicks()).isZero();
  }

  @Test
  void linksMayHaveADomainOfTheirOwn() {
    service.close();
    service = start(Map.of("LINK_URL", "https://go.example/"));

    String link = linkSentTo(JANE);

    assertThat(link).startsWith("https://go.example/r/");
    assertThat(service.follow("GET", link, PHONE).statusCode()).isEqualTo(302);
  }

  @Test
  void eachContactHasCodesOfItsOwn() {
    assertThat(linkSentTo(JANE)).isNotEqualTo(linkSentTo(JOHN));
  }

  @Test
  void aSendInDoubtIsFoundWithItsLinkAndNotSentTwice() {
    service.channel.next(FakeChannel.Fate.TAKEN_UNHEARD);

    String link = linkSentTo(JANE);

    assertThat(service.channel.requests()).hasSize(1);
    assertThat(service.follow("GET", link, PHONE).statusCode()).isEqualTo(302);
  }

  @Test
  void aClickThatIsStoredSlowlyHoldsNobodyUp() {
    String link = linkSentTo(JANE);
    service.execute(
        """
        create function dawdle() returns trigger language plpgsql as
        'begin
           if new.kind = ''LinkClicked'' then perform pg_sleep(3); end if;
           return new;
         end'
        """);
    service.execute(
        "create trigger dawdle before insert on turn for each row execute function dawdle()");
    long asked = System.nanoTime();

    assertThat(service.follow("GET", link, PHONE).statusCode()).isEqualTo(302);

    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofMillis(2_400));
    service.until("the click is stored", () -> clicks() == 1);
  }

  @Test
  void withoutTheDatabaseKnownLinksLeadOnAndTheirClicksAreToldLater(@TempDir Path folder) {
    List<String> lines = new CopyOnWriteArrayList<>();
    service.close();
    try (FragilePostgres postgres = new FragilePostgres(folder);
        Service fragile = new Service(postgres.url(), Map.of());
        Log _ = Log.into(lines)) {
      fragile.publish("cart", FLOW);
      fragile.stop();
      fragile.restart();
      String known = linkSentTo(fragile, JANE);
      String unknown = linkSentTo(fragile, JOHN);
      fragile.follow("GET", known, PHONE);
      fragile.until("all is told", () -> fragile.count("outbox") == 0);

      postgres.stop();

      assertThat(fragile.follow("GET", known, LAPTOP).statusCode()).isEqualTo(302);
      HttpResponse<String> asked = fragile.follow("GET", unknown, PHONE);
      assertThat(asked.statusCode()).isEqualTo(503);
      assertThat(asked.body()).contains("Please try again");
      assertThat(asked.headers().firstValue("Retry-After")).isPresent();

      postgres.start();
      fragile.until("it is ready", () -> fragile.get("/health/ready").status() == 200);
      fragile.until(
          "the click of the outage is stored",
          () -> fragile.count("turn where kind = 'LinkClicked'") == 2);
      assertThat(fragile.follow("GET", unknown, PHONE).statusCode()).isEqualTo(302);
      assertThat(lines)
          .isNotEmpty()
          .noneMatch(line -> line.contains("shop.example") || line.contains("iPhone"))
          .noneMatch(line -> line.contains(JANE) || line.contains(JOHN))
          .noneMatch(line -> line.contains(known.substring(known.length() - 10)));
    } finally {
      service = start(Map.of());
    }
  }

  private String linkSentTo(String phone) {
    return linkSentTo(service, phone);
  }

  private static String linkSentTo(Service service, String phone) {
    int before = service.channel.texts().size();
    long answered = service.count(ANSWERED);
    assertThat(service.trigger(phone, "key " + phone).status()).isEqualTo(200);
    service.until("the flow has gone on", () -> service.count(ANSWERED) > answered);
    Matcher link = LINK.matcher(service.channel.texts().get(before));
    assertThat(link.find()).isTrue();
    return link.group();
  }

  private long clicks() {
    return service.count("turn where kind = 'LinkClicked'");
  }

  private static Map<String, String> with(Map<String, String> headers, String name, String value) {
    Map<String, String> more = new java.util.HashMap<>(headers);
    more.put(name, value);
    return more;
  }
}
