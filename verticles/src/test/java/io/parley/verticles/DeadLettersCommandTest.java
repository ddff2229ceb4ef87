package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// A Customer.io that refuses all that a trigger reports, and what an operator does about it.
@Isolated("takes the streams that what other tests log goes to")
class DeadLettersCommandTest {

  private static final String KEY = DeadLetterKeysTest.NEW;

  @TempDir private Path folder;

  private final Service service = Service.start(Map.of("DEAD_LETTER_KEY", KEY));
  private String conversation = "";

  @BeforeEach
  void refuse() {
    service.track.usually(_ -> TrackServer.Answer.of(400));
    conversation = service.trigger("+14155550142", "key").json().getString("conversation_id");
    service.until("the question left", () -> service.channel.texts().size() == 1);
    service.until(
        "all is refused", () -> service.count("dead_letter") >= 4 && service.count("outbox") == 0);
  }

  @AfterEach
  void close() {
    service.close();
  }

  private CommandRun run(String command, String... arguments) {
    return typing("", command, arguments);
  }

  private CommandRun typing(String typed, String command, String... arguments) {
    return keyed(typed, KEY, command, arguments);
  }

  private CommandRun keyed(String typed, String keys, String command, String... arguments) {
    List<String> line =
        new ArrayList<>(
            List.of("dead-letters", "--database=" + service.database, "--key=" + keys, command));
    line.addAll(List.of(arguments));
    return CommandRun.typing(typed, line.toArray(String[]::new));
  }

  /// The id of the letter that tells of an outcome.
  private String letter(String name) {
    return new JsonArray(run("list", "--format=json").out())
        .stream()
            .map(JsonObject.class::cast)
            .filter(it -> name.equals(it.getJsonObject("body").getString("name")))
            .map(it -> it.getString("id"))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void bodiesAreReadByWhoHasTheKeyAlone() {
    String id = letter("conversation_started");

    assertThat(service.texts("select effect from dead_letter"))
        .noneMatch(it -> it.contains("Report") || it.contains("person"));
    CommandRun shown = run("show", id);
    assertThat(shown.exit()).isZero();
    assertThat(shown.out())
        .contains("id " + id + "\n", "destination customerio\n", "reason ", "attempts ")
        .contains("dead since ", "\"name\" : \"conversation_started\"");
    CommandRun shut = keyed("", "", "show", id);
    assertThat(shut.exit()).isEqualTo(1);
    assertThat(shut.out()).contains("id " + id + "\n").doesNotContain("conversation_started");
    assertThat(shut.err()).contains("is shut: it is sealed under key ", "no key is set");
    assertThat(keyed("", "", "list").exit()).isZero();
    assertThat(keyed("", "", "replay", "--all").exit()).isEqualTo(1);
    assertThat(service.count("dead_letter")).as("nothing is lost").isGreaterThanOrEqualTo(4);
    assertThat(keyed("", "c2hvcnQ=", "list").err())
        .startsWith("PARLEY_DEAD_LETTER_KEY: key 1 is not the base64 of 32 bytes");
  }

  @Test
  void aMendedReportArrivesUnderItsOwnId() throws IOException {
    String id = letter("conversation_started");
    String refused =
        service.track.requests().stream()
            .flatMap(request -> request.items().stream())
            .filter(item -> TrackServer.name(item).equals("conversation_started"))
            .map(item -> item.getString("id"))
            .findFirst()
            .orElseThrow();
    JsonObject body = new JsonObject(run("show", id, "--body").out());
    body.getJsonObject("properties").put("mended", "by hand");
    Path file = Files.writeString(folder.resolve("body.json"), body.encodePrettily());

    CommandRun edited = run("edit", id, "--body", file.toString());

    assertThat(edited.out()).isEqualTo("edited: " + id + " for customerio\n");
    assertThat(run("list").out()).containsPattern(id + " .*  edited  ");
    assertThat(run("show", id).out()).contains("\"mended\" : \"by hand\"");
    service.track.usually(_ -> TrackServer.Answer.of(200));
    assertThat(run("replay", id).out()).isEqualTo("1 put back in the outbox\n");
    service.until("it arrived", () -> service.track.taken().size() == 1);
    JsonObject arrived = service.track.taken().getFirst();
    assertThat(arrived.getString("id")).isEqualTo(refused);
    assertThat(arrived.getJsonObject("attributes").getString("mended")).isEqualTo("by hand");
    assertThat(run("replay", id).exit()).as("it is none any more").isEqualTo(1);
  }

  @Test
  void whatIsNoReportIsNotTakenForOne() {
    String id = letter("conversation_started");
    JsonObject body = new JsonObject(run("show", id, "--body").out());

    assertThat(typing("{\"type\": ", "edit", id).err())
        .startsWith("nothing was changed: the body is no JSON object: ");
    assertThat(typing("{\"type\": \"Letter\"}", "edit", id).err())
        .startsWith("nothing was changed: the body is no report: ");
    assertThat(typing(body.copy().put("id", id.replaceAll(".$", "99")).encode(), "edit", id).err())
        .isEqualTo(
            "nothing was changed: the body's id must stay "
                + id
                + ": destinations know a repeat by it\n");
    assertThat(
            typing(
                    new JsonObject()
                        .put("type", "KeepOffer")
                        .put("id", id)
                        .put("reservation", id)
                        .encode(),
                    "edit",
                    id)
                .err())
        .isEqualTo("nothing was changed: the body's type must stay ReportOutcome\n");
    assertThat(typing(body.encode(), "edit", id.replaceAll(".$", "99")).exit()).isEqualTo(1);
    assertThat(run("edit", id, "--body", "/no/such/file").exit()).isEqualTo(2);
    assertThat(run("list").out()).doesNotContain("edited");
  }

  @Test
  void aReplayKeepsToItsRateAndItsChoice() {
    long dead = service.count("dead_letter");
    service.track.usually(_ -> TrackServer.Answer.of(200));

    assertThat(run("replay", "--reason", "no such reason").out()).startsWith("0 put back");
    assertThat(run("replay", "--since", "2020-01-01", "--destination", "elsewhere").out())
        .startsWith("0 put back");
    long begun = System.nanoTime();
    CommandRun run = run("replay", "--destination=customerio", "--since=1h", "--rate=2/s");
    long millis = (System.nanoTime() - begun) / 1_000_000;

    assertThat(run.out()).isEqualTo(dead + " put back in the outbox\n");
    assertThat(millis).as("two a second").isGreaterThanOrEqualTo((dead - 1) / 2 * 1000);
    service.until("all arrived", () -> service.track.taken().size() == dead);
    assertThat(service.count("dead_letter")).isZero();
    assertThat(run("replay", "--all", "--rate=fast").err())
        .isEqualTo("--rate fast is not of the form 50, 50/s or 30/m\n");
    assertThat(run("replay").exit()).isEqualTo(2);
    assertThat(run("replay", "--all", "--since=1h").exit()).isEqualTo(2);
    assertThat(run("replay", "--since=soon").err()).startsWith("--since soon is not a day");
  }

  @Test
  void whatIsGivenUpIsAskedForFirstAndTold() {
    String id = letter("conversation_started");
    long dead = service.count("dead_letter");

    CommandRun no = typing("no\n", "discard", "--all");
    assertThat(no.exit()).isEqualTo(1);
    assertThat(no.out()).isEqualTo("Discard " + dead + " for good? Type yes: ");
    assertThat(no.err()).isEqualTo("nothing was discarded\n");
    assertThat(typing("yes\n", "discard", id).out()).endsWith("1 discarded\n");
    assertThat(run("discard", id, "--yes").exit()).isEqualTo(1);

    assertThat(CommandRun.of("trace", "--database=" + service.database, conversation).out())
        .containsPattern("report conversation_started .* -> customerio discarded at ")
        .containsPattern("0 wait in the outbox, " + (dead - 1) + " are dead letters");
    assertThat(run("discard", "--destination=customerio", "--yes").out())
        .isEqualTo(dead - 1 + " discarded\n");
  }

  @Test
  void aKeyIsRotatedWithoutALetterLost() {
    long dead = service.count("dead_letter");
    String both = DeadLetterKeysTest.OLD + "," + KEY;

    assertThat(keyed("", "", "reseal").exit()).isEqualTo(2);
    CommandRun run = keyed("", both, "reseal");

    assertThat(run.out()).startsWith(dead + " sealed under key ");
    assertThat(run("show", letterId()).err()).contains("is shut: ");
    service.track.usually(_ -> TrackServer.Answer.of(200));
    assertThat(keyed("", DeadLetterKeysTest.OLD, "replay", "--all").out())
        .startsWith(dead + " put back");
    service.until("all arrived", () -> service.track.taken().size() == dead);
  }

  private String letterId() {
    String list = run("list").out();
    return list.substring(0, list.indexOf(' '));
  }

  @Test
  void aKeyThatIsNoneIsAProblemOfTheSettings() {
    assertThat(Settings.read(Map.of("PARLEY_DEAD_LETTER_KEY", KEY + ",tooShort")))
        .isInstanceOfSatisfying(
            Settings.Reading.Unusable.class,
            it ->
                assertThat(it.problems())
                    .singleElement()
                    .asString()
                    .startsWith("PARLEY_DEAD_LETTER_KEY: key 2 is not the base64 of 32 bytes")
                    .doesNotContain("tooShort"));
  }
}
