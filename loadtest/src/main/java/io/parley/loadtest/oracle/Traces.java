package io.parley.loadtest.oracle;

import io.parley.loadtest.oracle.Case.Turn;
import io.parley.loadtest.twilio.StatusCallback;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Everything that happened in a few conversations, for people to read.
///
/// ```
///   10:15:02.113  turn 1        customerio_trigger customer-7:cart -> Send, ReportOutcome 2
///   10:15:02.140  Twilio        SM5... of 1:3, to +12125550107: Hi Customer, your Day cream ...
///   10:15:02.171  callback      SM5... delivered
///   10:15:02.205  Customer.io   conversation_started
///   10:15:02.140  left          1:3 to twilio: accepted
///   in the end                  waits at question; timers 1:4 10:15:42
/// ```
final class Traces {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
  private static final int MOST_WORDS = 100;

  private final Set<String> wanted;
  private final Map<String, List<Line>> lines = new HashMap<>();
  private final Map<String, String> ends = new HashMap<>();
  private final Map<String, String> messages = new HashMap<>();

  private record Line(Instant at, String what, String text) {
    @Override
    public String toString() {
      return "  %s  %-13s %s%n".formatted(TIME.format(at), what, text);
    }
  }

  private Traces(Set<String> wanted) {
    this.wanted = wanted;
  }

  /// The traces of some conversations, by id.
  static Map<String, String> of(Set<String> conversations, Evidence evidence) throws SQLException {
    if (conversations.isEmpty()) {
      return Map.of();
    }
    Traces traces = new Traces(conversations);
    evidence.cases().each(traces::look);
    traces.hear(evidence.ledgers());
    return conversations.stream().collect(Collectors.toMap(it -> it, traces::trace));
  }

  private void add(String conversation, Line line) {
    lines.computeIfAbsent(conversation, _ -> new ArrayList<>()).add(line);
  }

  private void look(Case it) {
    if (!wanted.contains(it.conversation())) {
      return;
    }
    it.turns()
        .forEach(
            turn -> add(it.conversation(), new Line(turn.at(), "turn " + turn.number(), of(turn))));
    it.deliveries().entrySet().stream()
        .filter(left -> !left.getKey().endsWith(" " + Case.CUSTOMER_IO))
        .forEach(
            left ->
                add(
                    it.conversation(),
                    new Line(
                        left.getValue().at(),
                        "left",
                        brief(left.getKey(), it.conversation())
                            + ": "
                            + left.getValue().outcome())));
    ends.put(it.conversation(), end(it));
  }

  private static String of(Turn turn) {
    Map<String, Integer> effects = new LinkedHashMap<>();
    turn.effects().stream()
        .map(JsonObject.class::cast)
        .map(it -> it.getString("name", it.getString("type")))
        .forEach(name -> effects.merge(name, 1, Integer::sum));
    String said = "";
    if (turn.source().equals("twilio_message") && turn.event().startsWith("{")) {
      JsonObject given = new JsonObject(turn.event()).getJsonObject("parameters", new JsonObject());
      said = " \"" + cut(String.valueOf(given.getValue("Body", ""))) + "\"";
    }
    return "%s %s%s%s -> %s"
        .formatted(
            turn.source(),
            turn.sourceId(),
            said,
            turn.refusal().isEmpty() ? "" : " refused: " + turn.refusal(),
            effects.entrySet().stream()
                .map(it -> it.getKey() + (it.getValue() > 1 ? " x" + it.getValue() : ""))
                .collect(Collectors.joining(", ")));
  }

  private static String end(Case it) {
    String timers =
        it.standing().timers().entrySet().stream()
            .map(timer -> brief(timer.getKey(), it.conversation()) + " at " + timer.getValue())
            .sorted()
            .collect(Collectors.joining(", "));
    String waiting =
        it.waiting().stream()
            .map(
                row ->
                    brief(row.effect(), it.conversation())
                        + " to "
                        + row.destination()
                        + (row.isDead() ? " dead: " + row.reason() : "")
                        + (row.inDoubt() ? " in doubt" : ""))
            .collect(Collectors.joining(", "));
    return "  in the end    %s: %s; timers: %s; outbox: %s%s%n"
        .formatted(
            it.theirs(),
            it.widget().map(widget -> "stands at " + widget).orElse("no flow is alive"),
            timers.isEmpty() ? "none" : timers,
            waiting.isEmpty() ? "empty" : waiting,
            it.standing().blocked().isEmpty() ? "" : "; " + it.standing().blocked());
  }

  private static String brief(String effect, String conversation) {
    return effect.replace(conversation + ":", "");
  }

  private static String cut(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= MOST_WORDS ? line : line.substring(0, MOST_WORDS) + "...";
  }

  // ---- what others know

  private void hear(Ledgers ledgers) {
    Stream.concat(
            ledgers.twilio().messages().stream().map(Created::of),
            ledgers.twilio().said().stream().map(Created::of))
        .filter(message -> wanted.contains(message.conversation()))
        .forEach(
            message -> {
              messages.put(message.sid(), message.conversation());
              add(
                  message.conversation(),
                  new Line(
                      message.at(),
                      "Twilio",
                      "%s of %s%s: %s"
                          .formatted(
                              message.sid(),
                              brief(message.effect(), message.conversation()),
                              message.to().isEmpty() ? "" : ", to " + message.to(),
                              cut(message.body()))));
            });
    for (StatusCallback callback : ledgers.twilio().callbacks()) {
      String conversation = messages.get(callback.messageSid());
      if (conversation != null) {
        String taken = callback.answer().accepted() ? "" : " (not taken)";
        add(
            conversation,
            new Line(
                callback.sentAt(),
                "callback",
                callback.messageSid() + " " + callback.status().word() + taken));
      }
    }
    ledgers.customerIo().outcomes().stream()
        .map(Told::of)
        .filter(told -> wanted.contains(told.conversation()))
        .forEach(
            told ->
                add(
                    told.conversation(),
                    new Line(told.at(), "Customer.io", told.name() + " " + told.id())));
  }

  private String trace(String conversation) {
    return lines.getOrDefault(conversation, List.of()).stream()
            .sorted(Comparator.comparing(Line::at))
            .map(Line::toString)
            .collect(Collectors.joining())
        + ends.getOrDefault(conversation, "");
  }
}
