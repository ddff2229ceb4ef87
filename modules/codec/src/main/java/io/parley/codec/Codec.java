package io.parley.codec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MutableConfigOverride;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.parley.engine.Address;
import io.parley.engine.After;
import io.parley.engine.Awaiting;
import io.parley.engine.Conversation;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.ExecutionId;
import io.parley.engine.FlowSid;
import io.parley.engine.Hop;
import io.parley.engine.MessageSid;
import io.parley.engine.Traffic;
import io.parley.engine.Values;
import io.parley.engine.offers.Worth;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The JSON of what is stored: states, events, effects, paths. Thread-safe.
///
/// Each variant of a sealed type carries its simple name as `type`:
/// `{"type":"TimerFired","timer":"..."}`. Ids are strings, instants ISO 8601 in UTC. A stored text
/// is read with the [#FORMAT] that it was written in; unknown fields are ignored, so that a newer
/// writer does not break an older reader.
///
/// States and effects are written at every turn and are the longest texts there: they leave out
/// what there is not, and empty texts, lists and objects. A state has its latest sends as
/// [LatestSends] writes them.
public final class Codec {

  /// The format that is written now. Raise it with a change that an old reader would misread, and
  /// upgrade older ones on reading.
  public static final int FORMAT = 6;

  /// The first format whose states are brief.
  private static final int BRIEF_STATES = 5;

  /// The first format whose effects are brief.
  private static final int BRIEF_EFFECTS = 6;

  private static final ObjectMapper MAPPER = builder().build();
  private static final ObjectMapper BRIEF_MAPPER = brief(builder()).build();
  private static final ObjectWriter STATE_WRITER = BRIEF_MAPPER.writerFor(Conversation.class);
  private static final ObjectReader STATE_READER = briefly(new TypeReference<Conversation>() {});
  private static final ObjectReader FULL_STATE_READER = MAPPER.readerFor(Conversation.class);
  private static final ObjectWriter EVENT_WRITER = MAPPER.writerFor(Event.class);
  private static final ObjectReader EVENT_READER = MAPPER.readerFor(Event.class);
  private static final ObjectWriter EFFECT_WRITER = BRIEF_MAPPER.writerFor(Effect.class);
  private static final ObjectReader EFFECT_READER = briefly(new TypeReference<Effect>() {});
  private static final ObjectReader FULL_EFFECT_READER = MAPPER.readerFor(Effect.class);
  private static final ObjectReader EFFECTS_READER = briefly(new TypeReference<List<Effect>>() {});
  private static final ObjectReader FULL_EFFECTS_READER =
      MAPPER.readerFor(new TypeReference<List<Effect>>() {});
  private static final ObjectWriter PATH_WRITER =
      MAPPER.writerFor(new TypeReference<List<Hop>>() {});
  private static final ObjectReader PATH_READER =
      MAPPER.readerFor(new TypeReference<List<Hop>>() {});

  private Codec() {}

  public static String encodeState(Conversation conversation) {
    return write(STATE_WRITER, conversation);
  }

  public static Conversation decodeState(int format, String json) {
    return read(format < BRIEF_STATES ? FULL_STATE_READER : STATE_READER, format, json);
  }

  public static String encodeEvent(Event event) {
    return write(EVENT_WRITER, event);
  }

  public static Event decodeEvent(int format, String json) {
    return read(EVENT_READER, format, json);
  }

  public static String encodeEffect(Effect effect) {
    return write(EFFECT_WRITER, effect);
  }

  public static Effect decodeEffect(int format, String json) {
    return read(format < BRIEF_EFFECTS ? FULL_EFFECT_READER : EFFECT_READER, format, json);
  }

  /// A list of effects of which each is encoded.
  public static String joinEffects(List<String> effects) {
    return "[" + String.join(",", effects) + "]";
  }

  public static List<Effect> decodeEffects(int format, String json) {
    return read(format < BRIEF_EFFECTS ? FULL_EFFECTS_READER : EFFECTS_READER, format, json);
  }

  public static String encodePath(List<Hop> path) {
    return write(PATH_WRITER, path);
  }

  public static List<Hop> decodePath(int format, String json) {
    return read(PATH_READER, format, json);
  }

  private static String write(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JacksonException e) {
      throw new IllegalStateException("a value of ours cannot be written as JSON", e);
    }
  }

  @SuppressWarnings(
      "TypeParameterUnusedInFormals") // each reader above reads the type it is named by
  private static <T> T read(ObjectReader reader, int format, String json) {
    if (format > FORMAT) {
      throw new IllegalStateException(
          "stored in format " + format + ", newer than this program's " + FORMAT);
    }
    try {
      return format >= Upgrade.NONE_SINCE
          ? reader.readValue(json)
          : reader.readValue(Upgrade.upgrade(format, MAPPER.readTree(json)));
    } catch (IOException e) {
      throw new IllegalStateException("a stored text cannot be read in format " + format, e);
    }
  }

  private static JsonMapper.Builder builder() {
    SimpleModule ids = new SimpleModule("parley");
    asText(ids, Address.class, Address::value, Address::new);
    asText(ids, ConversationId.class, ConversationId::toString, ConversationId::parse);
    asText(ids, EffectId.class, EffectId::toString, EffectId::parse);
    asText(ids, ExecutionId.class, ExecutionId::value, ExecutionId::new);
    asText(ids, FlowSid.class, FlowSid::value, FlowSid::new);
    asText(ids, MessageSid.class, MessageSid::value, MessageSid::new);
    asText(ids, Worth.class, Worth::toString, text -> Worth.parse(text).orElseThrow());
    ids.addSerializer(Values.class, new ValuesWriter());
    ids.addDeserializer(Values.class, new ValuesReader());
    JsonMapper.Builder builder =
        JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .addModule(ids)
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_LONG_FOR_INTS);
    for (Class<?> sealed :
        List.of(
            Event.class,
            Effect.class,
            Effect.Content.class,
            Effect.Request.class,
            Awaiting.class,
            After.class)) {
      builder.addMixIn(sealed, Named.class);
      registerVariants(builder, sealed);
    }
    builder.addMixIn(Event.Triggered.class, Patient.class);
    builder.addMixIn(Event.HandoffReturned.class, ByItsHolder.class);
    builder.addMixIn(Event.HandoffClosed.class, ByItsHolder.class);
    return builder;
  }

  /// What is left out reads as nothing, or as an empty text, list or object.
  private static JsonMapper.Builder brief(JsonMapper.Builder builder) {
    return builder
        .addMixIn(Traffic.class, LatestSends.Brief.class)
        .defaultPropertyInclusion(
            JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
        .withConfigOverride(String.class, Codec::leaveOutEmpty)
        .withConfigOverride(List.class, Codec::leaveOutEmpty)
        .withConfigOverride(Values.class, Codec::leaveOutEmpty);
  }

  /// Where anything else is missing than what may be left out, the row is broken.
  private static ObjectReader briefly(TypeReference<?> type) {
    return BRIEF_MAPPER
        .readerFor(type)
        .with(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);
  }

  private static void leaveOutEmpty(MutableConfigOverride property) {
    property.setInclude(
        JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS));
    property.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
  }

  private static void registerVariants(JsonMapper.Builder builder, Class<?> sealed) {
    for (Class<?> variant : sealed.getPermittedSubclasses()) {
      if (variant.isSealed()) {
        registerVariants(builder, variant);
      } else {
        builder.registerSubtypes(
            new com.fasterxml.jackson.databind.jsontype.NamedType(
                variant, variant.getSimpleName()));
      }
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  private interface Named {}

  /// What few triggers have is told of those alone.
  @SuppressWarnings("UnusedMethod") // Jackson reads its annotation
  private interface Patient {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<Event.Triggered.Patience> patience();
  }

  /// Most tell of a handoff whoever holds it.
  @SuppressWarnings("UnusedMethod") // Jackson reads its annotation
  private interface ByItsHolder {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<String> by();
  }

  private static <T> void asText(
      SimpleModule module, Class<T> type, Function<T, String> print, Function<String, T> parse) {
    module.addSerializer(
        type,
        new StdSerializer<>(type) {
          private static final long serialVersionUID = 1L;

          @Override
          public void serialize(T value, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            out.writeString(print.apply(value));
          }
        });
    module.addDeserializer(
        type,
        new StdDeserializer<>(type) {
          private static final long serialVersionUID = 1L;

          @Override
          public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return parse.apply(in.getText());
          }
        });
  }

  private static final class ValuesWriter extends StdSerializer<Values> {
    private static final long serialVersionUID = 1L;

    ValuesWriter() {
      super(Values.class);
    }

    @Override
    public boolean isEmpty(SerializerProvider provider, Values values) {
      return values.isEmpty();
    }

    @Override
    public void serialize(Values values, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      write(values.entries(), out);
    }

    private static void write(Object value, JsonGenerator out) throws IOException {
      switch (value) {
        case String text -> out.writeString(text);
        case Long number -> out.writeNumber(number);
        case Double number -> out.writeNumber(number);
        case Boolean flag -> out.writeBoolean(flag);
        case List<?> items -> {
          out.writeStartArray();
          for (Object item : items) {
            write(item, out);
          }
          out.writeEndArray();
        }
        case Map<?, ?> entries -> {
          out.writeStartObject();
          for (Map.Entry<?, ?> entry : entries.entrySet()) {
            out.writeFieldName((String) entry.getKey());
            write(entry.getValue(), out);
          }
          out.writeEndObject();
        }
        default -> throw new IllegalStateException("no JSON value: " + value.getClass().getName());
      }
    }
  }

  private static final class ValuesReader extends StdDeserializer<Values> {
    private static final long serialVersionUID = 1L;

    ValuesReader() {
      super(Values.class);
    }

    @Override
    public Object getEmptyValue(DeserializationContext context) {
      return Values.EMPTY;
    }

    @Override
    @SuppressWarnings("unchecked") // JSON objects have string keys
    public Values deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return new Values((Map<String, Object>) context.readValue(in, Map.class));
    }
  }
}
