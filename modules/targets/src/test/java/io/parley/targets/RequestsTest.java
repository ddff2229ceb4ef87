package io.parley.targets;

import static io.parley.targets.Handoffs.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.edge.HandoffTarget;
import io.parley.edge.HandoffTarget.Next;
import io.parley.edge.HandoffTarget.Placement;
import io.parley.edge.HandoffTarget.Task;
import io.parley.edge.OutcomeSink.Response;
import io.parley.targets.Handoffs.Course;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Every request that each target is asked with, as it leaves, against a file.
class RequestsTest {

  static final Chatwoot CHATWOOT =
      new Chatwoot(
          "support",
          new Chatwoot.Settings(
              URI.create("https://chat.example.com"),
              1,
              3,
              "token",
              List.of("url-secret"),
              List.of("signing-secret")));

  static final Zendesk ZENDESK =
      new Zendesk(
          "support",
          new Zendesk.Settings(
              URI.create("https://acme.zendesk.com/sc"),
              "app1",
              new Zendesk.Key("app_1", "secret"),
              Zendesk.Settings.WORKSPACE,
              false,
              List.of("webhook-secret")));

  static final Flex FLEX =
      new Flex(
          "support",
          new Flex.Settings(
              Flex.Places.TWILIO,
              new Flex.Account("AC00000000000000000000000000000001", "token"),
              "WS00000000000000000000000000000001",
              "WW00000000000000000000000000000001",
              "chat",
              URI.create("https://parley.example.com/handoff-targets/support")),
          (_, signature) -> signature.equals("genuine"));

  static final RequestTracker TRACKER =
      new RequestTracker(
          "support",
          new RequestTracker.Settings(
              URI.create("https://rt.example.com"),
              "Customer care",
              "parley",
              RequestTracker.token("1-14-abc"),
              Duration.ofSeconds(5)));

  static final SignedTarget SIGNED =
      new SignedTarget(
          "support",
          URI.create("https://desk.example.com/parley"),
          List.of("secret"),
          InstantSource.fixed(Handoffs.NOON));

  @Test
  void chatwootIsAskedSo() throws IOException {
    check(
        "chatwoot",
        CHATWOOT,
        ask ->
            switch (ask.step()) {
              case "contact" -> answer(200, "{\"payload\":{\"contact\":{\"id\":7}}}");
              case "conversation" -> answer(200, "{\"id\":42}");
              default -> answer(200, "{\"payload\":[]}");
            });
  }

  @Test
  void zendeskIsAskedSo() throws IOException {
    check(
        "zendesk",
        ZENDESK,
        ask ->
            switch (ask.step()) {
              case "conversation" -> answer(201, "{\"conversation\":{\"id\":\"c42\"}}");
              default -> answer(200, "{\"conversations\":[]}");
            });
  }

  @Test
  void flexIsAskedSo() throws IOException {
    check(
        "flex",
        FLEX,
        ask ->
            switch (ask.step()) {
              case "conversation" ->
                  answer(201, "{\"sid\":\"CH00000000000000000000000000000042\"}");
              case "interaction" ->
                  answer(
                      201,
                      """
                      {"sid": "KD00000000000000000000000000000042",
                       "channel": {"sid": "UO00000000000000000000000000000042"}}
                      """);
              default -> answer(200, "{\"tasks\":[]}");
            });
  }

  @Test
  void requestTrackerIsAskedSo() throws IOException {
    check(
        "request-tracker",
        TRACKER,
        ask ->
            switch (ask.step()) {
              case "make" -> answer(201, "{\"id\":\"42\",\"type\":\"ticket\"}");
              case "history" ->
                  answer(
                      200,
                      """
                      {"pages": 1, "items": [
                        {"id": "9", "Type": "Correspond", "Creator": {"id": "parley"}},
                        {"id": "10", "Type": "Correspond", "Creator": {"id": "mia"}}]}
                      """);
              default -> answer(200, "{\"items\":[]}");
            });
  }

  @Test
  void aServerOfTheBrandsOwnIsAskedSo() throws IOException {
    check("webhook", SIGNED, _ -> answer(200, "{\"reference\":\"r42\"}"));
  }

  /// All that a handoff takes, from its opening to its end there.
  private static void check(String golden, HandoffTarget target, Function<Next.Ask, Response> peer)
      throws IOException {
    StringBuilder text = new StringBuilder();
    Course opened = write(text, target, Handoffs.NEW, new Task.Open(Handoffs.OPENING), peer);
    assertThat(opened.end()).isInstanceOf(Next.Done.class);
    Placement placement = opened.placement();
    assertThat(placement.reference()).endsWith("42");
    for (Task task :
        List.of(
            new Task.Say(Handoffs.QUESTION),
            new Task.Say(Handoffs.NOTICE),
            new Task.Poll(),
            new Task.Close("The conversation is over: solved", true),
            new Task.Close("The conversation is over: solved", false),
            new Task.Probe())) {
      assertThat(write(text, target, placement, task, peer).end()).isInstanceOf(Next.Done.class);
    }
    Path file = Path.of("src/test/resources/golden", golden + ".txt");
    if (Boolean.getBoolean("parley.rewrite")) {
      Files.writeString(file, text);
    }
    assertThat(text.toString()).isEqualTo(Files.readString(file));
  }

  private static Course write(
      StringBuilder text,
      HandoffTarget target,
      Placement placement,
      Task task,
      Function<Next.Ask, Response> peer) {
    text.append("== ").append(task.getClass().getSimpleName()).append('\n');
    Course course = Handoffs.perform(target, placement, task, peer);
    for (Next.Ask ask : course.asked()) {
      text.append(ask.request().method()).append(' ').append(ask.request().url()).append('\n');
      new TreeMap<>(ask.request().headers())
          .forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
      text.append(ask.request().body()).append("\n\n");
    }
    return course;
  }

  /// Secrets are in headers alone, which nothing prints.
  @Test
  void whatIsPrintedOfARequestHoldsNoSecret() {
    HandoffTarget.Request request =
        new HandoffTarget.Request(
            "GET", "https://a.example.com/x?secret=s", Map.of("Authorization", "token t"), "");

    assertThat(request.toString()).isEqualTo("Request[GET https://a.example.com/x]");
  }
}
