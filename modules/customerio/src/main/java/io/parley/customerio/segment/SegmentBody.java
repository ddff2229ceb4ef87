package io.parley.customerio.segment;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.customerio.Problem;
import io.parley.customerio.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The body of one request: a call, or a batch of them. What is wrong with the request as a whole
/// is a [Closed]; what is wrong with a call leaves that call out and no other.
///
/// Source of the limits: Customer.io's Data Pipelines specification (32 KB a call, 500 KB a batch)
/// and Segment's (2,500 calls a batch).
public final class SegmentBody {

  public static final int MAX_BATCH_BYTES = 500 * 1024;
  public static final int MAX_CALL_BYTES = 32 * 1024;
  static final int MAX_CALLS = 2_500;

  private final JsonNode root;
  private final Optional<CallType> type;

  private SegmentBody(JsonNode root, Optional<CallType> type) {
    this.root = root;
    this.type = type;
  }

  /// What came of looking at a body.
  public sealed interface Opening {}

  public record Opened(SegmentBody body) implements Opening {}

  public record Closed(Problem problem) implements Opening {}

  /// What a body holds.
  ///
  /// @param calls in their order
  /// @param problems with each place; one of a call that is in the list was mended
  /// @param leftOut how many calls are not in the list
  public record Reading(List<SegmentCall> calls, List<Problem> problems, int leftOut) {

    public Reading {
      calls = List.copyOf(calls);
      problems = List.copyOf(problems);
    }
  }

  /// @param type the calls that the path is for; empty for batches
  public static Opening open(byte[] bytes, Optional<CallType> type) {
    if (bytes.length > MAX_BATCH_BYTES) {
      return closed(
          "has %,d bytes and may have %,d; send smaller batches"
              .formatted(bytes.length, MAX_BATCH_BYTES));
    }
    return switch (StrictJson.parse(new String(bytes, StandardCharsets.UTF_8))) {
      case StrictJson.Parsed.Failed(Problem problem) -> new Closed(problem);
      case StrictJson.Parsed.Tree(JsonNode root) -> open(root, type);
    };
  }

  private static Opening open(JsonNode root, Optional<CallType> type) {
    if (!root.isObject()) {
      return closed("is no JSON object; send one");
    }
    JsonNode batch = root.path("batch");
    if (type.isEmpty() && !batch.isArray()) {
      return new Closed(
          new Problem("/batch", "is no list; send the calls, each with its type, in a list"));
    }
    if (type.isEmpty() && batch.size() > MAX_CALLS) {
      return new Closed(
          new Problem(
              "/batch",
              "has %,d calls and may have %,d; send smaller batches"
                  .formatted(batch.size(), MAX_CALLS)));
    }
    return new Opened(new SegmentBody(root, type));
  }

  private static Closed closed(String message) {
    return new Closed(new Problem("", message));
  }

  /// The key that a client sends in the body.
  public Optional<String> writeKey() {
    JsonNode key = root.path("writeKey");
    return key.isTextual() && !key.textValue().isBlank()
        ? Optional.of(key.textValue().strip())
        : Optional.empty();
  }

  /// @param request names the calls that have no `messageId`; another for each request, so that
  ///     no two calls have one name
  public Reading read(Instant receivedAt, String request) {
    List<SegmentCall> calls = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    int leftOut = 0;
    int count = type.isPresent() ? 1 : root.path("batch").size();
    for (int i = 0; i < count; i++) {
      CallReader reader =
          new CallReader(
              type.isPresent() ? "" : "/batch/" + i,
              type.isPresent() ? root : root.path("batch").path(i),
              new CallReader.Envelope(
                  type,
                  root.path("context"),
                  root.path("integrations"),
                  root.path("sentAt"),
                  receivedAt,
                  request + ":" + i));
      Optional<SegmentCall> call = reader.read();
      call.ifPresent(calls::add);
      leftOut += call.isPresent() ? 0 : 1;
      problems.addAll(reader.problems());
    }
    return new Reading(calls, problems, leftOut);
  }
}
