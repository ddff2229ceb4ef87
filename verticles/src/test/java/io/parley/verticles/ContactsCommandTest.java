package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("takes the streams that what other tests log goes to")
class ContactsCommandTest {

  private static final String JANE = "+14155550142";
  private static final String JOHN = "+14155550143";

  private final Service service = Service.start();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    service.close();
  }

  // ---- erasure beside a running service

  @Test
  void aLiveConversationDoesNotBringBackWhatWasErased() {
    asked(JANE, "key");

    assertThat(run("erase", JANE, "--yes").out()).startsWith("erased: 1 conversations, ");
    assertThat(readable("4155550142")).isEmpty();
    assertThat(service.live()).as("it still remembers").isEqualTo(1);

    assertThat(service.reply(JANE, "SM-in-1", "yes").status()).isEqualTo(200);

    assertThat(service.texts("select refusal from turn where source_id = 'SM-in-1'"))
        .containsExactly("no_execution");
    assertThat(service.texts("select state from turn where source_id = 'SM-in-1'").getFirst())
        .as("nothing of before")
        .doesNotContain("still want it", "person-42");
    service.pause(Duration.ofMillis(300));
    assertThat(service.channel.texts()).as("the flow is gone").hasSize(1);
  }

  @Test
  void aRepeatedWebhookIsARepeatAfterAnErasure() {
    Service.Answer first = service.trigger(JANE, "42:" + JANE);
    service.until("the question left", () -> service.channel.texts().size() == 1);
    service.reply(JANE, "SM-in-1", "yes");
    service.until("the thanks left", () -> service.channel.texts().size() == 2);
    settled();
    run("erase", "person-42", "--yes");
    assertThat(readable("4155550142")).isEmpty();
    long turns = service.count("turn");

    Service.Answer again = service.trigger(JANE, "42:" + JANE);
    Service.Answer reply = service.reply(JANE, "SM-in-1", "yes");

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json()).isEqualTo(first.json().copy().put("duplicate", true));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(service.count("turn")).isEqualTo(turns);
    assertThat(readable("4155550142")).isEmpty();
  }

  @Test
  void anOptOutHoldsThroughAnErasureUntilStart() {
    asked(JANE, "key");
    service.reply(JANE, "SM-in-1", "STOP");
    settled();
    assertThat(run("erase", JANE, "--yes").out()).contains("2 addresses stay opted out");

    Service.Answer refused = service.trigger(JANE, "key-2");
    assertThat(refused.json().getString("reason")).isEqualTo("opted_out");
    service.reply(JANE, "SM-in-2", "hello?");
    assertThat(service.texts("select refusal from turn where source_id = 'SM-in-2'"))
        .containsExactly("opted_out");
    assertThat(run("show", JANE).out()).contains(JANE + "  opted out; of an erasure");

    service.reply(JANE, "SM-in-3", "START");
    Service.Answer started = service.trigger(JANE, "key-3");

    assertThat(started.json().getString("status")).isEqualTo("started");
    service.until("it is asked again", () -> service.channel.texts().size() == 2);
    assertThat(purchase(JANE).json().getInteger("conversations_ended"))
        .as("the thread is found again")
        .isEqualTo(1);
  }

  @Test
  void anErasureAfterAnErasureTakesWhatCameSince() {
    asked(JANE, "key");
    run("erase", JANE, "--yes");
    service.reply(JANE, "SM-in-1", "my number is " + JANE);
    service.trigger(JANE, "key-2");
    service.until("it is asked again", () -> service.channel.texts().size() == 2);
    settled();
    assertThat(readable("4155550142")).isNotEmpty();

    run("erase", JANE, "--yes");

    assertThat(readable("4155550142")).isEmpty();
  }

  @Test
  void anotherPersonsConversationGoesOn() {
    asked(JANE, "key");
    service.trigger(JOHN, "key-2");
    service.until("John is asked", () -> service.channel.texts().size() == 2);
    settled();
    run("erase", JANE, "--yes");

    service.reply(JOHN, "SM-in-1", "yes");

    service.until("John is thanked", () -> service.channel.texts().contains("You said: yes"));
  }

  @Test
  void anErasureIsConfirmedByHand() {
    asked(JANE, "key");

    CommandRun no = typing("no\n", "erase", JANE);
    assertThat(no.exit()).isEqualTo(1);
    assertThat(no.out()).contains("conversation  ", "Type yes: ");
    assertThat(no.err()).contains("nothing was erased");
    assertThat(readable("4155550142")).isNotEmpty();

    assertThat(typing("yes\n", "erase", JANE).exit()).isZero();
    assertThat(readable("4155550142")).isEmpty();
  }

  // ---- import, show, list

  @Test
  void whatIsImportedHoldsAndIsShown() throws IOException {
    Path file = folder.resolve("contacts.csv");
    Files.writeString(
        file,
        """
        address,external_id,state,method,source,at,opted_out_at,evidence
        +14155550142,person-42,granted,checkout,shop,2026-01-15,,box ticked
        +14155550143,person-43,,,,,2026-01-10,NO MAS
        nobody,,,,,,2026-01-10,STOP
        """);

    CommandRun dry = run("import", file.toString(), "--dry-run");
    assertThat(dry.out()).isEqualTo("would import 2 contacts and 1 consents\n");
    CommandRun imported = run("import", file.toString());
    assertThat(imported.exit()).isEqualTo(1);
    assertThat(imported.err()).startsWith("line 4: has no address");
    assertThat(imported.out())
        .isEqualTo("imported 2 contacts (1 opt-outs were new) and 1 consents (1 were new)\n");
    assertThat(run("import", file.toString()).out()).contains("(0 opt-outs", "(0 were new)");

    assertThat(service.trigger(JOHN, "key").json().getString("reason")).isEqualTo("opted_out");
    assertThat(service.trigger(JANE, "key-2").json().getString("status")).isEqualTo("started");
    assertThat(run("list", "--blocked").out())
        .isEqualTo(
            "+14155550143  opted out since 2026-01-10T00:00:00Z (NO MAS)  person person-43\n");
    assertThat(run("show", "person-42").out())
        .contains(
            "external id person-42\n",
            "+14155550142  may be written to  person person-42\n",
            "consent  2026-01-15T00:00:00Z  sms granted for marketing, by checkout, shop (box"
                + " ticked)  of +14155550142\n",
            ", runs cart, suppresses until ");
    JsonObject json = new JsonObject(run("show", JOHN, "--format", "json").out());
    assertThat(json.getJsonArray("contacts").getJsonObject(0).getString("block"))
        .isEqualTo("opted_out");
    assertThat(run("show", "+14155550199").exit()).isEqualTo(1);
    assertThat(run("show", "+14155550199").out()).isEqualTo("nothing is on record\n");
  }

  @Test
  void whatCallsHaveToldIsShown() {
    service.execute(
        """
        insert into trait (person, name, value, set_by, at)
        values ('id:7', 'phone', '"%s"', 1, now()), ('id:7', 'plan', '"pro"', 1, now());
        """
            .formatted(JOHN));

    assertThat(run("show", JOHN).out())
        .isEqualTo("external id 7\ntrait  phone  \"%s\"\ntrait  plan  \"pro\"\n".formatted(JOHN));
    assertThat(
            new JsonObject(run("show", "7", "--format", "json").out())
                .getJsonObject("traits")
                .getString("plan"))
        .isEqualTo("pro");
  }

  @Test
  void theAudiencesThatAPersonIsInAreShown() {
    service.execute(
        """
        insert into audience_member (audience, person, conversation, external_id, number, entered_at)
        values ('buyers', 'id:7', gen_random_uuid(), '7', '%1$s', '2026-11-01T10:00:00Z'),
               ('vip', 'number:%1$s', gen_random_uuid(), '', '%1$s', '2026-11-02T10:00:00Z'),
               ('left', 'id:7', gen_random_uuid(), '7', '', null),
               ('vip', 'id:8', gen_random_uuid(), '8', '', '2026-11-03T10:00:00Z');
        """
            .formatted(JOHN));

    assertThat(run("show", JOHN).out())
        .isEqualTo(
            """
            in audience  vip  since 2026-11-02T10:00:00Z
            in audience  buyers  since 2026-11-01T10:00:00Z
            """);
    assertThat(new JsonObject(run("show", "7", "--format", "json").out()).getJsonArray("audiences"))
        .containsExactly(
            new JsonObject().put("name", "buyers").put("since", "2026-11-01T10:00:00Z"));
  }

  @Test
  void anImportDoesNotOpenAgainWhatStartHasLifted() throws IOException {
    service.reply(JANE, "SM-in-1", "STOP");
    service.reply(JANE, "SM-in-2", "START");
    Path file = folder.resolve("contacts.csv");
    Files.writeString(file, "address,opted_out_at,evidence\n" + JANE + ",2026-01-10,STOP\n");

    assertThat(run("import", file.toString()).out()).contains("(0 opt-outs were new)");

    assertThat(service.trigger(JANE, "key").json().getString("status")).isEqualTo("started");
  }

  // ---- the service

  /// A conversation whose question has left, and of which nothing is under way.
  private void asked(String phone, String key) {
    service.trigger(phone, key);
    service.until("the question left", () -> !service.channel.texts().isEmpty());
    settled();
  }

  private void settled() {
    service.until("all is told", () -> service.count("outbox") == 0);
  }

  private Service.Answer purchase(String phone) {
    return service
        .post(
            "/events",
            new JsonObject()
                .put("schema_version", 1)
                .put("event", "Order Completed")
                .put("id", "order-1")
                .put("customer", new JsonObject().put("phone", phone))
                .encode(),
            Map.copyOf(Service.bearer()))
        .join();
  }

  /// The columns in which a text can be read.
  private List<String> readable(String text) {
    return service
        .texts(
            """
            select c.table_name || '.' || c.column_name from information_schema.columns c
              join information_schema.tables t using (table_schema, table_name)
             where c.table_schema = 'public' and t.table_type = 'BASE TABLE' order by 1
            """)
        .stream()
        .filter(column -> isIn(column.split("\\.", 2), text))
        .toList();
  }

  private boolean isIn(String[] column, String text) {
    return !service
        .texts(
            "select 1 from %s where \"%s\"::text like '%%%s%%' limit 1"
                .formatted(column[0], column[1], text))
        .isEmpty();
  }

  private CommandRun run(String command, String... arguments) {
    return typing("", command, arguments);
  }

  private CommandRun typing(String typed, String command, String... arguments) {
    List<String> line =
        new ArrayList<>(List.of("contacts", "--database=" + service.database, command));
    line.addAll(List.of(arguments));
    return CommandRun.typing(typed, line.toArray(String[]::new));
  }
}
