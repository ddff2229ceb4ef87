package io.parley.customerio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.engine.FailureClass;
import io.parley.engine.outcomes.OutcomeCatalogue;
import io.parley.engine.outcomes.OutcomeType;
import io.parley.engine.outcomes.Property;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is published of the catalogue of outcomes: a schema for programs, a page for people.
final class OutcomeReference {

  private static final JsonMapper MAPPER = new JsonMapper();

  private OutcomeReference() {}

  // ---- the schema

  static String schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("$id", "urn:parley:outcomes:" + OutcomeCatalogue.VERSION);
    schema.put("title", "an outcome of a conversation, version " + OutcomeCatalogue.VERSION);
    schema.put(
        "description",
        "Each outcome by its name and properties. Customer.io receives the properties as an"
            + " event's attributes.");
    schema.put("type", "object");
    schema.put("required", List.of("name", "properties"));
    schema.put("oneOf", OutcomeCatalogue.all().stream().map(OutcomeReference::choice).toList());
    Map<String, Object> definitions = new LinkedHashMap<>();
    OutcomeCatalogue.all().forEach(type -> definitions.put(type.name(), definition(type)));
    schema.put("$defs", definitions);
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Object> choice(OutcomeType type) {
    return Map.of(
        "properties",
        ordered("name", Map.of("const", type.name()))
            .with("properties", Map.of("$ref", "#/$defs/" + type.name())));
  }

  private static Map<String, Object> definition(OutcomeType type) {
    Map<String, Object> properties = new LinkedHashMap<>();
    type.all().forEach(it -> properties.put(it.name(), definition(it)));
    return ordered("description", type.meaning())
        .with("type", "object")
        .with(
            "required", type.all().stream().filter(Property::required).map(Property::name).toList())
        .with("properties", properties)
        .with("additionalProperties", type.open());
  }

  private static Map<String, Object> definition(Property property) {
    Ordered definition = ordered("description", property.meaning());
    if (!property.words().isEmpty()) {
      return definition.with("enum", property.words());
    }
    return switch (property.kind()) {
      case TEXT -> definition.with("type", "string");
      case TIME -> definition.with("type", "string").with("format", "date-time");
      case WHOLE -> definition.with("type", "integer");
      case NUMBER -> definition.with("type", "number");
      case FLAG -> definition.with("type", "boolean");
      case TEXTS -> definition.with("type", "array").with("items", Map.of("type", "string"));
      case NUMBERS_BY_NAME -> byName(definition, "number");
      case TEXTS_BY_NAME -> byName(definition, "string");
      case OBJECT -> definition.with("type", "object");
      case OBJECTS -> definition.with("type", "array").with("items", Map.of("type", "object"));
    };
  }

  private static Map<String, Object> byName(Ordered definition, String type) {
    return definition.with("type", "object").with("additionalProperties", Map.of("type", type));
  }

  private static Ordered ordered(String name, Object value) {
    return new Ordered().with(name, value);
  }

  private static final class Ordered extends LinkedHashMap<String, Object> {

    private static final long serialVersionUID = 1;

    Ordered with(String name, Object value) {
      put(name, value);
      return this;
    }
  }

  // ---- the page

  static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Outcomes, version %d

            What Parley reports of conversations, to Customer.io as events of the person. This page
            and the [schema](src/main/resources/io/parley/customerio/outcomes.schema.json), which the
            service publishes at `/schemas/outcomes.json`, are made from
            [`OutcomeCatalogue`](../engine/src/main/java/io/parley/engine/outcomes/OutcomeCatalogue.java);
            after a change there, this writes both anew:

                mvn -q test -pl modules/customerio -am -Dtest=OutcomeReferenceTest \\
                    -Dsurefire.failIfNoSpecifiedTests=false -Dparley.rewrite=true

            The version rises when a property is taken away, renamed or given another meaning. One
            more outcome, property or word is no new version: let readers ignore what they do not
            know. Times are in UTC. Texts that are too long for Customer.io end with `…[cut]`; where
            properties had to be left out, `parley_cut` says how many. An outcome that reaches
            Customer.io later than 72 hours after its time is kept there, and starts no campaign;
            the metric `parley_reports_total{verdict="stale"}` counts those.

            ## In every outcome

            """
                .formatted(OutcomeCatalogue.VERSION));
    table(page, OutcomeCatalogue.COMMON);
    for (OutcomeType type : OutcomeCatalogue.all()) {
      page.append("\n## ").append(type.name()).append("\n\n");
      page.append(type.meaning()).append('\n');
      if (!type.properties().isEmpty()) {
        page.append('\n');
        table(page, type.properties());
      }
      if (type.open()) {
        page.append("\nWhat its source told of it stands beside these, by the source's names; a")
            .append(" name that is one of these has `data_` before it.\n");
      }
    }
    page.append("\n## Classes of failures\n\n| class | what it is |\n|---|---|\n");
    for (FailureClass failure : FailureClass.values()) {
      page.append("| `%s` | %s |\n".formatted(failure.word(), failure.sentence()));
    }
    return page.toString();
  }

  private static void table(StringBuilder page, List<Property> properties) {
    page.append("| property | type | | meaning |\n|---|---|---|---|\n");
    for (Property it : properties) {
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  it.name(), type(it), it.required() ? "always" : "if there is one", it.meaning()));
    }
  }

  private static String type(Property property) {
    return property.words().isEmpty()
        ? property.kind().phrase()
        : "one of `" + String.join("`, `", property.words()) + "`";
  }
}
