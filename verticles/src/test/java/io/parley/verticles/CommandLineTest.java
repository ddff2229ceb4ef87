package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("takes the streams that what other tests log goes to")
class CommandLineTest {

  @Test
  void deadLettersAreListedShownAndReplayed() {
    try (Service service = Service.start()) {
      service.track.usually(_ -> TrackServer.Answer.of(400));
      service.trigger("+14155550142", "key");
      service.until("all are dead", () -> service.count("dead_letter") >= 3);
      service.until("nothing waits", () -> service.count("outbox") == 0);
      long dead = service.count("dead_letter");
      String database = "--database=" + service.database;

      CommandRun list = run("dead-letters", database, "list");
      assertThat(list.exit()).isZero();
      assertThat(list.out().lines()).hasSize((int) dead).allMatch(line -> line.contains("400"));
      assertThat(run("dead-letters", database, "list", "--limit=1").out().lines()).hasSize(1);
      String id = list.out().substring(0, list.out().indexOf(' '));

      CommandRun show = run("dead-letters", database, "show", id);
      assertThat(show.exit()).isZero();
      assertThat(show.out()).contains(id).contains("\"type\" : \"Report");
      assertThat(run("dead-letters", database, "show", id.replaceAll(".$", "77")).exit())
          .isNotZero();
      assertThat(run("dead-letters", database, "show", "nonsense").exit()).isEqualTo(2);

      service.track.usually(_ -> TrackServer.Answer.of(200));
      assertThat(run("dead-letters", database, "replay", id).out()).startsWith("1 ");
      assertThat(run("dead-letters", database, "replay").exit()).isEqualTo(2);
      assertThat(run("dead-letters", database, "replay", "--all").out()).startsWith(dead - 1 + " ");
      service.until("all are delivered", () -> service.track.taken().size() == dead);
      assertThat(service.count("dead_letter")).isZero();
    }
  }

  @Test
  void callsThatWaitForAPersonAreListedAndTriedAgain() {
    try (Service service = Service.start()) {
      String database = "--database=" + service.database;
      service.execute(
          """
          insert into ingested (source, message_id, subject, format, call, received_at, parked, error)
          values ('shop', 'm1', 'id:42', 3, 'no call', now(), true, 'it cannot be read')
          """);

      assertThat(run("ingested", database, "list").out())
          .contains("shop m1  received ", "attempts 0 (parked)  it cannot be read");
      assertThat(run("ingested", database, "retry").out()).isEqualTo("1 to be tried again\n");
      service.until("it is tried", () -> service.count("ingested where parked") == 1);
      assertThat(service.texts("select error from ingested").getFirst())
          .startsWith("it cannot be read: no stored call");
    }
  }

  @Test
  void handoffsAreListedShownAndClosed() {
    try (Service service = Service.start()) {
      service.stop();
      service.publish(
          "cart",
          """
          {"description": "Hands over", "initial_state": "Trigger", "states": [
            {"name": "Trigger", "type": "trigger", "properties": {},
             "transitions": [{"event": "incomingRequest", "next": "person"}]},
            {"name": "person", "type": "send-to-flex",
             "properties": {"workflow": "care", "channel": "sms"},
             "transitions": [{"event": "callComplete", "next": "thanks"},
                             {"event": "failedToEnqueue"}, {"event": "callFailure"}]},
            {"name": "thanks", "type": "send-message",
             "properties": {"from": "{{flow.channel.address}}",
                            "to": "{{contact.channel.address}}",
                            "body": "It is {{widgets.person.disposition}}"},
             "transitions": [{"event": "sent"}, {"event": "failed"}]}
          ]}
          """);
      service.restart();
      service.trigger("+14155550142", "key");
      service.reply("+14155550142", "SM-1", "a person, please");
      String database = "--database=" + service.database;

      CommandRun list = run("handoffs", database, "list");
      assertThat(list.exit()).isZero();
      assertThat(list.out().lines()).hasSize(1);
      assertThat(list.out()).contains("queued", "flow cart", "widget person", "+14155550142");
      String id = list.out().substring(0, list.out().indexOf(' '));

      assertThat(run("handoffs", database, "show", id).out()).contains("a person, please");
      assertThat(run("handoffs", database, "show", "nonsense").exit()).isEqualTo(2);
      assertThat(run("handoffs", database, "show", id.replaceAll(".$", "77")).exit()).isEqualTo(1);

      assertThat(run("handoffs", database, "close", id, "--disposition=solved").exit()).isZero();
      service.until("the flow went on", () -> service.channel.texts().contains("It is solved"));
      assertThat(run("handoffs", database, "list").out()).isEmpty();
      assertThat(run("handoffs", database, "list", "--all").out()).contains("solved");
      assertThat(run("handoffs", database, "close", id, "--disposition=again").out())
          .contains("closed already");
    }
  }

  @Test
  void aDatabaseThatDoesNotAnswerIsSaid() {
    CommandRun run = run("dead-letters", "--database=postgresql://postgres@localhost:1/x", "list");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("could not be asked");
  }

  @Test
  void deadLettersNeedADatabase() {
    CommandRun run = run("dead-letters", "list");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("PARLEY_DATABASE_URL");
  }

  @Test
  void everySettingIsListedWithItsMeaning() {
    CommandRun run = run("settings");

    assertThat(run.exit()).isZero();
    for (SettingName name : SettingName.values()) {
      assertThat(run.out()).contains(name.variable()).contains(name.meaning());
    }
  }

  @Test
  void withoutACommandTheUsageIsShown() {
    assertThat(run().exit()).isEqualTo(2);
    assertThat(run().out()).contains("serve", "dead-letters", "settings");
    assertThat(run("--version").out()).contains("parley");
  }

  private static CommandRun run(String... arguments) {
    return CommandRun.of(arguments);
  }
}
