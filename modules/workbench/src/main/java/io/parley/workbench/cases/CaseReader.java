package io.parley.workbench.cases;

import io.parley.engine.Address;
import io.parley.engine.After;
import io.parley.engine.Block;
import io.parley.engine.Json;
import io.parley.engine.MessageStatus;
import io.parley.engine.Person;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.flow.Durations;
import io.parley.engine.offers.Withholding;
import io.parley.engine.policy.Consent.State;
import io.parley.engine.policy.PersonFacts;
import io.parley.engine.policy.Policy;
import io.parley.workbench.Nearest;
import io.parley.workbench.cases.FlowCase.Scripted;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// Reads case files; CASES.md says how they are written.
public final class CaseReader {

  private static final List<String> VERBS =
      List.of(
          "request",
          "says",
          "conversation",
          "stop",
          "timeout",
          "after",
          "at",
          "answer",
          "fail",
          "withhold",
          "report",
          "purchase",
          "event",
          "click",
          "agent_takes",
          "agent_says",
          "close",
          "handoff_fails",
          "return",
          "end");

  /// JSON may write a slash with a backslash before it, which YAML does not know.
  private static final Pattern SLASH = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\/");

  private CaseReader() {}

  /// What came of reading a file: its cases, or everything that is wrong with it.
  ///
  /// @param text as it was read
  public record Reading(
      String file, String text, List<FlowCase> cases, List<CaseProblem> problems) {
    public Reading {
      cases = List.copyOf(cases);
      problems = List.copyOf(problems);
    }
  }

  /// Reads a file: one case, a list of cases, or several documents of either. JSON where its name
  /// ends in `.json`, else YAML.
  public static Reading read(String file, String given) {
    boolean json = file.endsWith(".json");
    String plain = given.startsWith("\uFEFF") ? given.substring(1) : given;
    String text = json ? SLASH.matcher(plain).replaceAll("$1/") : plain;
    List<CaseProblem> problems = new ArrayList<>();
    Written.Source source = new Written.Source(file, text, json, problems);
    List<FlowCase> cases = new ArrayList<>();
    for (Written document : Written.documents(source)) {
      List<Written> items =
          document.isList()
              ? document.items()
              : document.isNull() ? List.<Written>of() : List.of(document);
      for (Written item : items) {
        cases.add(readCase(item, cases.size() + 1));
      }
    }
    if (cases.isEmpty() && problems.isEmpty()) {
      problems.add(new CaseProblem(file, 1, "has no case"));
    }
    problems.sort(Comparator.comparingInt(CaseProblem::line));
    return new Reading(file, text, problems.isEmpty() ? cases : List.of(), problems);
  }

  private static FlowCase readCase(Written at, int number) {
    Map<String, Written> entries =
        at.only(
            "name",
            "flow",
            "flows",
            "at",
            "ours",
            "contact",
            "bound",
            "answers",
            "failures",
            "policy",
            "steps",
            "expect");
    List<Scripted> steps = new ArrayList<>();
    Optional<Written> given = get(entries, "steps");
    given.map(Written::items).orElse(List.of()).forEach(item -> steps.add(step(item)));
    if (at.isMap() && steps.isEmpty()) {
      given
          .orElse(at)
          .problem("has no steps: a case says what happens, such as steps: [{says: hello}]");
    }
    Map<String, String> subflows = new LinkedHashMap<>();
    get(entries, "flows")
        .map(Written::entries)
        .orElse(Map.of())
        .forEach((sid, file) -> subflows.put(sid, file.text()));
    return new FlowCase(
        get(entries, "name").map(Written::text).orElse("case " + number),
        at,
        get(entries, "flow").map(Written::text),
        subflows,
        setting(entries, steps),
        steps,
        get(entries, "expect").map(Expectation::ofCase));
  }

  private static Optional<Written> get(Map<String, Written> entries, String key) {
    return Optional.ofNullable(entries.get(key));
  }

  // ---- what holds before

  private static Setting setting(Map<String, Written> entries, List<Scripted> steps) {
    Map<String, Written> contact =
        get(entries, "contact")
            .map(
                it ->
                    it.only(
                        "address", "external_id", "attributes", "blocked", "consents", "purchased"))
            .orElse(Map.of());
    boolean requested = !steps.isEmpty() && steps.getFirst().deed() instanceof Deed.Requests;
    Optional<Address> room =
        !steps.isEmpty() && steps.getFirst().deed() instanceof Deed.Says says
            ? says.room()
            : Optional.empty();
    return new Setting(
        new ThreadId(
            get(entries, "ours")
                .map(CaseReader::address)
                .orElse(room.isPresent() ? Setting.ROOMS : Setting.OURS),
            room.or(() -> get(contact, "address").map(CaseReader::address)).orElse(Setting.THEIRS)),
        new Person(
            get(contact, "external_id").map(Written::text),
            get(contact, "attributes").map(CaseReader::values).orElse(Values.EMPTY)),
        get(contact, "blocked").flatMap(CaseReader::block),
        get(entries, "at").flatMap(CaseReader::instant).orElse(Setting.BEGINNING),
        get(entries, "bound").map(Written::flag).orElse(!requested),
        get(entries, "answers").map(Written::items).orElse(List.of()).stream()
            .map(CaseReader::answerRule)
            .toList(),
        get(entries, "failures").map(Written::items).orElse(List.of()).stream()
            .map(CaseReader::failureRule)
            .toList(),
        get(entries, "policy").map(CaseReader::policy),
        known(contact));
  }

  private static Acquaintance.Known known(Map<String, Written> contact) {
    return new Acquaintance.Known(
        get(contact, "consents").map(Written::items).orElse(List.of()).stream()
            .map(CaseReader::consent)
            .toList(),
        get(contact, "purchased")
            .flatMap(CaseReader::instant)
            .map(at -> new PersonFacts.Purchase("before", at)));
  }

  /// A channel alone, or what a trigger tells of a consent.
  private static Acquaintance.Told consent(Written at) {
    Values told =
        at.isMap()
            ? new Values(at.object())
            : Values.of("channel", at.text()).with("state", State.GRANTED.word());
    Acquaintance.Told consent = Acquaintance.Told.of(told);
    if (consent.channel().isEmpty()) {
      at.problem("must name a channel: sms or whatsapp");
    } else if (consent.state().isEmpty()) {
      at.problem("must have a state: granted or revoked");
    }
    return consent;
  }

  private static Policy policy(Written at) {
    return switch (Policy.read(at.object())) {
      case Policy.Reading.Valid(var policy) -> policy;
      case Policy.Reading.Invalid(var problems) -> {
        problems.forEach(each -> at.problem(each.propertyPath() + " " + each.message()));
        yield Policy.DEFAULT;
      }
    };
  }

  private static Address address(Written at) {
    String text = at.text();
    if (text.isBlank()) {
      at.problem("must be an address, such as \"+14155550100\" or \"whatsapp:+14155550100\"");
      return Setting.THEIRS;
    }
    return new Address(text);
  }

  private static Values values(Written at) {
    return at.isNull() ? Values.EMPTY : new Values(at.object());
  }

  private static Optional<Block> block(Written at) {
    String word = at.text();
    Optional<Block> block =
        Arrays.stream(Block.values()).filter(it -> it.word().equals(word)).findFirst();
    if (block.isEmpty() && !word.equals("false")) {
      at.problem(
          Nearest.unknown("word", word, Arrays.stream(Block.values()).map(Block::word).toList()));
    }
    return block;
  }

  private static Optional<Instant> instant(Written at) {
    String text = at.text();
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException _) {
      at.problem("must be a time with its offset, such as 2026-03-01T18:00:00Z");
      return Optional.empty();
    }
  }

  private static AnswerRule answerRule(Written at) {
    Map<String, Written> entries =
        at.only(
            "widget", "url", "times", "status", "json", "body", "content_type", "headers", "fails");
    return new AnswerRule(
        get(entries, "widget").map(Written::text),
        get(entries, "url").map(Written::text),
        get(entries, "times").map(it -> it.number(1, 1_000)),
        answer(entries));
  }

  private static Answer answer(Map<String, Written> entries) {
    Optional<Written> json = get(entries, "json");
    String body =
        json.map(it -> Json.print(it.value()))
            .or(() -> get(entries, "body").map(it -> it.isNull() ? "" : it.text()))
            .orElse("");
    String usual = json.isPresent() ? "application/json" : body.isEmpty() ? "" : "text/plain";
    return new Answer(
        get(entries, "status").map(it -> it.number(100, 599)).orElse(200),
        get(entries, "content_type").map(Written::text).orElse(usual),
        body,
        get(entries, "headers").map(CaseReader::values).orElse(Values.EMPTY),
        get(entries, "fails").map(Written::text));
  }

  private static FailureRule failureRule(Written at) {
    Map<String, Written> entries = at.only("widget", "to", "code", "times");
    if (!entries.containsKey("code")) {
      at.problem("has no code: say Twilio's error code, such as code: 30008");
    }
    return new FailureRule(
        get(entries, "widget").map(Written::text),
        get(entries, "to").map(Written::text),
        get(entries, "code").map(CaseReader::code).orElse(0),
        get(entries, "times").map(it -> it.number(1, 1_000)));
  }

  private static int code(Written at) {
    return at.number(0, 99_999);
  }

  // ---- what happens

  private static Scripted step(Written at) {
    if (at.isText()) {
      return new Scripted(at.line(), deed(at.text(), at, at), Optional.empty());
    }
    Map<String, Written> entries = at.entries();
    Optional<Expectation> expectation = get(entries, "expect").map(Expectation::ofStep);
    List<String> verbs = entries.keySet().stream().filter(key -> !key.equals("expect")).toList();
    if (verbs.size() != 1) {
      at.problem(
          at.isMap()
              ? "must say one thing that happens, beside expect; it says "
                  + (verbs.isEmpty() ? "none" : String.join(" and ", verbs))
              : "must say what happens");
      return new Scripted(at.line(), new Deed.Ends(), expectation);
    }
    Written value = entries.getOrDefault(verbs.getFirst(), at);
    return new Scripted(value.line(), deed(verbs.getFirst(), value, at), expectation);
  }

  /// @param at the verb's value; the verb itself where it stands alone
  private static Deed deed(String verb, Written at, Written step) {
    boolean alone = at == step || at.isNull();
    return switch (verb) {
      case "request" -> new Deed.Requests(alone ? Values.EMPTY : values(at));
      case "says" -> says(alone ? missing(at, verb) : at);
      case "conversation" -> conversation(alone ? missing(at, verb) : at);
      case "stop" -> Deed.Says.plainly("STOP");
      case "timeout" -> new Deed.TimesOut();
      case "after" -> after(at);
      case "at" -> new Deed.PassesUntil(instant(at).orElse(Setting.BEGINNING));
      case "answer" ->
          new Deed.Answers(
              answer(
                  alone
                      ? Map.of()
                      : at.only("status", "json", "body", "content_type", "headers", "fails")));
      case "fail" ->
          new Deed.Fails(
              at.isMap()
                  ? failureRule(at)
                  : new FailureRule(Optional.empty(), Optional.empty(), code(at), Optional.of(1)));
      case "withhold" -> withhold(at, alone);
      case "report" -> report(at);
      case "purchase" -> purchase(alone ? Map.of() : at.object());
      case "event" -> event(at);
      case "click" ->
          new Deed.Clicks(at.isText() && !alone ? Optional.of(at.text()) : Optional.empty());
      case "agent_takes" -> new Deed.Takes(alone ? "agent" : at.text());
      case "agent_says" -> agentSays(alone ? missing(at, verb) : at);
      case "close" -> close(at, alone);
      case "handoff_fails" -> new Deed.LosesHandoff(alone ? "no_agent" : at.text());
      case "return" -> new Deed.Returns(alone ? Values.EMPTY : values(at));
      case "end" -> new Deed.Ends();
      default -> {
        at.problem(Nearest.unknown("step", verb, VERBS));
        yield new Deed.Ends();
      }
    };
  }

  private static Written missing(Written at, String verb) {
    at.problem(verb + " needs a text: " + verb + ": hello");
    return at;
  }

  private static Deed says(Written at) {
    if (!at.isMap()) {
      return Deed.Says.plainly(at.isText() ? at.text() : "");
    }
    Map<String, Written> entries = at.only("body", "media", "button", "parameters");
    Values parameters = Values.EMPTY;
    String body = get(entries, "body").map(it -> it.isNull() ? "" : it.text()).orElse("");
    Optional<Written> button = get(entries, "button");
    if (button.isPresent()) {
      Map<String, Written> parts =
          button.get().isMap()
              ? button.get().only("text", "payload")
              : Map.of("text", button.get());
      String text = get(parts, "text").map(Written::text).orElse(body);
      String payload = get(parts, "payload").map(Written::text).orElse(text);
      parameters = parameters.with("ButtonText", text).with("ButtonPayload", payload);
      body = entries.containsKey("body") ? body : text;
    }
    return new Deed.Says(
        body,
        get(entries, "media").map(Written::texts).orElse(List.of()),
        parameters.with(get(entries, "parameters").map(CaseReader::values).orElse(Values.EMPTY)));
  }

  /// A message in a conversation of Twilio Conversations.
  private static Deed conversation(Written at) {
    Map<String, Written> entries =
        at.isMap() ? at.only("body", "author", "sid", "parameters") : Map.of("body", at);
    Deed.Says usual =
        Deed.Says.inConversation(
            get(entries, "body").filter(Written::isText).map(Written::text).orElse(""),
            get(entries, "author").map(Written::text).orElse(Setting.THEIRS.value()));
    Values sid =
        get(entries, "sid").map(it -> Values.of("ConversationSid", it.text())).orElse(Values.EMPTY);
    return new Deed.Says(
        usual.body(),
        List.of(),
        usual
            .parameters()
            .with(sid)
            .with(get(entries, "parameters").map(CaseReader::values).orElse(Values.EMPTY)));
  }

  private static Deed after(Written at) {
    return new Deed.Passes(
        Durations.parse(at.text())
            .orElseGet(
                () -> {
                  at.problem("must be a duration, such as 90s, 5m, 2h30m, 1d or PT2H");
                  return Duration.ZERO;
                }));
  }

  private static Deed withhold(Written at, boolean alone) {
    String word = alone ? Withholding.POOL_EMPTY.word() : at.text();
    Optional<Withholding> reason =
        Arrays.stream(Withholding.values()).filter(it -> it.word().equals(word)).findFirst();
    if (reason.isEmpty()) {
      at.problem(
          Nearest.unknown(
              "reason", word, Arrays.stream(Withholding.values()).map(Withholding::word).toList()));
    }
    return new Deed.Withholds(reason.orElse(Withholding.POOL_EMPTY));
  }

  private static Deed report(Written at) {
    Map<String, Written> entries =
        at.isMap() ? at.only("status", "code", "message") : Map.of("status", at);
    String status = get(entries, "status").map(Written::text).orElse("");
    if (MessageStatus.parse(status).isEmpty()) {
      at.problem(
          Nearest.unknown(
              "status",
              status,
              Arrays.stream(MessageStatus.values()).map(MessageStatus::word).toList()));
    }
    return new Deed.Reports(
        status,
        get(entries, "code").map(CaseReader::code).orElse(0),
        get(entries, "message")
            .map(it -> OptionalInt.of(it.number(1, 10_000)))
            .orElse(OptionalInt.empty()));
  }

  /// What is bought, and `order_id` among it.
  private static Deed purchase(Map<String, Object> given) {
    Map<String, Object> properties = new LinkedHashMap<>(given);
    Object order = properties.remove("order_id");
    return new Deed.Buys(order == null ? "" : String.valueOf(order), new Values(properties));
  }

  private static Deed event(Written at) {
    if (!at.isMap()) {
      return new Deed.Happens(at.text(), Values.EMPTY);
    }
    Map<String, Written> entries = at.only("name", "properties");
    if (!entries.containsKey("name")) {
      at.problem("has no name: say which event, such as name: Order Shipped");
    }
    return new Deed.Happens(
        get(entries, "name").map(Written::text).orElse(""),
        get(entries, "properties").map(CaseReader::values).orElse(Values.EMPTY));
  }

  private static Deed close(Written at, boolean alone) {
    if (!at.isMap()) {
      return new Deed.Closes(alone ? "done" : at.text(), Values.EMPTY, new After.Usual());
    }
    Map<String, Written> entries = at.only("disposition", "outputs", "then");
    return new Deed.Closes(
        get(entries, "disposition").map(Written::text).orElse("done"),
        get(entries, "outputs").map(CaseReader::values).orElse(Values.EMPTY),
        get(entries, "then").map(CaseReader::then).orElseGet(After.Usual::new));
  }

  private static After then(Written at) {
    if (at.isMap()) {
      return get(at.only("at"), "at")
          .<After>map(it -> new After.At(it.text()))
          .orElseGet(After.Usual::new);
    }
    return switch (at.text()) {
      case "goes_on" -> new After.GoesOn();
      case "ends" -> new After.Ends();
      default -> {
        at.problem("must be goes_on, ends or {at: widget}");
        yield new After.Usual();
      }
    };
  }

  private static Deed agentSays(Written at) {
    if (!at.isMap()) {
      return new Deed.SaysAsAgent(at.isText() ? at.text() : "", false);
    }
    Map<String, Written> entries = at.only("body", "when_open");
    return new Deed.SaysAsAgent(
        get(entries, "body").map(Written::text).orElse(""),
        get(entries, "when_open").map(it -> it.text().equals("true")).orElse(false));
  }
}
