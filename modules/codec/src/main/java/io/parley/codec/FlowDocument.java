package io.parley.codec;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.FlowReader;
import io.parley.engine.flow.FlowReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A flow file as it was written: its JSON with nulls and with all that the engine does not use,
/// and on which line each value stands. It need not be a flow that can be run; [#reading] says
/// whether it is. Immutable.
public final class FlowDocument {

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
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /// What came of reading a text.
  public sealed interface Parsing {

    record Parsed(FlowDocument document) implements Parsing {}

    /// @param problem at `#`, with line and column where there are any
    record Unreadable(FlowProblem problem) implements Parsing {}
  }

  private final String text;
  private final @Nullable Object tree;

  private FlowDocument(String text, @Nullable Object tree) {
    this.text = text;
    this.tree = tree;
  }

  /// Reads a text. One that is no JSON, says a key twice, is longer than two million characters or
  /// is nested too deep has one problem.
  public static Parsing parse(String text) {
    if (text.length() > MAX_LENGTH) {
      return unreadable("is longer than " + MAX_LENGTH + " characters");
    }
    try {
      return new Parsing.Parsed(new FlowDocument(text, MAPPER.readValue(text, Object.class)));
    } catch (JacksonException e) {
      JsonLocation at = e.getLocation();
      return unreadable(
          "is no JSON: line %d, column %d: %s"
              .formatted(
                  at == null ? 1 : at.getLineNr(),
                  at == null ? 1 : at.getColumnNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")));
    }
  }

  private static Parsing unreadable(String message) {
    return new Parsing.Unreadable(new FlowProblem("#", message));
  }

  /// The document of a tree as [#tree] answers it, written in canonical form.
  public static FlowDocument of(@Nullable Object tree) {
    return new FlowDocument(CanonicalJson.print(tree), tree);
  }

  /// Whether it is a console export of before 2020: types such as `InitialState` and `Branch`, and
  /// `next` that names a state by its sid.
  public boolean isLegacy() {
    return LegacyDialect.speaks(tree);
  }

  /// This document in today's form; itself where it is of that form already.
  ///
  /// States and transitions keep their places, so that a pointer into the one is one into the
  /// other.
  public FlowDocument upgraded() {
    if (!isLegacy()) {
      return this;
    }
    return of(LegacyDialect.upgrade(tree));
  }

  /// The flow that it describes, in either dialect. A flow of the old one has a warning at `#`.
  public FlowReading reading() {
    if (!isLegacy()) {
      return FlowReader.read(tree);
    }
    return switch (FlowReader.read(upgraded().tree)) {
      case FlowReading.Invalid invalid -> invalid;
      case FlowReading.Valid(var flow, var warnings) -> {
        List<FlowProblem> all = new ArrayList<>();
        all.add(
            new FlowProblem(
                "#", "is a console export of before 2020, and is read as if it had today's form"));
        all.addAll(warnings);
        yield new FlowReading.Valid(flow, all);
      }
    };
  }

  /// The JSON as plain Java: maps, lists, texts, numbers, flags and nulls, as they were written.
  public @Nullable Object tree() {
    return tree;
  }

  /// The document in the one form that diffs well: two spaces, keys in an order of their own,
  /// states, transitions and all other lists in the file's order, every null kept, a line feed at
  /// the end.
  public String canonical() {
    return CanonicalJson.print(tree);
  }

  /// The line, from 1, on which each value begins, by pointer: `#/states/3/properties/timeout`.
  public Map<String, Integer> lines() {
    Map<String, Integer> lines = new HashMap<>();
    try (JsonParser parser = MAPPER.createParser(text)) {
      parser.nextToken();
      locate(parser, "#", lines);
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException("a text that was read before", e);
    }
  }

  private static void locate(JsonParser parser, String pointer, Map<String, Integer> lines)
      throws IOException {
    lines.put(pointer, parser.currentTokenLocation().getLineNr());
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        parser.nextToken();
        locate(parser, pointer + "/" + key, lines);
      }
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        locate(parser, pointer + "/" + i, lines);
      }
    }
  }
}
