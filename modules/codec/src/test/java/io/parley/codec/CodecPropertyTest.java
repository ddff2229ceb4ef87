package io.parley.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Awaiting;
import io.parley.engine.Conversation;
import io.parley.engine.Conversation.Run;
import io.parley.engine.Conversation.SentMessage;
import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.Engagement;
import io.parley.engine.Execution;
import io.parley.engine.Execution.Position;
import io.parley.engine.ExecutionId;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.MessageSid;
import io.parley.engine.MessageStatus;
import io.parley.engine.Owner;
import io.parley.engine.Person;
import io.parley.engine.ThreadId;
import io.parley.engine.Traffic;
import io.parley.engine.Values;
import io.parley.engine.hours.Occasion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Whatever a conversation holds, it reads as it was written.
class CodecPropertyTest {

  @Property(tries = 500)
  void aConversationReadsAsItWasWritten(@ForAll("conversations") Conversation conversation) {
    String json = Codec.encodeState(conversation);

    assertThat(Codec.decodeState(Codec.FORMAT, json)).isEqualTo(conversation);
    assertThat(Codec.encodeState(Codec.decodeState(Codec.FORMAT, json))).isEqualTo(json);
  }

  @Provide
  Arbitrary<Conversation> conversations() {
    return threads()
        .flatMap(
            thread -> {
              ConversationId id = ConversationId.of(thread);
              Arbitrary<EffectId> effects = effects(id);
              return Combinators.combine(
                      counts(),
                      Arbitraries.of(Owner.class),
                      counts(),
                      people(),
                      executions(id, effects).optional(),
                      messages(effects).list().ofMaxSize(20),
                      Combinators.combine(runs().list().ofMaxSize(5), traffic(effects))
                          .as(Heard::new),
                      counts())
                  .as(
                      (turn, owner, epoch, person, execution, messages, heard, untagged) ->
                          new Conversation(
                              id,
                              thread,
                              turn,
                              owner,
                              epoch,
                              person,
                              execution,
                              messages,
                              heard.runs(),
                              heard.traffic(),
                              Samples.state().bargain(),
                              Engagement.NONE,
                              Samples.state().handoff(),
                              untagged));
            });
  }

  private record Heard(List<Run> runs, Traffic traffic) {}

  /// Sends of a conversation that lie whole milliseconds apart, and others.
  private static Arbitrary<Traffic> traffic(Arbitrary<EffectId> effects) {
    Arbitrary<Instant> at =
        Arbitraries.oneOf(
            Arbitraries.integers().map(it -> Instant.ofEpochMilli(1_772_388_000_000L + it)),
            instants());
    Arbitrary<Values> notes =
        Arbitraries.of(Values.EMPTY, Values.of("segments", 1), Values.of("exempt", "notice"));
    return Combinators.combine(effects, at, Arbitraries.of(true, false), notes)
        .as(Traffic.Sent::new)
        .list()
        .ofMaxSize(8)
        .map(sends -> new Traffic(Traffic.NONE.window(), Optional.of(Occasion.ANSWER), sends));
  }

  private static Arbitrary<ThreadId> threads() {
    return Combinators.combine(addresses(), addresses()).as(ThreadId::new);
  }

  private static Arbitrary<Address> addresses() {
    return Arbitraries.of("+15005550006", "whatsapp:+14155550100", "12345", "ümlaut \"x\"")
        .map(Address::new);
  }

  private static Arbitrary<Integer> counts() {
    return Arbitraries.integers().between(0, Integer.MAX_VALUE);
  }

  private static Arbitrary<EffectId> effects(ConversationId id) {
    return Combinators.combine(counts(), counts())
        .as((turn, index) -> new EffectId(id, turn, index));
  }

  private static Arbitrary<Person> people() {
    return Combinators.combine(Arbitraries.strings().optional(), values()).as(Person::new);
  }

  private static Arbitrary<SentMessage> messages(Arbitrary<EffectId> effects) {
    return Combinators.combine(
            Arbitraries.strings().map(MessageSid::new),
            effects,
            Arbitraries.of(MessageStatus.class))
        .as(SentMessage::new);
  }

  private static Arbitrary<Run> runs() {
    return Combinators.combine(counts(), flows(), instants(), Arbitraries.strings().optional())
        .as(Run::new);
  }

  private static Arbitrary<FlowRef> flows() {
    return Combinators.combine(Arbitraries.strings(), counts())
        .as((name, revision) -> new FlowRef(FlowSid.named(name), name, revision));
  }

  private static Arbitrary<Execution> executions(ConversationId id, Arbitrary<EffectId> effects) {
    Arbitrary<Values> values = values();
    return Combinators.combine(
            flows(), instants(), values, values, values, positions(effects), counts(), effects)
        .as(
            (flow, startedAt, trigger, data, widgets, position, steps, expiry) ->
                new Execution(
                    ExecutionId.of(id, steps),
                    flow,
                    startedAt,
                    trigger,
                    data,
                    data.with(trigger),
                    widgets,
                    position,
                    steps,
                    steps / 2,
                    expiry,
                    List.of(
                        new Execution.Caller(
                            flow, position.widget(), trigger, data, widgets, trigger)),
                    List.of(flow),
                    Optional.of(
                        new Execution.Room(new Address("CH" + steps), flow.name(), steps > 5))));
  }

  private static Arbitrary<Position> positions(Arbitrary<EffectId> effects) {
    return Combinators.combine(Arbitraries.strings(), awaiting(effects)).as(Position::new);
  }

  private static Arbitrary<Awaiting> awaiting(Arbitrary<EffectId> effects) {
    return Arbitraries.oneOf(
        Arbitraries.of(new Awaiting.Nothing()),
        Combinators.combine(effects, addresses()).as(Awaiting.SendAnswer::new),
        Combinators.combine(effects, effects).as(Awaiting.Reply::new),
        effects.map(Awaiting.CallAnswer::new),
        Combinators.combine(effects, effects.optional()).as(Awaiting.Closing::new),
        Combinators.combine(Arbitraries.strings(), Arbitraries.strings(), effects)
            .as(Awaiting.Return::new),
        effects.map(Awaiting.Time::new),
        effects.map(Awaiting.Happening::new));
  }

  private static Arbitrary<Instant> instants() {
    return Combinators.combine(
            Arbitraries.longs().between(-62_135_596_800L, 253_402_300_799L),
            Arbitraries.longs().between(0, 999_999_999))
        .as(Instant::ofEpochSecond);
  }

  private static Arbitrary<Values> values() {
    return objects(Arbitraries.lazyOf(CodecPropertyTest::leaves, CodecPropertyTest::trees))
        .map(Values::new);
  }

  private static Arbitrary<Object> leaves() {
    return Arbitraries.oneOf(
        Arbitraries.strings().map(Object.class::cast),
        Arbitraries.longs().map(Object.class::cast),
        Arbitraries.doubles().map(Object.class::cast),
        Arbitraries.bigIntegers().map(Object.class::cast),
        Arbitraries.of(
            true,
            false,
            "",
            "\u0000",
            "👍",
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.MIN_VALUE,
            -0.0,
            1.0f));
  }

  private static Arbitrary<Object> trees() {
    Arbitrary<Object> inner = leaves();
    return Arbitraries.oneOf(
        inner.list().ofMaxSize(3).map(Object.class::cast), objects(inner).map(Object.class::cast));
  }

  private static Arbitrary<Map<String, Object>> objects(Arbitrary<Object> entries) {
    return Arbitraries.maps(Arbitraries.strings().ofMaxLength(5), entries).ofMaxSize(4);
  }
}
