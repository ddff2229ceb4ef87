package io.parley.intents;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Conversation;
import io.parley.engine.Engine;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowShelf;
import io.parley.engine.FlowSid;
import io.parley.engine.Moment;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Person;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.flow.Condition;
import io.parley.engine.flow.ConditionType;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.Message;
import io.parley.engine.flow.SendAndWaitForReply;
import io.parley.engine.flow.SplitBasedOn;
import io.parley.engine.flow.Transition;
import io.parley.engine.flow.Trigger;
import io.parley.engine.flow.Widget;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HearingTest {

  private static final FlowRef COFFEE = new FlowRef(FlowSid.named("coffee"), "coffee", 1);
  private static final Message MESSAGE =
      new Message(
          "", "Which one?", List.of(), "", Values.EMPTY, false, "", Optional.empty(), false);
  private static final String BODY = "{{widgets.ask.inbound.Body}}";

  @Test
  void theAnswersAreWhatTheSplitBehindTheQuestionCompares() {
    Flow flow =
        flow(
            condition(ConditionType.MATCHES_ANY_OF, BODY, "1, sizing, size"),
            condition(ConditionType.EQUAL_TO, BODY, "shipping"),
            condition(ConditionType.CONTAINS, BODY, "refund"));

    assertThat(LookedFor.at(flow, "ask")).containsExactly("sizing", "shipping");
  }

  @Test
  void whatIsNotComparedWithTheReplyIsNoAnswer() {
    Flow flow =
        flow(
            condition(ConditionType.EQUAL_TO, "{{widgets.ask.inbound.topTag}}", "buy"),
            condition(ConditionType.EQUAL_TO, "{{flow.data.region}}", "US"),
            condition(ConditionType.EQUAL_TO, BODY, "{{flow.data.first}}"),
            condition(ConditionType.EQUAL_TO, BODY, "blue"));

    assertThat(LookedFor.at(flow, "ask")).containsExactly("blue");
  }

  @Test
  void aStopIsNoAnswerThatANumberCouldPick() {
    Flow flow =
        flow(
            condition(ConditionType.EQUAL_TO, BODY, "yes"),
            condition(ConditionType.EQUAL_TO, BODY, "STOP"));

    assertThat(LookedFor.at(flow, "ask")).containsExactly("yes");
  }

  @Test
  void whereNothingIsAskedNothingIsLookedFor() {
    Flow flow = flow(condition(ConditionType.EQUAL_TO, BODY, "yes"));

    assertThat(LookedFor.at(flow, "split")).isEmpty();
    assertThat(LookedFor.at(flow, "nowhere")).isEmpty();
  }

  @Test
  void aReplyIsUnderstoodByWhatTheFlowThatItAnswersSaidLast() {
    Flow flow =
        flow(
            condition(ConditionType.EQUAL_TO, BODY, "dark roast"),
            condition(ConditionType.EQUAL_TO, BODY, "decaf"));
    Conversation fresh =
        Conversation.fresh(new ThreadId(new Address("+15550001"), new Address("+15550002")));
    Moment moment = new Moment(Instant.EPOCH, ContactFacts.NOTHING_KNOWN);
    Conversation asked =
        Engine.step(
                fresh,
                new Event.Triggered(COFFEE, Person.UNKNOWN, Values.EMPTY, Instant.EPOCH),
                shelf(flow),
                moment)
            .next();

    Reply reply =
        new Hearing(asked, ContactFacts.NOTHING_KNOWN, "Which one?")
            .reply(Values.of("Body", "the second one"), Optional.empty(), shelf(flow));

    assertThat(reply.asked()).isEqualTo(new Asked("Which one?", List.of("dark roast", "decaf")));
    assertThat(reply.flows()).containsExactly("coffee");
    assertThat(ReplyTagger.lexical().tag(reply).has("choice_2")).isTrue();
    assertThat(
            new Hearing(fresh, ContactFacts.NOTHING_KNOWN, "")
                .reply(Values.EMPTY, Optional.of(COFFEE), shelf(flow))
                .flows())
        .as("the flow that it starts")
        .containsExactly("coffee");
  }

  private static FlowShelf shelf(Flow flow) {
    return new FlowShelf() {
      @Override
      public Optional<Flow> flow(FlowRef ref) {
        return Optional.of(flow);
      }

      @Override
      public Optional<FlowRef> find(FlowSid sid, String revision) {
        return Optional.empty();
      }
    };
  }

  private static Condition condition(ConditionType type, String subject, String value) {
    return new Condition("", type, subject, value);
  }

  private static Flow flow(Condition... conditions) {
    List<Transition> ways =
        List.of(conditions).stream()
            .map(it -> new Transition("match", Optional.empty(), List.of(it)))
            .toList();
    Map<String, Widget> widgets = new LinkedHashMap<>();
    widgets.put(
        "Trigger",
        new Trigger(
            "Trigger", List.of(new Transition("incomingRequest", Optional.of("ask"), List.of()))));
    widgets.put(
        "ask",
        new SendAndWaitForReply(
            "ask",
            List.of(new Transition("incomingMessage", Optional.of("split"), List.of())),
            MESSAGE,
            Duration.ofHours(1)));
    widgets.put("split", new SplitBasedOn("split", ways, BODY));
    return new Flow(Values.EMPTY, "Trigger", widgets);
  }
}
