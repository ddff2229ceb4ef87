package io.parley.codec;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.FlowReader;
import io.parley.engine.flow.FlowReading;
import java.util.List;

/// Flow definitions as files: the JSON that Studio's editor shows and its REST API takes.
public final class FlowFiles {

  /// Characters in one file. Studio's own limit is not known; large public flows have 100,000.
  private static final int MAX_LENGTH = 2 * 1024 * 1024;

  /// Levels of objects and lists; a flow has eight.
  private static final int MAX_DEPTH = 100;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(MAX_LENGTH)
                          .maxNestingDepth(MAX_DEPTH)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .build();

  private FlowFiles() {}

  /// The flow in a file. A text that is no JSON, says a key twice, is longer than two million
  /// characters or is nested too deep has one problem, at `#`, with its line and column.
  public static FlowReading read(String json) {
    if (json.length() > MAX_LENGTH) {
      return invalid("is longer than " + MAX_LENGTH + " characters");
    }
    try {
      return FlowReader.read(MAPPER.readValue(json, Object.class));
    } catch (JacksonException e) {
      JsonLocation at = e.getLocation();
      return invalid(
          "is no JSON: line %d, column %d: %s"
              .formatted(
                  at == null ? 1 : at.getLineNr(),
                  at == null ? 1 : at.getColumnNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")));
    }
  }

  /// The definition as it was read, with what the engine does not use, compact. Entries that were
  /// null are not there.
  public static String write(Flow flow) {
    try {
      return MAPPER.writeValueAsString(flow.definition().entries());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a flow's definition is plain Java", e);
    }
  }

  private static FlowReading invalid(String message) {
    return new FlowReading.Invalid(List.of(new FlowProblem("#", message)));
  }
}
