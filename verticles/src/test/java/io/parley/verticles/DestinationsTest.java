package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.verticles.WebhookServer.Answer;
import io.parley.verticles.WebhookServer.Request;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationsTest {

  private static final String JANE = "+14155550142";

  private final Vertx world = Vertx.vertx();
  private final WebhookServer audit = new WebhookServer(world, "s3cret");
  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // each test starts it
  private Service service;

  private final List<Service> started = new ArrayList<>();

  @AfterEach
  void close() {
    started.forEach(Service::close);
    Service.await(world.close());
  }

  private String entry(String more) {
    return "audit: {type: webhook, url: \"%s\", secret: AUDIT_SECRET, requests_per_second: 1000%s}"
        .formatted(audit.url(), more);
  }

  private void start(String... entries) {
    service =
        Service.start(
            Map.of(
                "DESTINATIONS",
                write(entries).toString(),
                "DESTINATION_SECRETS",
                "AUDIT_SECRET=s3cret,SEGMENT_KEY=write-key"));
    started.add(service);
  }

  private Path write(String... entries) {
    try {
      return Files.writeString(
          folder.resolve("destinations.yaml"),
          "destinations:\n  " + String.join("\n  ", entries) + "\n");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyReportReachesEachDestinationOnceAndInOrder() {
    start(entry(""));

    service.trigger(JANE, "key");
    service.until("the question leaves", () -> service.channel.texts().size() == 1);
    service.reply(JANE, "SM-in", "yes");

    service.until("thanks leave", () -> service.channel.texts().size() == 2);
    service.until("nothing waits", () -> service.count("outbox") == 0);
    assertThat(audit.of("person-42"))
        .isEqualTo(service.track.names())
        .startsWith("identify", "conversation_started")
        .contains("twilio_reply")
        .endsWith("twilio_flow_completed", "conversation_ended", "identify");
    assertThat(audit.repeats()).isZero();
    assertThat(audit.events().stream().map(it -> it.getString("id")))
        .containsAll(
            service.track.taken().stream()
                .map(it -> it.getString("id"))
                .filter(Objects::nonNull)
                .toList());
    assertThat(service.get("/health/ready").json().getJsonObject("destinations"))
        .isEqualTo(new JsonObject().put("audit", "on"));
  }

  @Test
  void whatADestinationDoesNotTakeNeverWaitsForIt() {
    audit.usually(_ -> Answer.of(503));
    start(entry(", events: [conversation_started]"));

    service.trigger(JANE, "key");

    service.until("others are told", () -> service.track.names().size() >= 3);
    service.until("it was tried", () -> !audit.requests().isEmpty());
    assertThat(audit.requests().getFirst().names()).containsExactly("conversation_started");
    assertThat(service.count("outbox where destination = 'audit'")).isEqualTo(1);
  }

  @Test
  void anOutageGrowsOnlyItsOwnQueueAndDrainsInOrder() {
    audit.usually(_ -> Answer.of(503));
    start(entry(", batch: 7"));

    conversations(20);

    service.until("all thanks leave", () -> service.channel.texts().size() == 40);
    service.until(
        "others are told all", () -> service.count("outbox where destination <> 'audit'") == 0);
    long waiting = service.count("outbox where destination = 'audit'");
    assertThat(waiting).isEqualTo(service.track.taken().size());
    assertThat(audit.events()).isEmpty();
    assertThat(ready("audit")).startsWith("on: answers 503 since 2");
    assertThat(service.get("/health/ready").json().getString("customerio_courier")).isEqualTo("on");

    audit.usually(_ -> Answer.of(200));

    service.until("it has drained", () -> service.count("outbox") == 0);
    assertThat(audit.events()).hasSize((int) waiting);
    assertThat(audit.repeats()).isZero();
    for (int i = 0; i < 20; i++) {
      String person = "person-%02d".formatted(i);
      assertThat(audit.of(person))
          .containsExactlyElementsOf(
              service.track.taken().stream()
                  .filter(it -> it.getJsonObject("identifiers").getString("id").equals(person))
                  .map(TrackServer::name)
                  .toList());
    }
    assertThat(ready("audit")).isEqualTo("on");
    assertThat(service.count("dead_letter")).isZero();
  }

  @Test
  void whatWasTakenBeforeAnAnswerWasLostIsKnownByItsId() {
    audit.next(
        told -> {
          told.forEach(audit::keep);
          return Answer.of(502);
        });
    start(entry(""));

    service.trigger(JANE, "key");

    service.until("all is told", () -> audit.requests().size() > 1 && waiting("audit") == 0);
    assertThat(audit.repeats()).isPositive();
    assertThat(audit.events().stream().map(it -> it.getString("name")))
        .contains("conversation_started", "twilio_message_sent");
  }

  @Test
  void aReceiverIsLeftAloneForAsLongAsItAsks() {
    audit.next(_ -> new Answer(429, "1", ""));
    start(entry(""));

    service.trigger(JANE, "key");

    service.until("all is told", () -> audit.requests().size() > 1 && waiting("audit") == 0);
    List<Request> requests = audit.requests();
    assertThat(requests.get(1).nanos() - requests.get(0).nanos())
        .isGreaterThan(Duration.ofMillis(990).toNanos());
  }

  @Test
  void whatIsRefusedIsADeadLetterOfThisDestinationAlone() {
    audit.usually(
        told ->
            told.stream().anyMatch(it -> it.getString("name").equals("conversation_started"))
                ? new Answer(422, "", "unheard of")
                : Answer.of(200));
    start(entry(""));

    service.trigger(JANE, "key");

    service.until("nothing waits", () -> audit.events().size() > 1 && waiting("audit") == 0);
    assertThat(service.texts("select destination || ': ' || reason from dead_letter"))
        .containsExactly("audit: the receiver refused it (422: unheard of)");
    assertThat(service.track.names()).contains("conversation_started");
    service.until(
        "it is counted",
        () -> service.get("/metrics").body().contains("letters{destination=\"audit\"} 1.0"));
    assertThat(service.get("/metrics").body())
        .contains("parley_dead_letters{destination=\"customerio\"} 0.0")
        .contains("parley_outbox_depth{destination=\"audit\"} 0.0")
        .contains("parley_reports_total{sink=\"audit\",verdict=\"refused\"} 1.0");
  }

  @Test
  void everyMetricOfThePageIsThere() throws IOException {
    start(entry(""));
    service.trigger(JANE, "key");
    service.until("the question leaves", () -> service.channel.texts().size() == 1);
    service
        .post(
            "/events",
            """
            {"schema_version": 1, "id": "order-1", "event": "Order Completed",
             "customer": {"external_id": "person-42"},
             "properties": {"order_id": "o-1", "total": 12.5, "currency": "USD"}}
            """,
            Service.bearer())
        .join();
    service.until("nothing waits", () -> waiting("audit") == 0);
    service.until(
        "depths are read",
        () -> service.get("/metrics").body().contains("oldest_seconds{destination=\"audit\"}"));
    String page =
        Files.readString(
            Path.of(
                System.getProperty("parley.root", ".."), "modules/destinations/DESTINATIONS.md"));

    List<String> named =
        Pattern.compile("(?<=`|[( ])parley_[a-z_]+(?=\\{)")
            .matcher(page)
            .results()
            .map(MatchResult::group)
            .toList();

    assertThat(named).contains("parley_outcomes_total", "parley_outbox_oldest_seconds");
    assertThat(named)
        .allSatisfy(name -> assertThat(service.get("/metrics").body()).contains(name + "{"));
    assertThat(service.get("/metrics").body())
        .contains(
            "parley_outcomes_total{channel=\"sms\",flow=\"cart\",name=\"conversation_started\"} 1.0")
        .contains("parley_revenue_total{currency=\"USD\",flow=\"cart\"} 12.5");
  }

  @Test
  void aRedirectIsNotFollowedAndALongAnswerNotKept() {
    audit.next(_ -> Answer.of(303));
    audit.next(_ -> new Answer(500, "", "x".repeat(5_000_000)));
    start(entry(""));

    service.trigger(JANE, "key");

    service.until("all is told", () -> audit.requests().size() > 2 && waiting("audit") == 0);
    assertThat(audit.requests().stream().limit(3).map(Request::status))
        .containsExactly(303, 500, 204);
  }

  @Test
  void reportsForADestinationThatWasTakenOutOfTheFileAreKeptAndToldOf() {
    List<String> lines = new CopyOnWriteArrayList<>();
    audit.usually(_ -> Answer.of(503));
    start(entry(""));
    service.trigger(JANE, "key");
    service.until("reports wait", () -> waiting("audit") > 3 && service.track.names().size() > 3);
    service.stop();
    long waiting = waiting("audit");
    write("other: {type: webhook, url: https://example.com, secret: OTHER_SECRET}");

    try (Log _ = Log.into(lines)) {
      service.restart();
      service.until(
          "it is told",
          () ->
              ready("audit")
                  .equals("off: not in the destinations file; reports that wait: " + waiting));
    }

    assertThat(ready("other")).isEqualTo("off: PARLEY_DESTINATION_SECRETS has no OTHER_SECRET");
    assertThat(lines)
        .anyMatch(
            line ->
                line.contains("reports wait for a destination that nothing leaves for")
                    && line.contains("audit")
                    && line.contains(String.valueOf(waiting)));
    service.reply(JANE, "SM-in", "yes");
    service.until("thanks leave", () -> service.channel.texts().size() == 2);
    assertThat(waiting("audit")).isEqualTo(waiting);
    assertThat(waiting("other")).isZero();

    service.stop();
    write(entry(""));
    audit.usually(_ -> Answer.of(200));
    service.restart();

    service.until("it has drained", () -> waiting("audit") == 0);
    assertThat(audit.events()).hasSize((int) waiting);
  }

  @Test
  void aDryRunLogsWhatItWouldSendAndSendsNothing() {
    List<String> lines = new CopyOnWriteArrayList<>();
    try (Log _ = Log.into(lines)) {
      start(entry(", dry_run: true"));
      service.trigger(JANE, "key");
      service.until("the question leaves", () -> service.channel.texts().size() == 1);
      service.until("nothing waits", () -> service.count("outbox") == 0);
    }

    assertThat(audit.requests()).isEmpty();
    assertThat(ready("audit")).isEqualTo("dry run");
    assertThat(service.count("delivery where destination = 'audit' and outcome = 'dry_run'"))
        .isEqualTo(service.track.taken().size());
    assertThat(lines)
        .anyMatch(line -> line.contains("a dry run") && line.contains("conversation_started"))
        .noneMatch(line -> line.contains("s3cret"));
  }

  @Test
  void aFileThatIsWrongKeepsTheServiceFromStarting() {
    assertThatThrownBy(() -> start("audit: {type: pigeon}"))
        .hasMessage(
            "PARLEY_DESTINATIONS: %s: #/destinations/audit/type must be one of: %s"
                .formatted(
                    folder.resolve("destinations.yaml"),
                    String.join(", ", DestinationTypes.ALL.keySet())));
  }

  @Test
  void segmentIsToldWhatCustomerIoIsTold() {
    SegmentServer segment = new SegmentServer(world, "write-key");
    segment.allow(3);
    start(
        "segment: {type: segment, write_key: SEGMENT_KEY, url: \"%s\", requests_per_second: 1000}"
            .formatted(segment.url()));

    conversations(20);

    service.until("all thanks leave", () -> service.channel.texts().size() == 40);
    service.until("Segment asks for fewer", () -> segment.statuses().contains(429));
    segment.allow(1_000);
    service.until("nothing waits", () -> service.count("outbox") == 0);
    assertThat(segment.calls()).hasSameSizeAs(service.track.taken());
    for (int i = 0; i < 20; i++) {
      String person = "person-%02d".formatted(i);
      assertThat(segment.of(person))
          .startsWith("identify", "conversation_started")
          .containsExactlyElementsOf(
              service.track.taken().stream()
                  .filter(it -> it.getJsonObject("identifiers").getString("id").equals(person))
                  .map(TrackServer::name)
                  .toList());
    }
    assertThat(service.count("dead_letter")).isZero();
  }

  @Test
  void aCallThatSegmentWillNotTakeIsFoundByHalves() {
    SegmentServer segment = new SegmentServer(world, "write-key");
    segment.refuse("person-03");
    start(
        "segment: {type: segment, write_key: SEGMENT_KEY, url: \"%s\", requests_per_second: 1000}"
            .formatted(segment.url()));

    conversations(5);

    service.until("all thanks leave", () -> service.channel.texts().size() == 10);
    service.until("nothing waits", () -> service.count("outbox") == 0);
    assertThat(service.texts("select distinct right(contact, 2) from dead_letter"))
        .containsExactly("03");
    assertThat(segment.of("person-03")).isEmpty();
    assertThat(segment.calls().size() + service.count("dead_letter"))
        .isEqualTo(service.track.taken().size());
  }

  @Test
  void aWrongWriteKeyIsToldAndLosesNothing() {
    SegmentServer segment = new SegmentServer(world, "another-key");
    start("segment: {type: segment, write_key: SEGMENT_KEY, url: \"%s\"}".formatted(segment.url()));

    service.trigger(JANE, "key");

    service.until("it is told", () -> ready("segment").startsWith("on: answers 401 since 2"));
    assertThat(service.count("dead_letter")).isZero();
    assertThat(waiting("segment")).isPositive();
  }

  @Test
  void aWarehouseLoadsWhatItsManifestsList() throws IOException {
    Path warehouse = folder.resolve("warehouse");
    start("warehouse: {type: csv, folder: \"%s\", every: 0}".formatted(warehouse));

    conversations(10);

    service.until("all thanks leave", () -> service.channel.texts().size() == 20);
    service.until("nothing waits", () -> service.count("outbox") == 0);
    service.execute(
        """
        create table loaded (id text primary key, at timestamptz, name text, person text, contact text,
                             conversation uuid, channel text, sender text, flow text, flow_revision int,
                             execution_sid text, experiment_cohort text, properties jsonb)
        """);
    long rows = load(warehouse.resolve("outcomes"));
    assertThat(service.count("loaded")).isEqualTo(rows);
    assertThat(service.texts("select person || ' ' || name from loaded order by person, at, id"))
        .containsExactlyInAnyOrderElementsOf(
            service.track.taken().stream()
                .filter(it -> it.containsKey("name"))
                .map(
                    it ->
                        it.getJsonObject("identifiers").getString("id")
                            + " "
                            + TrackServer.name(it))
                .toList());
    assertThat(
            service.texts("select properties ->> 'body' from loaded where name = 'twilio_reply'"))
        .hasSize(10)
        .containsOnly("yes");
    assertThat(ready("warehouse")).isEqualTo("on");
  }

  /// Answers how many rows the manifests promise.
  private long load(Path table) throws IOException {
    long rows = 0;
    try (Stream<Path> days = Files.list(table)) {
      for (Path day : days.toList()) {
        List<String> manifest = Files.readAllLines(day.resolve("manifest.csv"));
        for (String part : manifest.subList(1, manifest.size())) {
          service.execute(
              "copy loaded from '%s' (format csv, header true)"
                  .formatted(day.resolve(part.split(",", 2)[0])));
          rows += Long.parseLong(part.split(",", 3)[1]);
        }
      }
    }
    return rows;
  }

  @Test
  void whatWasWrittenBeforeItWasNotedIsNotWrittenAgain() throws IOException {
    Path warehouse = folder.resolve("warehouse");
    start("warehouse: {type: csv, folder: \"%s\", every: 0}".formatted(warehouse));
    service.execute("create table kept as select * from outbox where false");
    service.execute(
        """
        create function keep() returns trigger language plpgsql as
          'begin insert into kept select new.*; return new; end'
        """);
    service.execute(
        """
        create trigger keep after insert on outbox for each row when (new.destination = 'warehouse')
          execute function keep()
        """);
    conversations(3);
    service.until("all thanks leave", () -> service.channel.texts().size() == 6);
    service.until("nothing waits", () -> service.count("outbox") == 0);
    List<String> before = lines(warehouse);

    service.execute("drop trigger keep on outbox");
    service.execute(
        """
        insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format, effect,
                            due_at, created_at, purpose)
        select conversation, turn, index, destination, sender, contact, epoch, format, effect, now(),
               created_at, purpose from kept order by seq
        """);
    service.trigger(JANE, "one more");

    service.until("nothing waits", () -> service.count("outbox") == 0);
    assertThat(lines(warehouse).subList(0, before.size())).isEqualTo(before);
    assertThat(lines(warehouse)).hasSizeGreaterThan(before.size()).doesNotHaveDuplicates();
  }

  /// The rows of every file, in the order of their times.
  private static List<String> lines(Path warehouse) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(warehouse)) {
      for (Path file : files.filter(it -> it.toString().contains("part-")).toList()) {
        lines.addAll(Files.readAllLines(file).stream().skip(1).toList());
      }
    }
    lines.sort(null);
    return lines;
  }

  @Test
  void rowsGatherBeforeTheyAreWritten() throws IOException {
    Path warehouse = folder.resolve("warehouse");
    start("warehouse: {type: csv, folder: \"%s\", every: 1h}".formatted(warehouse));
    service.trigger(JANE, "key");
    service.until(
        "the first are written",
        () -> service.count("delivery where destination = 'warehouse'") > 0);
    service.until("the question leaves", () -> service.channel.texts().size() == 1);
    List<String> first = lines(warehouse);

    service.reply(JANE, "SM-in", "yes");
    service.until("thanks leave", () -> service.channel.texts().size() == 2);
    service.until(
        "others are told", () -> service.count("outbox where destination = 'customerio'") == 0);

    assertThat(waiting("warehouse")).isPositive();
    assertThat(lines(warehouse)).isEqualTo(first);
    service.stop();
    service.restart();
    service.until("a start writes what waits", () -> waiting("warehouse") == 0);
    assertThat(lines(warehouse)).hasSize(service.track.taken().size()).containsAll(first);
  }

  @Test
  void filesThatCannotBeWrittenWaitAndSaySo() throws IOException {
    Path warehouse = Files.writeString(folder.resolve("warehouse"), "in the way");
    start("warehouse: {type: csv, folder: \"%s\", every: 0}".formatted(warehouse));

    service.trigger(JANE, "key");

    service.until(
        "it is told", () -> ready("warehouse").startsWith("on: cannot be written since 2"));
    assertThat(waiting("warehouse")).isPositive();
    Files.delete(warehouse);
    service.until("nothing waits", () -> waiting("warehouse") == 0);
    assertThat(lines(warehouse)).isNotEmpty();
  }

  private long waiting(String destination) {
    return service.count("outbox where destination = '" + destination + "'");
  }

  private String ready(String destination) {
    return service
        .get("/health/ready")
        .json()
        .getJsonObject("destinations")
        .getString(destination, "");
  }

  private void conversations(int contacts) {
    for (int i = 0; i < contacts; i++) {
      assertThat(service.trigger("+141555502%02d".formatted(i), "many-" + i).status())
          .isIn(200, 202);
    }
    service.until("all questions leave", () -> service.channel.texts().size() == contacts);
    for (int i = 0; i < contacts; i++) {
      service.reply("+141555502%02d".formatted(i), "SM-in-" + i, "yes");
    }
  }
}
