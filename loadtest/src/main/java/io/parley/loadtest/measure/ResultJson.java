package io.parley.loadtest.measure;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// The JSON of a [RunResult]: names with underscores, instants as ISO-8601, durations as
/// milliseconds with a fraction. A folder's is `result.json`.
public final class ResultJson {

  public static final String FILE = "result.json";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .addModule(times())
          .build();

  private ResultJson() {}

  public static String text(RunResult result) {
    try {
      return MAPPER.writeValueAsString(result);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @throws IOException where it is no result of a run, and says why
  public static RunResult read(String text) throws IOException {
    return MAPPER.readValue(text, RunResult.class);
  }

  public static void write(RunResult result, Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(FILE), text(result));
  }

  /// @param place the folder of a run, or its JSON file
  /// @throws IOException where there is none, and says what to do
  public static RunResult read(Path place) throws IOException {
    Path file = Files.isDirectory(place) ? place.resolve(FILE) : place;
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "%s: there is no result of a run; name the folder that `run --out` wrote"
              .formatted(file));
    }
    try {
      return read(Files.readString(file));
    } catch (IOException | RuntimeException e) {
      throw new IOException("%s: not the result of a run: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static SimpleModule times() {
    return new SimpleModule()
        .addSerializer(new InstantWriter())
        .addDeserializer(Instant.class, new InstantReader())
        .addSerializer(new DurationWriter())
        .addDeserializer(Duration.class, new DurationReader());
  }

  private static final class InstantWriter extends StdSerializer<Instant> {

    private static final long serialVersionUID = 1L;

    InstantWriter() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant instant, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(instant.toString());
    }
  }

  private static final class InstantReader extends StdDeserializer<Instant> {

    private static final long serialVersionUID = 1L;

    InstantReader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return Instant.parse(in.getValueAsString(""));
    }
  }

  private static final class DurationWriter extends StdSerializer<Duration> {

    private static final long serialVersionUID = 1L;

    DurationWriter() {
      super(Duration.class);
    }

    @Override
    public void serialize(Duration duration, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeNumber(Math.round(duration.toNanos() / 1e3) / 1e3);
    }
  }

  private static final class DurationReader extends StdDeserializer<Duration> {

    private static final long serialVersionUID = 1L;

    DurationReader() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return Duration.ofNanos(Math.round(in.getDoubleValue() * 1e6));
    }
  }
}
