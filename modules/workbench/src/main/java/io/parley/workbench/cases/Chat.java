package io.parley.workbench.cases;

import io.parley.engine.Address;
import io.parley.engine.After;
import io.parley.engine.Hop;
import io.parley.engine.Json;
import io.parley.engine.MessageStatus;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.flow.Durations;
import io.parley.engine.flow.Trigger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A conversation with a flow, held line by line: texts are what the contact writes, lines that
/// begin with a colon are commands. No time passes but by commands. Confined to one thread.
public final class Chat {

  private static final String HELP =
      """
      A line is what the contact writes. Commands:
        :timeout            nothing is written until the wait is over
        :after 2h           the clock moves on; also :at 2026-03-01T18:00:00Z
        :stop               the contact writes STOP
        :media URL [TEXT]   the contact sends a picture; :button TEXT presses a button
        :http 200 {"a": 1}  the request that waits is answered; also :http fails timeout
        :fail 30008         the next message is not taken by Twilio
        :report STATUS [CODE]  Twilio tells of the latest message: delivered, undelivered 30003
        :purchase [{...}]   the contact buys
        :event NAME [{...}] something else happens; :click [URL] follows a link
        :takes [AGENT]      an agent takes the conversation; :agent TEXT says something as the agent
        :close [WORD]       the agent closes the conversation with a disposition
        :return [{...}]     the redirect gives the conversation back
        :request [{...}]    a caller asks for the flow; :end ends it
        :vars  :widgets  :path  :where     what the flow has set and where it stands
        :save CASE.yaml     write what happened as a test case
        :reload             read the flow file again and do the same once more
        :restart  :help  :quit
      """;

  /// Where the flow comes from, anew with each `:reload`.
  public interface Library {
    Loading load();
  }

  /// What came of loading a flow.
  public sealed interface Loading {

    record Loaded(FlowSet flows) implements Loading {}

    /// @param problem for people
    record Broken(String problem) implements Loading {}
  }

  /// How it begins.
  ///
  /// @param parameters with which a caller asks for the flow; empty where the contact writes first.
  ///     Where the flow's trigger does not heed callers, the contact writes first in any case.
  /// @param at the clock
  public record Opening(Optional<Values> parameters, String ours, String theirs, Instant at) {

    public static final Opening USUAL =
        new Opening(
            Optional.of(Values.EMPTY),
            Setting.OURS.value(),
            Setting.THEIRS.value(),
            Setting.BEGINNING);
  }

  /// What a line is answered.
  ///
  /// @param text to be shown
  /// @param saving a file to be written, if one is
  /// @param over whether the chat has ended
  public record Reply(String text, Optional<Saving> saving, boolean over) {}

  public record Saving(String file, String text) {}

  private final Library library;
  private final Opening opening;
  private final Surroundings surroundings;
  private final Screen screen;
  private FlowSet flows;
  private Play play;

  public Chat(
      Library library, FlowSet flows, Opening opening, Surroundings surroundings, Screen screen) {
    this.library = library;
    this.flows = flows;
    this.opening = opening;
    this.surroundings = surroundings;
    this.screen = screen;
    this.play = play();
  }

  private Play play() {
    Setting usual = Setting.USUAL;
    return new Play(
        flows,
        new Setting(
            speaksInConversation()
                ? new ThreadId(Setting.ROOMS, Setting.ROOM)
                : new ThreadId(new Address(opening.ours()), new Address(opening.theirs())),
            usual.person(),
            usual.block(),
            opening.at(),
            !beginsByRequest(),
            List.of(),
            List.of(),
            usual.policy(),
            Acquaintance.Known.WILLING),
        surroundings);
  }

  /// The first lines: the flow begins if a caller is to begin it.
  public String open() {
    String title =
        screen.dim(
                "%s with %s, %s; :help says what can be done"
                    .formatted(flows.root().name(), opening.theirs(), play.now()))
            + "\n";
    return beginsByRequest()
        ? title + perform(new Deed.Requests(opening.parameters().orElse(Values.EMPTY)))
        : title + "  no flow runs until the contact writes\n";
  }

  private boolean beginsByRequest() {
    return opening.parameters().isPresent() && heeds(Trigger.INCOMING_REQUEST);
  }

  /// Where that is the only way in for what the contact writes.
  private boolean speaksInConversation() {
    return heeds(Trigger.INCOMING_CONVERSATION_MESSAGE) && !heeds(Trigger.INCOMING_MESSAGE);
  }

  private boolean heeds(String event) {
    return flows.rootFlow().widget(flows.rootFlow().initialState()).stream()
        .anyMatch(it -> it.next(event).isPresent());
  }

  /// What stands before the line that is typed next.
  public String prompt() {
    return "> ";
  }

  /// Whether anything has happened that a test case could tell.
  public boolean hasHappened() {
    return play.acts().stream().anyMatch(act -> act.obstacle().isEmpty());
  }

  /// The conversation so far as a test case.
  ///
  /// @param name of the case
  public String asCase(String name) {
    return CaseWriter.write(name, play);
  }

  /// Takes a line.
  public Reply enter(String line) {
    String text = line.strip();
    String echo = screen.echoes() ? "" : prompt() + text + "\n";
    if (text.isEmpty()) {
      return reply(
          play.pending().isEmpty() ? "" : perform(new Deed.Answers(Answer.json(200, Map.of()))));
    }
    if (!text.startsWith(":")) {
      return reply(
          echo
              + perform(
                  speaksInConversation()
                      ? Deed.Says.inConversation(text, opening.theirs())
                      : Deed.Says.plainly(text)));
    }
    String[] words = text.substring(1).split("\\s+", 2);
    Reply reply = command(words[0], words.length > 1 ? words[1] : "");
    return new Reply(echo + reply.text(), reply.saving(), reply.over());
  }

  private static Reply reply(String text) {
    return new Reply(text, Optional.empty(), false);
  }

  private Reply command(String name, String rest) {
    return switch (name) {
      case "help", "h", "?" -> reply(HELP);
      case "quit", "q" -> new Reply("", Optional.empty(), true);
      case "save" ->
          rest.isEmpty() || !hasHappened()
              ? reply("  :save needs a file, :save case.yaml, and something to save\n")
              : new Reply("", Optional.of(new Saving(rest, asCase(caseName(rest)))), false);
      case "restart" -> {
        play = play();
        yield reply(open());
      }
      case "reload" -> reply(reload());
      case "vars" -> reply(shown(play.standing().variables()));
      case "widgets" -> reply(shown(play.standing().widgets()));
      case "path" -> reply(path());
      case "where" -> reply(where());
      default ->
          reply(
              switch (deed(name, rest)) {
                case Understood.Meant(var deed) -> perform(deed);
                case Understood.Not(var why) -> "  " + why + "\n";
              });
    };
  }

  /// The name of a case in a file: `late reply` of `cases/late reply.yaml`.
  public static String caseName(String file) {
    return file.replaceFirst(".*[/\\\\]", "").replaceFirst("\\.[A-Za-z]+$", "");
  }

  // ---- what a command means

  private sealed interface Understood {
    record Meant(Deed deed) implements Understood {}

    record Not(String why) implements Understood {}
  }

  private static Understood deed(String name, String rest) {
    return switch (name) {
      case "stop" -> new Understood.Meant(Deed.Says.plainly("STOP"));
      case "timeout" -> new Understood.Meant(new Deed.TimesOut());
      case "end" -> new Understood.Meant(new Deed.Ends());
      case "click" ->
          new Understood.Meant(
              new Deed.Clicks(rest.isEmpty() ? Optional.empty() : Optional.of(rest)));
      case "close" ->
          new Understood.Meant(
              new Deed.Closes(rest.isEmpty() ? "done" : rest, Values.EMPTY, new After.Usual()));
      case "takes" -> new Understood.Meant(new Deed.Takes(rest.isEmpty() ? "agent" : rest));
      case "agent" -> new Understood.Meant(new Deed.SaysAsAgent(rest, false));
      case "after" ->
          Durations.parse(rest)
              .<Understood>map(it -> new Understood.Meant(new Deed.Passes(it)))
              .orElseGet(() -> new Understood.Not(":after needs a duration: 90s, 5m, 2h30m, 1d"));
      case "at" -> at(rest);
      case "media" -> media(rest);
      case "button" ->
          new Understood.Meant(
              new Deed.Says(
                  rest, List.of(), Values.of("ButtonText", rest).with("ButtonPayload", rest)));
      case "http", "answer" -> http(rest);
      case "fail" -> fail(rest);
      case "report" -> report(rest);
      case "purchase" -> withObject(rest, Chat::purchase);
      case "request" -> withObject(rest, Deed.Requests::new);
      case "return" -> withObject(rest, Deed.Returns::new);
      case "event" -> event(rest);
      default -> new Understood.Not("there is no command :" + name + "; :help says which are");
    };
  }

  private interface OfValues {
    Deed deed(Values values);
  }

  private static Understood withObject(String json, OfValues maker) {
    return object(json)
        .<Understood>map(it -> new Understood.Meant(maker.deed(it)))
        .orElseGet(() -> new Understood.Not("that is no JSON object: " + json));
  }

  private static Deed purchase(Values given) {
    String order = given.text("order_id").orElse("");
    Values rest = new Values(without(given.entries(), "order_id"));
    return new Deed.Buys(order, rest);
  }

  private static Map<String, Object> without(Map<String, Object> entries, String key) {
    Map<String, Object> rest = new LinkedHashMap<>(entries);
    rest.remove(key);
    return rest;
  }

  /// The empty object for nothing.
  @SuppressWarnings("unchecked") // JSON objects have texts as keys
  private static Optional<Values> object(String json) {
    Object parsed = json.isBlank() ? Map.of() : Json.parse(json).orElse("");
    return parsed instanceof Map<?, ?> map
        ? Optional.of(new Values((Map<String, Object>) map))
        : Optional.empty();
  }

  private static Understood at(String rest) {
    try {
      return new Understood.Meant(new Deed.PassesUntil(OffsetDateTime.parse(rest).toInstant()));
    } catch (DateTimeException _) {
      return new Understood.Not(":at needs a time with its offset: 2026-03-01T18:00:00Z");
    }
  }

  private static Understood media(String rest) {
    String[] words = rest.split("\\s+", 2);
    return words[0].isEmpty()
        ? new Understood.Not(":media needs a URL")
        : new Understood.Meant(
            new Deed.Says(words.length > 1 ? words[1] : "", List.of(words[0]), Values.EMPTY));
  }

  private static Understood http(String rest) {
    String[] words = rest.split("\\s+", 2);
    String body = words.length > 1 ? words[1] : "";
    if (words[0].equals("fails")) {
      String reason = body.isEmpty() ? "timeout" : body;
      return new Understood.Meant(
          new Deed.Answers(new Answer(0, "", "", Values.EMPTY, Optional.of(reason))));
    }
    if (!words[0].matches("[1-5]\\d\\d")) {
      return new Understood.Not(":http needs a status: :http 200 {\"in_stock\": true}");
    }
    int status = Integer.parseInt(words[0]);
    boolean json = Json.parse(body).filter(it -> !(it instanceof String)).isPresent();
    String type = json ? "application/json" : body.isEmpty() ? "" : "text/plain";
    return new Understood.Meant(
        new Deed.Answers(new Answer(status, type, body, Values.EMPTY, Optional.empty())));
  }

  private static Understood fail(String rest) {
    return rest.matches("\\d{1,5}")
        ? new Understood.Meant(
            new Deed.Fails(
                new FailureRule(
                    Optional.empty(), Optional.empty(), Integer.parseInt(rest), Optional.of(1))))
        : new Understood.Not(":fail needs Twilio's error code: :fail 30008");
  }

  private static Understood report(String rest) {
    String[] words = rest.split("\\s+", 2);
    String code = words.length > 1 ? words[1] : "0";
    return MessageStatus.parse(words[0]).isPresent() && code.matches("\\d{1,5}")
        ? new Understood.Meant(
            new Deed.Reports(words[0], Integer.parseInt(code), OptionalInt.empty()))
        : new Understood.Not(":report needs a status: delivered, read, undelivered 30003, failed");
  }

  private static Understood event(String rest) {
    int brace = rest.indexOf('{');
    String name = (brace < 0 ? rest : rest.substring(0, brace)).strip();
    return name.isEmpty()
        ? new Understood.Not(":event needs a name: :event Order Shipped {\"carrier\": \"UPS\"}")
        : withObject(
            brace < 0 ? "" : rest.substring(brace), values -> new Deed.Happens(name, values));
  }

  // ---- what is shown

  private String perform(Deed deed) {
    return shown(play.perform(deed));
  }

  private String shown(Act act) {
    if (act.obstacle().isPresent()) {
      return "  cannot be done: " + act.obstacle().get() + "\n";
    }
    if (act.deed() instanceof Deed.Fails(var rule)) {
      return "  the next message fails with %d (%s)\n"
          .formatted(rule.code(), surroundings.meaning(rule.code()).sentence());
    }
    List<String> said = new ArrayList<>();
    act.refusal().ifPresent(it -> said.add("  refused: " + it.sentence()));
    act.utterances().forEach(it -> said.add(said(it)));
    act.warnings().forEach(it -> said.add("  warning " + it.code() + ": " + it.message()));
    String clock = play.now().equals(act.at()) ? "" : screen.dim("  it is " + play.now()) + "\n";
    return screen.beside(said, act.path().stream().map(Chat::shown).toList()) + clock + where();
  }

  private static String shown(Hop hop) {
    return Expectation.hop(hop, 3);
  }

  private String said(Utterance utterance) {
    String contact = play.setting().thread().theirs().value();
    String to = utterance.to().equals(contact) ? "" : "(to " + utterance.to() + ") ";
    return utterance.failure().isPresent()
        ? "x " + to + utterance.shown() + " (not sent: " + utterance.failure().getAsInt() + ")"
        : "< " + to + utterance.shown();
  }

  private String where() {
    StringBuilder out = new StringBuilder();
    Standing standing = play.standing();
    String left =
        standing
            .until()
            .map(it -> " (" + Durations.print(Duration.between(play.now(), it)) + ")")
            .orElse("");
    out.append(screen.dim("  " + standing.sentence() + left)).append('\n');
    standing
        .block()
        .ifPresent(it -> out.append("  nothing may be sent to the contact: " + it.word() + "\n"));
    for (Asked asked : play.pending()) {
      out.append("  ? %s %s".formatted(asked.method(), asked.url()));
      Object json = asked.json();
      out.append(
          json.equals("")
              ? asked.body().isEmpty() ? "" : " " + asked.body()
              : " " + Json.print(json));
      out.append("\n    :http 200 {...} answers it; an empty line answers 200 {}\n");
    }
    return out.toString();
  }

  private String shown(Values values) {
    if (values.isEmpty()) {
      return "  nothing is set\n";
    }
    StringBuilder out = new StringBuilder();
    values
        .entries()
        .forEach((key, value) -> out.append("  %s = %s\n".formatted(key, Json.print(value))));
    return out.toString();
  }

  private String path() {
    StringBuilder out = new StringBuilder();
    for (Act act : play.acts()) {
      out.append("  ").append(act.deed().title()).append('\n');
      act.path().forEach(hop -> out.append("    ").append(shown(hop)).append('\n'));
    }
    return out.append(where()).toString();
  }

  /// The flow as it is now, and all that was done once more.
  private String reload() {
    return switch (library.load()) {
      case Loading.Broken(var problem) -> "  the flow stays as it was: " + problem + "\n";
      case Loading.Loaded(var loaded) -> {
        List<Deed> deeds = play.acts().stream().map(Act::deed).toList();
        flows = loaded;
        play = play();
        StringBuilder out = new StringBuilder("  read anew; all that was done, once more:\n");
        for (Deed deed : deeds) {
          out.append(screen.dim("  " + deed.title())).append('\n').append(perform(deed));
        }
        yield out.toString();
      }
    };
  }
}
