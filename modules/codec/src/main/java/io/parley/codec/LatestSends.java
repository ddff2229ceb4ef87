package io.parley.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.Traffic.Sent;
import io.parley.engine.Values;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The JSON of a thread's latest sends, which grows with each message: those in a row that differ
/// in nothing but when share what they have in common, and each is its turn, its index there, and
/// the milliseconds that it came after the first:
///
///     [{"of": "466da73c-...", "toContact": true, "notes": {"segments": 1}, "from":
///     "2026-03-01T18:00:00Z",
///       "sends": [[4, 0, 0], [6, 2, 41250]]}]
final class LatestSends {

  private LatestSends() {}

  /// How [io.parley.engine.Traffic] has them in a state.
  interface Brief {
    @JsonSerialize(using = Writer.class)
    @JsonDeserialize(using = Reader.class)
    List<Sent> sends();
  }

  /// What sends in a row have in common.
  ///
  /// @param sends `[turn, index, milliseconds]`
  record Row(
      ConversationId of, boolean toContact, Values notes, Instant from, List<long[]> sends) {}

  static final class Writer extends StdSerializer<List<Sent>> {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("unchecked") // a list of sends is a list
    Writer() {
      super((Class<List<Sent>>) (Class<?>) List.class);
    }

    @Override
    public boolean isEmpty(SerializerProvider provider, List<Sent> sends) {
      return sends.isEmpty();
    }

    @Override
    public void serialize(List<Sent> sends, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartArray();
      for (int begin = 0, end; begin < sends.size(); begin = end) {
        Sent first = sends.get(begin);
        end = begin + 1;
        while (end < sends.size() && isInRow(first, sends.get(end))) {
          end++;
        }
        write(sends.subList(begin, end), out, provider);
      }
      out.writeEndArray();
    }

    private static void write(List<Sent> row, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      Sent first = row.getFirst();
      out.writeStartObject();
      out.writeStringField("of", first.effect().conversation().toString());
      out.writeBooleanField("toContact", first.toContact());
      if (!first.notes().isEmpty()) {
        provider.defaultSerializeField("notes", first.notes(), out);
      }
      out.writeStringField("from", first.at().toString());
      out.writeArrayFieldStart("sends");
      for (Sent sent : row) {
        out.writeStartArray();
        out.writeNumber(sent.effect().turn());
        out.writeNumber(sent.effect().index());
        out.writeNumber(Duration.between(first.at(), sent.at()).toMillis());
        out.writeEndArray();
      }
      out.writeEndArray();
      out.writeEndObject();
    }

    private static boolean isInRow(Sent first, Sent sent) {
      return sent.effect().conversation().equals(first.effect().conversation())
          && sent.toContact() == first.toContact()
          && sent.notes().equals(first.notes())
          && isWholeMillis(Duration.between(first.at(), sent.at()));
    }

    private static boolean isWholeMillis(Duration duration) {
      return duration.toNanosPart() % 1_000_000 == 0;
    }
  }

  static final class Reader extends StdDeserializer<List<Sent>> {
    private static final long serialVersionUID = 1L;

    private static final TypeReference<List<Row>> ROWS = new TypeReference<>() {};

    Reader() {
      super(List.class);
    }

    @Override
    public Object getEmptyValue(DeserializationContext context) {
      return List.of();
    }

    @Override
    public List<Sent> deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      List<Sent> sends = new ArrayList<>();
      for (Row row : in.<List<Row>>readValueAs(ROWS)) {
        for (long[] sent : row.sends()) {
          sends.add(sent(row, sent, in));
        }
      }
      return sends;
    }

    private static Sent sent(Row row, long[] sent, JsonParser in) throws IOException {
      try {
        return new Sent(
            new EffectId(row.of(), Math.toIntExact(sent[0]), Math.toIntExact(sent[1])),
            row.from().plusMillis(sent[2]),
            row.toContact(),
            row.notes());
      } catch (ArithmeticException | DateTimeException | IndexOutOfBoundsException e) {
        throw new com.fasterxml.jackson.core.JsonParseException(in, "no send", e);
      }
    }
  }
}
