package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// Twilio's description of Studio's API, which answers are held against: every field that it has
/// must be there, and no other. It lies beside the checkout; [#load] is empty where it does not.
final class StudioSpec {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(VersionFlag.V7);

  private final JsonNode spec;
  private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();
  private final Set<String> seen = new TreeSet<>();

  private StudioSpec(JsonNode spec) {
    this.spec = spec;
  }

  static Path file() {
    return Path.of(
            System.getProperty("parley.root", "."), "../shared/data/twilio/twilio_studio_v2.json")
        .normalize();
  }

  static Optional<StudioSpec> load() {
    if (!Files.exists(file())) {
      return Optional.empty();
    }
    try {
      return Optional.of(new StudioSpec(MAPPER.readTree(file().toFile())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The operations whose answers were held against the description.
  Set<String> seen() {
    return seen;
  }

  /// Every operation that there is.
  Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    spec.get("paths")
        .forEachEntry(
            (path, item) ->
                List.of("get", "post", "delete")
                    .forEach(
                        method -> {
                          if (item.has(method)) {
                            operations.add(item.get(method).get("operationId").asText());
                          }
                        }));
    return operations;
  }

  /// Holds an answer against the description.
  ///
  /// @param path without query
  void check(String method, String path, int status, String body) {
    JsonNode operation = operation(method, path);
    JsonNode response = operation.get("responses").get(String.valueOf(status));
    assertThat(response).as("%s %s may answer %s", method, path, status).isNotNull();
    seen.add(operation.get("operationId").asText());
    JsonNode content = response.get("content");
    if (content == null) {
      assertThat(body).isEmpty();
      return;
    }
    JsonSchema schema =
        schemas.computeIfAbsent(
            operation.get("operationId").asText(),
            _ -> schema(content.get("application/json").get("schema")));
    try {
      assertThat(schema.validate(MAPPER.readTree(body)))
          .as("%s %s: %s", method, path, body)
          .isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode operation(String method, String path) {
    Map<Integer, JsonNode> candidates = new TreeMap<>();
    spec.get("paths")
        .forEachEntry(
            (template, item) -> {
              if (path.matches(template.replaceAll("\\{[^}]+}", "[^/]+"))) {
                // A path without a parameter in its place goes first: /Flows/Validate.
                candidates.put(template.split("\\{", -1).length, item);
              }
            });
    for (JsonNode candidate : candidates.values()) {
      if (candidate.has(method.toLowerCase(java.util.Locale.ROOT))) {
        return candidate.get(method.toLowerCase(java.util.Locale.ROOT));
      }
    }
    throw new AssertionError("the description has no " + method + " " + path);
  }

  private JsonSchema schema(JsonNode schema) {
    return SCHEMAS.getSchema(
        strict(schema), SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
  }

  /// The schema as JSON Schema has it: `nullable` is a type, references are what they name, and an
  /// object has all of its properties and no more.
  private JsonNode strict(JsonNode schema) {
    if (schema.has("$ref")) {
      return strict(spec.at(schema.get("$ref").asText().substring(1)));
    }
    ObjectNode strict = MAPPER.createObjectNode();
    for (String keyword : List.of("type", "pattern", "minLength", "maxLength", "enum", "format")) {
      if (schema.has(keyword)) {
        strict.set(keyword, schema.get(keyword));
      }
    }
    if (schema.path("nullable").asBoolean() && schema.has("type")) {
      ArrayNode types = strict.putArray("type");
      types.add(schema.get("type").asText()).add("null");
    }
    if (schema.has("items")) {
      strict.set("items", strict(schema.get("items")));
    }
    if (schema.has("properties")) {
      ObjectNode properties = strict.putObject("properties");
      Set<String> names = new LinkedHashSet<>();
      schema
          .get("properties")
          .forEachEntry(
              (name, property) -> {
                names.add(name);
                properties.set(name, strict(property));
              });
      ArrayNode required = strict.putArray("required");
      names.forEach(required::add);
      strict.put("additionalProperties", false);
    }
    return strict;
  }
}
