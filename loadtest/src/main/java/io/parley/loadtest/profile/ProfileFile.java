package io.parley.loadtest.profile;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A profile as it lies in a file, with what the command line sets beside it. `${NAME}` in a text
/// is what the environment says, `${NAME:-else}` with what holds where it says nothing.
public final class ProfileFile {

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .build();

  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");
  private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d+)]");

  private final Path folder;
  private final Function<String, Optional<String>> environment;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<JsonPointer, Integer> lines = new HashMap<>();

  /// What came of reading a profile.
  public sealed interface Reading {

    record Read(Profile profile) implements Reading {}

    /// @param problems all of them, in the order of the file
    record Wrong(List<Problem> problems) implements Reading {
      public Wrong {
        problems = List.copyOf(problems);
      }
    }
  }

  private ProfileFile(Path folder, Function<String, Optional<String>> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /// @param sets `customers.arrivals[0].rate=50/s`: what takes the place of what the file says
  /// @param environment what a variable is
  public static Reading read(
      Path file, List<String> sets, Function<String, Optional<String>> environment) {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of(""));
    try {
      return new ProfileFile(folder, environment).read(Files.readString(file), sets);
    } catch (NoSuchFileException _) {
      return wrong("there is no such file", "Name a profile, such as loadtest/profiles/short.yaml");
    } catch (IOException e) {
      return wrong("cannot be read: " + e, "Name a text file in UTF-8");
    }
  }

  /// @param folder that paths in the profile are relative to
  static Reading read(
      String text, Path folder, List<String> sets, Function<String, Optional<String>> environment) {
    return new ProfileFile(folder, environment).read(text, sets);
  }

  private static Reading wrong(String problem, String remedy) {
    return new Reading.Wrong(List.of(new Problem(0, "", problem, remedy)));
  }

  private Reading read(String text, List<String> sets) {
    JsonNode tree;
    try {
      tree = YAML.readTree(text);
      note(text);
    } catch (JacksonException e) {
      JsonLocation at = e.getLocation();
      return new Reading.Wrong(
          List.of(
              new Problem(
                  at == null ? 0 : at.getLineNr(),
                  "",
                  "is no YAML: " + e.getOriginalMessage().lines().findFirst().orElse(""),
                  "Mind the indentation, and quote texts with a colon in them")));
    } catch (IOException e) {
      throw new UncheckedIOException("a text that is in memory", e);
    }
    if (tree.isMissingNode() || tree.isNull()) {
      return wrong("says nothing", "Begin with a copy of loadtest/profiles/short.yaml");
    }
    if (!tree.isObject()) {
      return wrong("is no object", "Begin with a copy of loadtest/profiles/short.yaml");
    }
    sets.forEach(set -> set((ObjectNode) tree, set));
    String asWritten = written(tree);
    JsonNode filled = fill(tree, JsonPointer.empty());
    Profile profile = new ProfileReader(folder).read(Spot.root(filled, lines, problems), asWritten);
    return problems.isEmpty()
        ? new Reading.Read(profile)
        : new Reading.Wrong(
            problems.stream().sorted(Comparator.comparingInt(Problem::line)).toList());
  }

  private static String written(JsonNode tree) {
    try {
      return YAML.writeValueAsString(tree);
    } catch (IOException e) {
      throw new UncheckedIOException("a tree that was read", e);
    }
  }

  /// Notes the line of each place.
  private void note(String text) throws IOException {
    try (JsonParser parser = YAML.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (!token.isStructEnd()) {
          lines.putIfAbsent(at(parser, token), parser.currentTokenLocation().getLineNr());
        }
      }
    }
  }

  /// An object or a list that has just begun is itself the context.
  private static JsonPointer at(JsonParser parser, JsonToken token) {
    return (token.isStructStart()
            ? parser.getParsingContext().getParent()
            : parser.getParsingContext())
        .pathAsPointer();
  }

  // ---- what the command line sets

  private void set(ObjectNode tree, String set) {
    int equals = set.indexOf('=');
    if (equals <= 0) {
      problems.add(new Problem(0, set, "sets nothing", "Write --set agents.count=5"));
      return;
    }
    String place = set.substring(0, equals);
    try {
      put(tree, steps(place), YAML.readTree(set.substring(equals + 1)));
    } catch (IllegalArgumentException e) {
      problems.add(new Problem(0, place, String.valueOf(e.getMessage()), "Look at the file"));
    } catch (IOException _) {
      problems.add(new Problem(0, place, "is set to what is no YAML", "Write --set seed=5"));
    }
  }

  /// The names and numbers of a place, from the whole file on.
  static List<String> steps(String place) {
    List<String> steps = new ArrayList<>();
    Matcher step = STEP.matcher(place);
    while (step.find()) {
      steps.add(Optional.ofNullable(step.group(1)).orElseGet(() -> step.group(2)));
    }
    return steps;
  }

  private void put(ObjectNode tree, List<String> steps, JsonNode value) {
    JsonNode at = tree;
    JsonPointer pointer = JsonPointer.empty();
    for (int i = 0; i < steps.size(); i++) {
      String step = steps.get(i);
      boolean last = i == steps.size() - 1;
      switch (at) {
        case ObjectNode object -> {
          pointer = pointer.appendProperty(step);
          at = last ? object.set(step, value) : inside(object, step);
        }
        case ArrayNode list -> {
          int index = step.chars().allMatch(Character::isDigit) ? Integer.parseInt(step) : -1;
          if (index < 0 || index >= list.size()) {
            throw new IllegalArgumentException("has no item " + step);
          }
          pointer = pointer.appendIndex(index);
          at = last ? list.set(index, value) : list.get(index);
        }
        default -> throw new IllegalArgumentException("is no place where " + step + " could be");
      }
    }
    lines.put(pointer, 0);
  }

  private static JsonNode inside(ObjectNode object, String name) {
    JsonNode there = object.get(name);
    return there == null || there.isNull() ? object.putObject(name) : there;
  }

  // ---- what the environment says

  private JsonNode fill(JsonNode node, JsonPointer at) {
    return switch (node) {
      case ObjectNode object -> {
        for (String name : names(object)) {
          object.set(name, fill(object.get(name), at.appendProperty(name)));
        }
        yield object;
      }
      case ArrayNode list -> {
        for (int i = 0; i < list.size(); i++) {
          list.set(i, fill(list.get(i), at.appendIndex(i)));
        }
        yield list;
      }
      case TextNode text -> JsonNodeFactory.instance.textNode(filled(text.textValue(), at));
      default -> node;
    };
  }

  private static List<String> names(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private String filled(String text, JsonPointer at) {
    return VARIABLE
        .matcher(text)
        .replaceAll(
            found -> {
              Optional<String> value =
                  environment.apply(found.group(1)).or(() -> Optional.ofNullable(found.group(2)));
              if (value.isEmpty()) {
                Spot.root(JsonNodeFactory.instance.nullNode(), lines, problems)
                    .at(at)
                    .problem(
                        "wants ${" + found.group(1) + "}, which the environment does not have",
                        "Set it: export " + found.group(1) + "=...");
              }
              return Matcher.quoteReplacement(value.orElse("unset"));
            });
  }
}
