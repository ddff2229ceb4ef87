package io.parley.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.engine.Address;
import io.parley.engine.After;
import io.parley.engine.Awaiting;
import io.parley.engine.Conversation;
import io.parley.engine.Conversation.Run;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.FailureClass;
import io.parley.engine.Handoff;
import io.parley.engine.Hop;
import io.parley.engine.ThreadId;
import io.parley.engine.Traffic;
import io.parley.engine.offers.Bargain;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The files under `golden` are what is stored. Where one has to change, so has [Codec#FORMAT],
/// unless an old reader can read the new text and a new reader the old.
class CodecTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  static List<Event> events() {
    return Samples.events();
  }

  static List<Effect> effects() {
    return Samples.effects();
  }

  static List<Conversation> states() {
    return Samples.states();
  }

  @Test
  void theFormatOfAStateHasNotChanged() {
    assertThat(tree(Codec.encodeState(Samples.state()))).isEqualTo(golden("State"));
    assertThat(Codec.decodeState(Codec.FORMAT, golden("State").toString()))
        .isEqualTo(Samples.state());
  }

  @ParameterizedTest
  @MethodSource("events")
  void theFormatOfAnEventHasNotChanged(Event event) {
    JsonNode golden = golden(event.getClass().getSimpleName());

    assertThat(tree(Codec.encodeEvent(event))).isEqualTo(golden);
    assertThat(Codec.decodeEvent(Codec.FORMAT, golden.toString())).isEqualTo(event);
  }

  @ParameterizedTest
  @MethodSource("effects")
  void theFormatOfAnEffectHasNotChanged(Effect effect) {
    JsonNode golden = golden(effect.getClass().getSimpleName());

    assertThat(tree(Codec.encodeEffect(effect))).isEqualTo(golden);
    assertThat(Codec.decodeEffect(Codec.FORMAT, golden.toString())).isEqualTo(effect);
  }

  @Test
  void aFailureOfAnOlderFormatIsOfAnUnknownClass() {
    String older = golden("SendFailed").toString().replace(",\"failureClass\":\"OPTED_OUT\"", "");

    assertThat(older).doesNotContain("failureClass");
    assertThat(((Event.SendFailed) Codec.decodeEvent(2, older)).failureClass())
        .isEqualTo(FailureClass.UNKNOWN);
  }

  @Test
  void whatWasStoredInFormat1IsStillRead() {
    Conversation state = Codec.decodeState(1, golden("format-1/State").toString());
    Event.Triggered triggered =
        (Event.Triggered) Codec.decodeEvent(1, golden("format-1/Triggered").toString());
    String path = "[{\"widget\":\"rate\",\"event\":\"timeout\",\"next\":\"\"}]";

    assertThat(state.execution().orElseThrow().callers()).isEmpty();
    assertThat(state.execution().orElseThrow().root().name()).isEqualTo("survey");
    assertThat(state.traffic()).isEqualTo(Traffic.NONE);
    assertThat(state.runs()).extracting(Run::startedAt).containsOnly(Instant.EPOCH);
    assertThat(state.bargain()).isEqualTo(Bargain.NONE);
    assertThat(state.engagement().recoversSince())
        .as("an order ends what ran then")
        .isEqualTo(state.execution().map(it -> it.startedAt()));
    assertThat(triggered.coolingOff()).isZero();
    assertThat(Codec.decodePath(1, path)).containsExactly(new Hop("rate", "timeout", ""));
  }

  @Test
  void whatWasStoredInFormat2IsStillRead() {
    String send = golden("format-2/Send").toString();

    assertThat(Codec.decodeEffect(2, send)).isEqualTo(Samples.effects().getFirst());
    assertThat(Codec.decodeEffects(2, "[" + send + "]"))
        .containsExactly(Samples.effects().getFirst());
  }

  @Test
  void anEffectOfFormat5ThatTellsOfWhatThereIsNotIsStillRead() {
    String send = golden("format-5/Send").toString();

    assertThat(send).contains("\"byline\":null");
    assertThat(Codec.decodeEffect(5, send)).isEqualTo(Samples.effects().getFirst());
    assertThat(Codec.decodeEffects(5, "[" + send + "]"))
        .containsExactly(Samples.effects().getFirst());
  }

  @ParameterizedTest
  @MethodSource("effects")
  void whatThereIsNotIsLeftOutOfAnEffect(Effect effect) {
    assertThat(Codec.encodeEffect(effect)).doesNotContain(":null", ":[]", ":{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "to", "content", "purpose"})
  void anEffectThatLacksWhatEachHasIsBroken(String part) {
    ObjectNode send = golden("Send");
    assertThat(send.remove(part)).isNotNull();

    assertThatThrownBy(() -> Codec.decodeEffect(Codec.FORMAT, send.toString()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aHandoffOfFormat3IsStillOpen() {
    Conversation state = Codec.decodeState(3, golden("format-3/State").toString());
    String closed = golden("format-3/HandoffClosed").toString();

    Handoff handoff = state.handoff().orElseThrow();
    assertThat(handoff.id())
        .isEqualTo(
            ((Awaiting.Closing) state.execution().orElseThrow().position().awaiting()).handoff());
    assertThat(handoff.reason()).isEqualTo(Handoff.BY_WIDGET);
    assertThat(handoff.holder()).isEmpty();
    assertThat(state.untagged()).isZero();
    assertThat(((Event.HandoffClosed) Codec.decodeEvent(3, closed)).then())
        .isEqualTo(new After.Usual());
  }

  @Test
  void aStateOfFormat3WithTheBotHasNoHandoff() {
    ObjectNode state = golden("format-3/State");
    state.put("owner", "BOT");

    assertThat(Codec.decodeState(3, state.toString()).handoff()).isEmpty();
  }

  @Test
  void aStateOfFormat4IsStillRead() {
    assertThat(Codec.decodeState(4, golden("format-4/State").toString()))
        .isEqualTo(Samples.state());
  }

  @Test
  void whatThereIsNotIsLeftOutOfAState() {
    Conversation fresh =
        Conversation.fresh(new ThreadId(new Address("+15005550006"), new Address("+14155550100")));

    assertThat(Codec.encodeState(fresh)).doesNotContain("null", "[]");
    assertThat(Codec.decodeState(Codec.FORMAT, Codec.encodeState(fresh))).isEqualTo(fresh);
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "thread", "owner", "person", "traffic", "bargain", "engagement"})
  void aStateThatLacksWhatEachHasIsBroken(String part) throws Exception {
    ObjectNode state = (ObjectNode) tree(Codec.encodeState(Samples.state()));
    assertThat(state.remove(part)).isNotNull();

    assertThatThrownBy(() -> Codec.decodeState(Codec.FORMAT, state.toString()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Codec.decodeState(Codec.FORMAT, "{}"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void eachSendOfARowTakesAFewBytesOfAState() {
    Conversation state = Samples.state();
    List<Traffic.Sent> sends = new ArrayList<>(state.traffic().sends());
    Traffic.Sent first = sends.getFirst();
    for (int i = 1; i < Traffic.MAX_SENDS; i++) {
      sends.add(
          new Traffic.Sent(
              new EffectId(state.id(), first.effect().turn() + i, 0),
              first.at().plusSeconds(60L * i),
              first.toContact(),
              first.notes()));
    }
    Traffic traffic = new Traffic(state.traffic().window(), state.traffic().cause(), sends);
    Conversation busy = with(state, traffic);

    String json = Codec.encodeState(busy);
    assertThat(json.length() - Codec.encodeState(state).length())
        .isLessThan(16 * Traffic.MAX_SENDS);
    assertThat(Codec.decodeState(Codec.FORMAT, json)).isEqualTo(busy);
  }

  private static Conversation with(Conversation state, Traffic traffic) {
    return new Conversation(
        state.id(),
        state.thread(),
        state.turn(),
        state.owner(),
        state.epoch(),
        state.person(),
        state.execution(),
        state.messages(),
        state.runs(),
        traffic,
        state.bargain(),
        state.engagement(),
        state.handoff(),
        state.untagged());
  }

  @Test
  void eachKindHasItsGoldenFile() {
    assertThat(Samples.events())
        .extracting(Object::getClass)
        .containsExactlyInAnyOrderElementsOf(kinds(Event.class).toList());
    assertThat(Samples.effects())
        .extracting(Object::getClass)
        .containsExactlyInAnyOrderElementsOf(kinds(Effect.class).toList());
  }

  private static Stream<Class<?>> kinds(Class<?> sealed) {
    return sealed.isSealed()
        ? Stream.of(sealed.getPermittedSubclasses()).flatMap(CodecTest::kinds).distinct()
        : Stream.of(sealed);
  }

  @ParameterizedTest
  @MethodSource("states")
  void aStateReadsAsItWasWritten(Conversation state) {
    assertThat(Codec.decodeState(Codec.FORMAT, Codec.encodeState(state))).isEqualTo(state);
  }

  @Test
  void listsOfEffectsAndOfHopsReadAsTheyWereWritten() {
    List<Effect> effects =
        Stream.concat(
                Samples.effects().stream(),
                Stream.of(Samples.template(), Samples.said(), Samples.notice(), Samples.deferred()))
            .toList();
    List<Hop> path = List.of(new Hop("rate", "incomingMessage", "score"), new Hop("a", "b", ""));

    List<String> texts = effects.stream().map(Codec::encodeEffect).toList();
    assertThat(Codec.decodeEffects(Codec.FORMAT, Codec.joinEffects(texts))).isEqualTo(effects);
    assertThat(Codec.decodePath(Codec.FORMAT, Codec.encodePath(path))).isEqualTo(path);
  }

  @Test
  void unknownFieldsAreIgnored() {
    ObjectNode state = golden("State");
    state.put("mood", "good");
    ((ObjectNode) state.get("execution")).putObject("weather").put("rain", true);
    ObjectNode event = golden("TimerFired");
    event.put("mood", "good");

    assertThat(Codec.decodeState(Codec.FORMAT, state.toString())).isEqualTo(Samples.state());
    assertThat(Samples.events()).contains(Codec.decodeEvent(Codec.FORMAT, event.toString()));
  }

  @Test
  void aNewerFormatIsRefused() {
    String json = Codec.encodeState(Samples.state());

    assertThatThrownBy(() -> Codec.decodeState(Codec.FORMAT + 1, json))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("stored in format 7, newer than this program's 6");
  }

  @Test
  void aKindThatIsNotKnownIsRefused() {
    assertThatThrownBy(() -> Codec.decodeEvent(Codec.FORMAT, "{\"type\":\"SunRisen\"}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a stored text cannot be read in format 6")
        .hasStackTraceContaining("SunRisen");
  }

  private static ObjectNode golden(String name) {
    try (InputStream file =
        Objects.requireNonNull(
            CodecTest.class.getResourceAsStream("/golden/" + name + ".json"),
            "there is no golden/" + name + ".json")) {
      return (ObjectNode) MAPPER.readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
