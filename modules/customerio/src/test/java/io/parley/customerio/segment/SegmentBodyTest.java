package io.parley.customerio.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.customerio.Problem;
import io.parley.customerio.SharedData;
import io.parley.customerio.segment.SegmentBody.Closed;
import io.parley.customerio.segment.SegmentBody.Opened;
import io.parley.customerio.segment.SegmentBody.Reading;
import io.parley.customerio.segment.SegmentCall.Identity;
import io.parley.engine.Values;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SegmentBodyTest {

  private static final Instant RECEIVED = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void aCallIsReadWhole() {
    SegmentCall call =
        single(
            CallType.TRACK,
            """
            {"userId": 42, "anonymousId": "a1", "event": " Checkout Abandoned ", "messageId": "m1",
             "properties": {"total": 82.5, "items": [{"name": "Day cream"}], "note": null},
             "context": {"ip": "8.8.8.8"}, "integrations": {"All": true},
             "timestamp": "2026-03-01T11:59:00.5Z"}
            """);

    assertThat(call.type()).isEqualTo(CallType.TRACK);
    assertThat(call.who())
        .isEqualTo(new Identity(Optional.of("42"), Optional.of("a1"), Optional.empty()));
    assertThat(call.who().subject()).isEqualTo("id:42");
    assertThat(call.name()).isEqualTo("Checkout Abandoned");
    assertThat(call.properties().entries()).containsOnlyKeys("total", "items");
    assertThat(call.context()).isEqualTo(Values.of("ip", "8.8.8.8"));
    assertThat(call.integrations()).isEqualTo(Values.of("All", true));
    assertThat(call.messageId()).isEqualTo("m1");
    assertThat(call.timestamp()).isEqualTo(Instant.parse("2026-03-01T11:59:00.5Z"));
  }

  @Test
  void whatABatchSaysOfAllItsCallsHoldsForEach() {
    Reading reading =
        batch(
            """
            {"batch": [{"type": "identify", "userId": "1", "traits": {"email": "a@b.c", "plan": null}},
                       {"type": "page", "anonymousId": "z", "name": "Home", "messageId": "m2",
                        "context": {"ip": "1.1.1.1"}}],
             "context": {"ip": "8.8.8.8", "library": {"name": "analytics-java"}},
             "integrations": {"All": false}}
            """);

    assertThat(reading.problems()).isEmpty();
    SegmentCall identify = reading.calls().getFirst();
    SegmentCall page = reading.calls().getLast();
    assertThat(identify.cleared()).containsExactly("plan");
    assertThat(identify.messageId()).isEqualTo("request:0");
    assertThat(identify.context().text("ip")).contains("8.8.8.8");
    assertThat(identify.timestamp()).isEqualTo(RECEIVED);
    assertThat(page.context().text("ip")).contains("1.1.1.1");
    assertThat(page.context().object("library").text("name")).contains("analytics-java");
    assertThat(page.integrations().flag("All")).isFalse();
    assertThat(page.event()).contains("Viewed Home Page");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // timestamp, originalTimestamp, sentAt, receivedAt of somebody before us, what it comes to
        "2026-03-01T10:00:00Z, -, -, -, 2026-03-01T10:00:00Z",
        "2026-03-01T08:00:00Z, -, 2026-03-01T08:00:30Z, -, 2026-03-01T11:59:30Z",
        "2026-03-01T09:00:00Z, 2026-03-01T08:00:00Z, 2026-03-01T08:00:30Z, -, 2026-03-01T11:59:30Z",
        "2026-03-01T09:00:00Z, 2026-03-01T08:00:00Z, 2026-03-01T08:00:30Z, 2026-03-01T09:00:30Z, 2026-03-01T09:00:00Z",
        "2026-03-01T12:00:05Z, -, -, -, 2026-03-01T12:00:00Z",
        "2026-03-01T10:00:00+0200, -, -, -, 2026-03-01T08:00:00Z",
        "1772360100, -, -, -, 2026-03-01T10:15:00Z",
        "1772360100123, -, -, -, 2026-03-01T10:15:00.123Z",
        "-, -, 2026-03-01T08:00:30Z, -, 2026-03-01T12:00:00Z",
        "yesterday, -, -, -, 2026-03-01T12:00:00Z"
      })
  void timesAreCorrectedByTheClientsClock(
      String timestamp, String original, String sent, String received, String expected) {
    String body =
        "{\"userId\": \"1\", \"event\": \"e\""
            + field("timestamp", timestamp)
            + field("originalTimestamp", original)
            + field("sentAt", sent)
            + field("receivedAt", received)
            + "}";

    Reading reading = read(body, Optional.of(CallType.TRACK));

    assertThat(reading.calls().getFirst().timestamp()).isEqualTo(Instant.parse(expected));
    assertThat(reading.problems())
        .extracting(Problem::pointer)
        .isEqualTo("yesterday".equals(timestamp) ? List.of("/timestamp") : List.of());
  }

  private static String field(String name, String value) {
    if (value == null) {
      return "";
    }
    boolean digits = value.matches("\\d+");
    return ", \"%s\": %s".formatted(name, digits ? value : "\"" + value + "\"");
  }

  @Test
  void aTimeThatNobodyCanMeanIsPassedOver() {
    Reading reading =
        read(
            """
            {"userId": "1", "event": "e", "timestamp": "-999999999-01-01T00:00:00Z",
             "sentAt": "+999999999-12-31T00:00:00Z"}
            """,
            Optional.of(CallType.TRACK));

    assertThat(reading.calls().getFirst().timestamp()).isEqualTo(RECEIVED);
    assertThat(reading.problems())
        .extracting(Problem::pointer)
        .containsExactly("/timestamp", "/sentAt");
  }

  @Test
  void aClockThatIsOffByAgesCorrectsNothing() {
    Reading reading =
        read(
            """
            {"userId": "1", "event": "e", "timestamp": "2026-03-01T10:00:00Z",
             "sentAt": "9999-12-31T00:00:00Z"}
            """,
            Optional.of(CallType.TRACK));

    assertThat(reading.calls().getFirst().timestamp())
        .isEqualTo(Instant.parse("2026-03-01T10:00:00Z"));
    assertThat(reading.problems()).isEmpty();
  }

  @Test
  void theTimeThatABatchWasSentCorrectsItsCalls() {
    Reading reading =
        batch(
            """
            {"batch": [{"type": "track", "userId": "1", "event": "e",
                        "timestamp": "2026-03-01T07:59:00Z"}], "sentAt": "2026-03-01T08:00:00Z"}
            """);

    assertThat(reading.calls().getFirst().timestamp())
        .isEqualTo(Instant.parse("2026-03-01T11:59:00Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'type': 'track', 'event': 'e'}; /batch/0/userId",
        "{'type': 'track', 'userId': '1'}; /batch/0/event",
        "{'type': 'track', 'userId': '1', 'event': '--'}; /batch/0/event",
        "{'type': 'group', 'userId': '1'}; /batch/0/groupId",
        "{'type': 'alias', 'userId': '1'}; /batch/0/previousId",
        "{'type': 'alias', 'previousId': '1'}; /batch/0/userId",
        "{'type': 'charge', 'userId': '1'}; /batch/0/type",
        "{'userId': '1', 'event': 'e'}; /batch/0/type",
        "{'type': 'identify', 'userId': {'id': 1}}; /batch/0/userId",
        "{'type': 'identify', 'userId': '1', 'traits': []}; /batch/0/traits",
        "{'type': 'identify', 'userId': '1', 'traits': {'n': 99999999999999999999}}; /batch/0/traits/n",
        "42; /batch/0",
        "null; /batch/0"
      })
  void aCallThatIsNotRightIsLeftOutWithItsPlaceAndKeepsNoOtherBack(String call, String pointer) {
    Reading reading =
        batch(
            "{'batch': [%s, {'type': 'identify', 'userId': '2'}]}"
                .formatted(call)
                .replace('\'', '"'));

    assertThat(reading.calls()).extracting(it -> it.who().subject()).containsExactly("id:2");
    assertThat(reading.leftOut()).isEqualTo(1);
    assertThat(reading.problems()).first().extracting(Problem::pointer).isEqualTo(pointer);
    assertThat(reading.problems()).allMatch(it -> it.message().contains("; "));
  }

  @Test
  void everyProblemOfACallIsNamed() {
    Reading reading = read("{\"traits\": 1, \"messageId\": []}", Optional.of(CallType.TRACK));

    assertThat(reading.problems())
        .extracting(Problem::pointer)
        .containsExactlyInAnyOrder("/userId", "/event", "/traits", "/messageId");
  }

  /// No database keeps a queue by such a name, and the other calls of the request have a right to
  /// be stored.
  @Test
  void anAddressThatIsNoNameNamesNobody() {
    String traits = "'traits': {'email': '%s@b.c'}".formatted("a".repeat(200)).replace('\'', '"');

    assertThat(read("{" + traits + "}", Optional.of(CallType.IDENTIFY)).problems())
        .extracting(Problem::pointer)
        .containsExactly("/traits/email");
    assertThat(single(CallType.IDENTIFY, "{\"userId\": \"1\", " + traits + "}").who().email())
        .isEmpty();
  }

  @Test
  void whoHasAnAddressAloneIsKnownByIt() {
    SegmentCall call = single(CallType.IDENTIFY, "{\"traits\": {\"email\": \"Ann@Example.com\"}}");

    assertThat(call.who().subject()).isEqualTo("email:ann@example.com");
    assertThat(
            read(
                    "{\"groupId\": \"g\", \"traits\": {\"email\": \"g@b.c\"}}",
                    Optional.of(CallType.GROUP))
                .calls())
        .as("a group's address is nobody's")
        .isEmpty();
  }

  @Test
  void anIdentificationWithBothIdsAndAnAliasSayWhoIsOne() {
    assertThat(single(CallType.IDENTIFY, "{\"userId\": \"1\", \"anonymousId\": \"a\"}").merged())
        .containsExactly("anonymous:a");
    assertThat(single(CallType.ALIAS, "{\"userId\": \"1\", \"previousId\": \"0\"}").merged())
        .containsExactly("id:0", "anonymous:0");
    assertThat(single(CallType.ALIAS, "{\"userId\": \"1\", \"previousId\": \"1\"}").merged())
        .containsExactly("anonymous:1");
    assertThat(
            single(CallType.TRACK, "{\"userId\": \"1\", \"anonymousId\": \"a\", \"event\": \"e\"}")
                .merged())
        .isEmpty();
  }

  @Test
  void aRequestAsAWholeIsRefusedWithWhatIsWrong() {
    String many =
        IntStream.rangeClosed(0, SegmentBody.MAX_CALLS)
            .mapToObj(_ -> "{}")
            .collect(Collectors.joining(",", "{\"batch\": [", "]}"));

    assertThat(closed("[]", Optional.empty()).message()).startsWith("is no JSON object");
    assertThat(closed("{\"batch\": {}}", Optional.empty()).pointer()).isEqualTo("/batch");
    assertThat(closed("{", Optional.of(CallType.TRACK)).message()).startsWith("is not JSON");
    assertThat(closed("", Optional.of(CallType.TRACK)).message()).contains("empty");
    assertThat(closed(many, Optional.empty()).message()).contains("2,501 calls");
    assertThat(closed(" ".repeat(SegmentBody.MAX_BATCH_BYTES + 1), Optional.empty()).message())
        .contains("512,001 bytes");
  }

  @Test
  void aCallMayHave32KilobytesAndNoMore() {
    String empty =
        "{\"type\":\"track\",\"userId\":\"1\",\"event\":\"e\",\"properties\":{\"t\":\"\"}}";
    int room = SegmentBody.MAX_CALL_BYTES - empty.length();

    String full = empty.replace("\"\"", "\"" + "x".repeat(room) + "\"");
    String over = empty.replace("\"\"", "\"" + "x".repeat(room + 1) + "\"");
    Reading reading = batch("{\"batch\": [" + full + "," + over + "]}");

    assertThat(reading.calls()).hasSize(1);
    assertThat(reading.problems())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.pointer()).isEqualTo("/batch/1");
              assertThat(it.message()).contains("32,769 bytes", "32,768");
            });
  }

  @ParameterizedTest
  @EnumSource(CallType.class)
  void whatIsStoredIsReadAgain(CallType type) {
    SegmentCall call =
        single(
            type,
            """
            {"userId": "1", "anonymousId": "a", "event": "e", "name": "n", "groupId": "g",
             "previousId": "p", "messageId": "m", "timestamp": "2026-03-01T10:15:00.123Z",
             "properties": {"list": [1, "", {"deep": 1.5}], "name": "other"},
             "traits": {"email": "a@b.c", "gone": null},
             "context": {"traits": {"phone": "+14155550100"}}, "integrations": {"All": true}}
            """);

    assertThat(SegmentCall.stored(call.json())).isEqualTo(call);
  }

  @Test
  void theKeyOfTheBodyIsFound() {
    assertThat(opened("{\"batch\": [], \"writeKey\": \" JWK \"}", Optional.empty()).writeKey())
        .contains("JWK");
    assertThat(opened("{\"writeKey\": 7}", Optional.of(CallType.TRACK)).writeKey()).isEmpty();
  }

  @Test
  void whatTheRealClientsSendIsRead() {
    List<SegmentCall> calls = new ArrayList<>();
    for (JsonNode request : SharedData.values("wire/capture.jsonl")) {
      String path = request.path("path").asText().replaceAll("/$", "");
      String word = path.replace("/v1/", "");
      boolean batch = word.equals("batch") || word.equals("import");
      if (!path.startsWith("/v1/") || (CallType.parse(word).isEmpty() && !batch)) {
        continue;
      }
      Reading reading =
          read(request.path("body").toString(), batch ? Optional.empty() : CallType.parse(word));
      assertThat(reading.problems()).as(path).isEmpty();
      calls.addAll(reading.calls());
    }

    assertThat(calls).hasSize(15);
    assertThat(calls)
        .extracting(it -> it.type().word() + " " + it.who().subject() + " " + it.name())
        .contains(
            "identify id:1 ",
            "track id:1 Checkout Started",
            "group id:1 ",
            "alias id:1 ",
            "page id:1 Home",
            "screen anonymous:z S",
            "track id:u1 Audience Entered",
            "track id:u1 Order Completed",
            "track id:u1 Custom URL");
    assertThat(calls).extracting(SegmentCall::messageId).doesNotHaveDuplicates();
    assertThat(calls).allMatch(it -> SegmentCall.stored(it.json()).equals(it));
  }

  private static SegmentCall single(CallType type, String body) {
    Reading reading = read(body, Optional.of(type));
    assertThat(reading.problems()).isEmpty();
    return reading.calls().getFirst();
  }

  private static Reading batch(String body) {
    return read(body, Optional.empty());
  }

  private static Reading read(String body, Optional<CallType> type) {
    return opened(body, type).read(RECEIVED, "request");
  }

  private static SegmentBody opened(String body, Optional<CallType> type) {
    return switch (SegmentBody.open(body.getBytes(StandardCharsets.UTF_8), type)) {
      case Opened(SegmentBody opened) -> opened;
      case Closed(Problem problem) -> throw new AssertionError(problem);
    };
  }

  private static Problem closed(String body, Optional<CallType> type) {
    return switch (SegmentBody.open(body.getBytes(StandardCharsets.UTF_8), type)) {
      case Opened _ -> throw new AssertionError("it was taken");
      case Closed(Problem problem) -> problem;
    };
  }
}
