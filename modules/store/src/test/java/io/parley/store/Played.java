package io.parley.store;

import io.parley.codec.FlowFiles;
import io.parley.engine.Address;
import io.parley.engine.Event;
import io.parley.engine.Person;
import io.parley.engine.Tag;
import io.parley.engine.Values;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReading;
import io.parley.engine.policy.Policy;
import io.parley.testkit.Scenario;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Conversations that the engine itself has held, put into the journal turn by turn.
final class Played {

  /// Asks; a reply is thanked, silence is followed up after an hour.
  static final Flow CART = flow("");

  /// The same, behind an experiment with two arms.
  static final Flow EXPERIMENT =
      flow(
          """
          {"name": "arm", "type": "parley.random-split",
           "properties": {"branches": [{"event": "plain", "weight": 1},
                                       {"event": "warm", "weight": 1}]},
           "transitions": [{"event": "plain", "next": "ask"}, {"event": "warm", "next": "ask"}]},
          """);

  private static final Policy AT_ANY_HOUR =
      switch (Policy.read(Map.of("hours", Map.of("quiet", "off")))) {
        case Policy.Reading.Valid(var policy) -> policy;
        case Policy.Reading.Invalid(var problems) -> throw new AssertionError(problems);
      };

  private final StoreFixture store;
  final Scenario scenario;
  private final Person person;
  private int written;

  Played(StoreFixture store, String name, Flow flow, int contact) {
    this(store, name, flow, contact, address(contact));
  }

  Played(StoreFixture store, String name, Flow flow, int contact, Address address) {
    this.store = store;
    this.scenario = Scenario.of(name, flow, Played::tags, address).by(AT_ANY_HOUR);
    this.person = new Person(Optional.of("person-" + contact), Values.EMPTY);
  }

  static Address address(int contact) {
    return new Address("+1415555%04d".formatted(contact));
  }

  private static List<Tag> tags(Values parameters, Object contact) {
    return switch (parameters.text("Body").orElse("")) {
      case "STOP" -> List.of(new Tag(Tag.OPT_OUT, 1, "keyword STOP"));
      case "" -> List.of();
      default -> List.of(new Tag("yes", 0.9, ""), new Tag("thanks", 0.5, ""));
    };
  }

  private static Flow flow(String experiment) {
    String json =
        """
        {"description": "Asks once", "initial_state": "Trigger", "states": [
          {"name": "Trigger", "type": "trigger", "properties": {},
           "transitions": [{"event": "incomingRequest", "next": "%s"}]},
          %s
          {"name": "ask", "type": "send-and-wait-for-reply",
           "properties": {"from": "{{flow.channel.address}}", "body": "Still want it?",
                          "timeout": "3600"},
           "transitions": [{"event": "incomingMessage", "next": "thank"},
                           {"event": "timeout", "next": "nudge"}, {"event": "deliveryFailure"}]},
          {"name": "thank", "type": "send-message",
           "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                          "body": "Thanks!"},
           "transitions": [{"event": "sent"}, {"event": "failed"}]},
          {"name": "nudge", "type": "send-message",
           "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                          "body": "Still there?"},
           "transitions": [{"event": "sent"}, {"event": "failed"}]}
        ]}
        """
            .formatted(experiment.isEmpty() ? "ask" : "arm", experiment);
    return switch (FlowFiles.read(json)) {
      case FlowReading.Valid(var flow, var _) -> flow;
      case FlowReading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  /// A trigger at a time, in a cohort or in none.
  Played triggered(String at, String cohort) {
    scenario.at(Instant.parse(at));
    Values controls =
        cohort.isEmpty()
            ? Values.EMPTY
            : Values.of("controls", Values.of("experiment_cohort", cohort));
    scenario.take(new Event.Triggered(scenario.flow(), person, controls, scenario.now()));
    return written();
  }

  Played replied(String at, String body) {
    scenario.at(Instant.parse(at));
    scenario.reply(body);
    return written();
  }

  /// What happened since the last time becomes turns.
  Played written() {
    List<Scenario.Taken> taken = scenario.taken();
    for (; written < taken.size(); written++) {
      Scenario.Taken it = taken.get(written);
      TurnRecord turn =
          new TurnRecord(
              source(it.event()),
              sourceId(it.event()),
              Optional.empty(),
              scenario.conversation().thread(),
              it.at(),
              it.event(),
              it.step());
      if (!(store.write(turn).getFirst() instanceof Written.Committed)) {
        throw new AssertionError("not written: " + turn);
      }
    }
    return this;
  }

  private static String source(Event event) {
    return switch (event) {
      case Event.Triggered _ -> "customerio_trigger";
      case Event.ReplyReceived _ -> "twilio_message";
      case Event.SendAccepted _, Event.SendFailed _ -> "twilio_answer";
      case Event.DeliveryReported _ -> "twilio_status";
      default -> "test";
    };
  }

  private String sourceId(Event event) {
    return switch (event) {
      case Event.SendAccepted accepted -> accepted.effect() + ":accepted";
      case Event.SendFailed failed -> failed.effect() + ":failed";
      case Event.DeliveryReported report -> report.sid() + ":" + report.status().word();
      default -> scenario.conversation().id() + ":" + written;
    };
  }
}
