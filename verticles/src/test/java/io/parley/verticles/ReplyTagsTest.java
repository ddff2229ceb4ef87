package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testkit.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Replies to the whole service, with its model and with tags of a shop's own.
class ReplyTagsTest {

  private static final String JANE = "+14155550142";
  private static final String JOHN = "+14155550143";

  private static final String COFFEE =
      """
      version: %s
      flows: [cart]
      tags:
        - name: swap_flavor
          examples:
            - can I switch to decaf
            - swap the vanilla for mocha
            - change my flavor please
            - I want a different flavor next time
            - send hazelnut instead
            - could you change it to dark roast
      """;

  private static final String CHOICE =
      """
      {"description": "Asks which", "initial_state": "Trigger", "states": [
        {"name": "Trigger", "type": "trigger", "properties": {},
         "transitions": [{"event": "incomingMessage"}, {"event": "incomingRequest", "next": "ask"}]},
        {"name": "ask", "type": "send-and-wait-for-reply",
         "properties": {"from": "{{flow.channel.address}}", "body": "Reply 1 for sizing, 2 for shipping",
                        "timeout": "3600"},
         "transitions": [{"event": "incomingMessage"}, {"event": "timeout"},
                         {"event": "deliveryFailure"}]}
      ]}
      """;

  @TempDir Path folder;

  private int replies;

  @Test
  void theModelAndOwnTagsTagRepliesAndABrokenFileChangesNothing() throws IOException {
    List<String> lines = new CopyOnWriteArrayList<>();
    Path file = folder.resolve("coffee.yaml");
    try (Service service = Service.start(Map.of("TAGGER", "model", "TAGS_DIR", folder.toString()));
        Log _ = Log.into(lines)) {
      service.until("the model serves", () -> tagger(service).contains("+retail-1-"));
      service.trigger(JANE, "key");
      service.until("the question leaves", () -> service.channel.texts().size() == 1);
      assertThat(saying(service, JANE, "where is my package"))
          .contains("order_status", "retail-1-")
          .doesNotContain("coffee");

      Files.writeString(file, COFFEE.formatted("1"));
      service.until(
          "own tags serve", () -> lines.stream().anyMatch(it -> it.contains("own tags serve")));
      service.trigger(JOHN, "key-2");
      service.until("the question leaves", () -> said(service, JOHN) == 1);
      assertThat(saying(service, JOHN, "please switch my flavor to caramel"))
          .contains("swap_flavor", "+coffee-1-");

      Files.writeString(file, COFFEE.formatted("2").replace("swap_flavor", "Swap Flavor"));
      service.until(
          "the problem is told with its place",
          () ->
              lines.stream()
                  .anyMatch(it -> it.contains("coffee.yaml") && it.contains("tags[0].name")));
      long before = said(service, JANE);
      service.trigger(JANE, "key-3");
      service.until("the question leaves", () -> said(service, JANE) > before);
      assertThat(saying(service, JANE, "please switch my flavor to caramel"))
          .contains("swap_flavor", "+coffee-1-");
      assertThat(service.get("/metrics").body())
          .contains("parley_tagger_own_tags_total{outcome=\"refused\"} 1.0");
    }
  }

  @Test
  void aReplyAfterARestartIsUnderstoodByWhatWasAskedBefore() {
    try (Service service =
        new Service(TestPostgres.database(), Map.of("TAGGER", "model"), Map.of("choice", CHOICE))) {
      String trigger = Service.payload(JANE, "key").encode();
      service
          .trigger(trigger.replace("\"flow\":\"cart\"", "\"flow\":\"choice\""), Service.bearer())
          .join();
      service.until("the question leaves", () -> service.channel.texts().size() == 1);
      service.stop();
      service.restart();

      service.reply(JANE, "SM-1", "the second one");

      assertThat(lastReply(service)).contains("choice_2", "2: shipping");
    }
  }

  @Test
  void theRulesServeAloneWhereThatIsSet() {
    try (Service service = Service.start(Map.of("TAGGER", "rules"))) {
      assertThat(tagger(service)).isEqualTo("on: rules alone, as PARLEY_TAGGER says");
      service.reply(JANE, "SM-1", "where is my package");
      assertThat(lastReply(service)).contains("\"replies-1\"");
      assertThat(service.get("/metrics").body()).contains("parley_tagger_model_serves 0.0");
    }
  }

  @Test
  void aStopInOtherWordsSilences() {
    try (Service service = Service.start(Map.of("TAGGER", "model"))) {
      service.trigger(JANE, "key");
      service.until("the question leaves", () -> service.channel.texts().size() == 1);

      service.reply(JANE, "SM-1", "please stop texting me");

      assertThat(service.texts("select block from contact where address = '" + JANE + "'"))
          .containsExactly("OPTED_OUT");
    }
  }

  private static String tagger(Service service) {
    return service.get("/health/ready").json().getString("tagger");
  }

  private static long said(Service service, String contact) {
    return service.channel.sends().stream().filter(it -> it.to().value().equals(contact)).count();
  }

  /// The turn of a reply that the model has tagged. It is said again where the model has not
  /// answered within its second, which on a busy machine the first ones may see.
  private String saying(Service service, String contact, String body) {
    service.until(
        "the model tags it",
        () -> {
          service.reply(contact, "SM-" + ++replies, body);
          return lastReply(service).contains("+retail-1-");
        });
    return lastReply(service);
  }

  private static String lastReply(Service service) {
    return service
        .texts("select event from turn where kind = 'ReplyReceived' order by at desc limit 1")
        .getFirst();
  }
}
