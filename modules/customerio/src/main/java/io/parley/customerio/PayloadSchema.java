package io.parley.customerio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// A published schema. Its titles are noun phrases and its examples are values to send, so that a
/// problem's remedy can be told from the schema alone.
final class PayloadSchema {

  static final PayloadSchema TRIGGER = load("trigger.schema.json");
  static final PayloadSchema STUDIO_TRIGGER = load("studio-trigger.schema.json");
  static final PayloadSchema EVENT = load("event.schema.json");

  private static final int MAX_ECHOED_CHARACTERS = 40;

  private final String text;
  private final JsonNode definition;
  private final JsonSchema schema;

  private PayloadSchema(String text, JsonNode definition) {
    this.text = text;
    this.definition = definition;
    this.schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(
                definition,
                SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build());
    schema.initializeValidators();
  }

  private static PayloadSchema load(String resource) {
    try (InputStream stream =
        Objects.requireNonNull(PayloadSchema.class.getResourceAsStream(resource), resource)) {
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return new PayloadSchema(text, new JsonMapper().readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(resource + " is not JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The schema's first example: a body that can be sent as it is.
  String example() {
    return definition.path("examples").path(0).toString();
  }

  /// The schema as it is published.
  String text() {
    return text;
  }

  List<Problem> problems(JsonNode root) {
    List<Problem> problems = new ArrayList<>();
    schema.validate(root).forEach(message -> problems.addAll(problems(message, root)));
    return problems;
  }

  private List<Problem> problems(ValidationMessage message, JsonNode root) {
    String pointer = message.getInstanceLocation().toString();
    if (message.getEvaluationPath().toString().contains("/anyOf/")) {
      return List.of(new Problem(pointer, "names nobody; " + remedy(pointer)));
    }
    if (message.getType().equals("required")) {
      return missing(StrictJson.child(pointer, message.getProperty())).toList();
    }
    return List.of(new Problem(pointer, sentence(message, pointer, root.at(pointer))));
  }

  /// A missing object is told by the entries that it must have, since those are what there is to
  /// add.
  private Stream<Problem> missing(String pointer) {
    JsonNode required = at(pointer).path("required");
    return required.isEmpty()
        ? Stream.of(new Problem(pointer, "is missing; " + remedy(pointer)))
        : StreamSupport.stream(required.spliterator(), false)
            .flatMap(name -> missing(StrictJson.child(pointer, name.asText())));
  }

  private String sentence(ValidationMessage message, String pointer, JsonNode found) {
    JsonNode asked = at(pointer).path(message.getType());
    String wrong =
        switch (message.getType()) {
          case "type" -> "is %s, but must be %s".formatted(kind(found), kinds(asked));
          case "enum" ->
              "is %s, but must be one of %s".formatted(echo(pointer, found), list(asked));
          case "pattern" ->
              found.asText().isBlank()
                  ? "is blank"
                  : "is %s, which has not the form of its kind".formatted(echo(pointer, found));
          case "maxLength" -> "is longer than %s characters".formatted(asked.asText());
          case "minimum" -> "is less than %s".formatted(asked.asText());
          default -> "breaks the schema's rule " + message.getType();
        };
    return wrong + "; " + remedy(pointer);
  }

  /// What to send at a place: `send the phone number, for example "+14155550100"`.
  String remedy(String pointer) {
    JsonNode place = at(pointer);
    JsonNode example = place.path("examples").path(0);
    String send = "send " + place.path("title").asText("what the schema says");
    return pointer.isEmpty() || example.isMissingNode() ? send : send + ", for example " + example;
  }

  /// The part of the schema that speaks of a place in the body.
  private JsonNode at(String pointer) {
    JsonNode place = definition;
    for (String step : pointer.split("/", -1)) {
      if (step.isEmpty()) {
        continue;
      }
      String name = step.replace("~1", "/").replace("~0", "~");
      place = place.has("items") ? place.path("items") : place.path("properties").path(name);
    }
    return place;
  }

  private static String kinds(JsonNode types) {
    Stream<String> names =
        types.isArray()
            ? StreamSupport.stream(types.spliterator(), false).map(JsonNode::asText)
            : Stream.of(types.asText());
    return names
        .filter(name -> !name.equals("null"))
        .map(PayloadSchema::kind)
        .collect(Collectors.joining(" or "));
  }

  private static String kind(String type) {
    return switch (type) {
      case "string" -> "text";
      case "number" -> "a number";
      case "integer" -> "a whole number";
      case "boolean" -> "true or false";
      case "array" -> "a list";
      case "object" -> "an object";
      default -> type;
    };
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "text";
      case NUMBER -> node.isIntegralNumber() ? "a whole number" : "a number";
      case BOOLEAN -> "true or false";
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      case NULL, MISSING -> "null";
      case BINARY, POJO -> "no JSON value";
    };
  }

  private static String list(JsonNode choices) {
    return StreamSupport.stream(choices.spliterator(), false)
        .filter(choice -> !choice.isNull())
        .map(JsonNode::toString)
        .collect(Collectors.joining(", "));
  }

  /// The value as a message may repeat it: nothing personal, nothing long.
  private static String echo(String pointer, JsonNode found) {
    if (pointer.startsWith("/customer/") || found.isContainerNode()) {
      return kind(found);
    }
    String text = found.toString();
    return text.length() <= MAX_ECHOED_CHARACTERS
        ? text
        : text.substring(0, MAX_ECHOED_CHARACTERS) + "…";
  }
}
