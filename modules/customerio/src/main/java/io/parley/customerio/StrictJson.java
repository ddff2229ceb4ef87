package io.parley.customerio;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads JSON that strangers wrote: no key twice, nothing after the end, nothing that Postgres
/// cannot store or a 64-bit number cannot hold.
public final class StrictJson {

  private static final int MAX_DEPTH = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  public sealed interface Parsed {
    record Tree(JsonNode root) implements Parsed {}

    record Failed(Problem problem) implements Parsed {}
  }

  public static Parsed parse(String body) {
    try {
      JsonNode root = MAPPER.readTree(body);
      return root.isMissingNode()
          ? new Parsed.Failed(new Problem("", "is empty; send a JSON object"))
          : new Parsed.Tree(root);
    } catch (JsonProcessingException e) {
      return new Parsed.Failed(new Problem("", sentence(e)));
    }
  }

  private static String sentence(JsonProcessingException e) {
    String at = at(e.getLocation());
    if (e instanceof StreamConstraintsException) {
      return "is nested deeper than %d levels, or has a number or name too long%s; flatten it"
          .formatted(MAX_DEPTH, at);
    }
    // Where an object began is told with words for programmers.
    String message = e.getOriginalMessage().replaceFirst(" \\(start marker at .*", "");
    if (message.startsWith("Duplicate")) {
      return "has a key twice in one object%s (%s); send it once"
          .formatted(at, message.replace('\'', '"'));
    }
    return "is not JSON%s (%s); in a template, quote texts and end no list with a comma"
        .formatted(at, message);
  }

  /// A limit may be passed where Jackson knows no place.
  private static String at(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
  }

  /// What no value or name may hold, wherever it stands.
  public static List<Problem> blemishes(JsonNode root) {
    List<Problem> problems = new ArrayList<>();
    collectBlemishes("", root, problems);
    return problems;
  }

  private static void collectBlemishes(String pointer, JsonNode node, List<Problem> problems) {
    switch (node.getNodeType()) {
      case OBJECT ->
          node.properties()
              .forEach(
                  entry -> {
                    if (blemished(entry.getKey())) {
                      problems.add(new Problem(pointer, "has a key with " + BLEMISH));
                    } else {
                      collectBlemishes(child(pointer, entry.getKey()), entry.getValue(), problems);
                    }
                  });
      case ARRAY -> {
        for (int i = 0; i < node.size(); i++) {
          collectBlemishes(pointer + "/" + i, node.path(i), problems);
        }
      }
      case STRING -> {
        if (blemished(node.textValue())) {
          problems.add(new Problem(pointer, "holds " + BLEMISH));
        }
      }
      case NUMBER -> {
        if (node.isIntegralNumber() && !node.canConvertToLong()) {
          problems.add(
              new Problem(pointer, "is a whole number beyond 64 bits; send it as text, in quotes"));
        } else if (!Double.isFinite(node.doubleValue())) {
          problems.add(
              new Problem(pointer, "is a number out of range; send it as text, in quotes"));
        }
      }
      case BOOLEAN, NULL, MISSING, BINARY, POJO -> {}
    }
  }

  private static final String BLEMISH =
      "a NUL character or half a surrogate pair, which no database stores; remove it";

  private static boolean blemished(String text) {
    return text.codePoints()
        .anyMatch(point -> point == 0 || Character.getType(point) == Character.SURROGATE);
  }

  /// The pointer of an object's entry.
  static String child(String pointer, String key) {
    return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  /// An object as plain Java. Whole numbers become [Long], others [Double]; null entries are left
  /// out.
  public static Values values(JsonNode object) {
    Map<String, Object> entries = new LinkedHashMap<>();
    object
        .properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isNull()) {
                entries.put(entry.getKey(), value(entry.getValue()));
              }
            });
    return new Values(entries);
  }

  private static Object value(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> values(node);
      case ARRAY -> {
        List<Object> items = new ArrayList<>(node.size());
        node.forEach(item -> items.add(value(item)));
        yield items;
      }
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> node.isIntegralNumber() ? (Object) node.longValue() : node.doubleValue();
      case STRING, NULL, MISSING, BINARY, POJO -> node.asText("");
    };
  }
}
