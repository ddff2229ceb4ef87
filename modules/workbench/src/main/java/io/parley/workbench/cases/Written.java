package io.parley.workbench.cases;

import io.parley.workbench.Nearest;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/// A value at its place in a case file. What is not as it should be is noted, and reading goes on
/// with something harmless, so that all that is wrong is found at once.
///
/// Plain words are texts, as people mean them: of YAML's own types there are the numbers, `true`,
/// `false` and `null` of JSON only, so that `no` and `2026-03-01` are what they look like.
final class Written {

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");
  private static final int MAX_DEPTH = 50;

  /// Each case of a long file may repeat its trigger and its policy by an alias.
  private static final int MAX_ALIASES = 1_000;

  /// The file that a value is of, and what was noted about it.
  record Source(String file, String text, boolean json, List<CaseProblem> problems) {}

  private final Source source;
  private final Node node;
  private final Optional<Node> key;
  private final boolean inFlow;

  private Written(Source source, Node node, Optional<Node> key, boolean inFlow) {
    this.source = source;
    this.node = node;
    this.key = key;
    this.inFlow = inFlow;
  }

  /// The documents of a file; what is no YAML is noted.
  static List<Written> documents(Source source) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(true);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    List<Written> documents = new ArrayList<>();
    String text = source.json() ? source.text().replace('\t', ' ') : source.text();
    try {
      for (Node node : new Yaml(options).composeAll(new StringReader(text))) {
        documents.add(new Written(source, node, Optional.empty(), source.json()));
      }
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      source
          .problems()
          .add(
              new CaseProblem(
                  source.file(),
                  mark == null ? 1 : mark.getLine() + 1,
                  "is no YAML: " + e.getProblem()));
    } catch (YAMLException e) {
      source.problems().add(new CaseProblem(source.file(), 1, "is no YAML: " + e.getMessage()));
    }
    return documents;
  }

  Source source() {
    return source;
  }

  int line() {
    return key.orElse(node).getStartMark().getLine() + 1;
  }

  void problem(String message) {
    source.problems().add(new CaseProblem(source.file(), line(), message));
  }

  boolean isMap() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  boolean isText() {
    return node instanceof ScalarNode && !isNull();
  }

  boolean isNull() {
    return node instanceof ScalarNode scalar
        && scalar.getScalarStyle() == ScalarStyle.PLAIN
        && List.of("", "~", "null").contains(scalar.getValue());
  }

  /// The text of a scalar, as it was written.
  String text() {
    if (node instanceof ScalarNode scalar && !isNull()) {
      return scalar.getValue();
    }
    problem("must be a text");
    return "";
  }

  /// A whole number from the least to the most.
  int number(int least, int most) {
    if (node instanceof ScalarNode scalar && scalar.getValue().matches("\\d{1,9}")) {
      int number = Integer.parseInt(scalar.getValue());
      if (number >= least && number <= most) {
        return number;
      }
    }
    problem("must be a whole number from %d to %d".formatted(least, most));
    return least;
  }

  boolean flag() {
    if (node instanceof ScalarNode scalar && List.of("true", "false").contains(scalar.getValue())) {
      return scalar.getValue().equals("true");
    }
    problem("must be true or false");
    return false;
  }

  /// The texts of a list, or the one text that stands there alone.
  List<String> texts() {
    return isText() ? List.of(text()) : items().stream().map(Written::text).toList();
  }

  List<Written> items() {
    if (node instanceof SequenceNode sequence) {
      boolean flow = inFlow || sequence.getFlowStyle() == FlowStyle.FLOW;
      return sequence.getValue().stream()
          .map(item -> new Written(source, item, Optional.empty(), flow))
          .toList();
    }
    problem("must be a list");
    return List.of();
  }

  Map<String, Written> entries() {
    Map<String, Written> entries = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping)) {
      problem("must be an object: keys and values");
      return entries;
    }
    boolean flow = inFlow || mapping.getFlowStyle() == FlowStyle.FLOW;
    for (NodeTuple tuple : mapping.getValue()) {
      String name = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      Written value =
          new Written(source, tuple.getValueNode(), Optional.of(tuple.getKeyNode()), flow);
      if (entries.put(name, value) != null) {
        value.problem("says " + name + " a second time");
      }
    }
    return entries;
  }

  /// The entries of an object that may have these keys only.
  Map<String, Written> only(String... known) {
    Map<String, Written> entries = entries();
    entries.forEach(
        (name, value) -> {
          if (!Arrays.asList(known).contains(name)) {
            value.problem(Nearest.unknown("key", name, List.of(known)));
          }
        });
    return entries;
  }

  /// The value as JSON; null for null.
  @Nullable Object value() {
    return value(node, 0);
  }

  /// The value as JSON object; empty where it is none, which is noted.
  Map<String, Object> object() {
    Map<String, Object> object = new LinkedHashMap<>();
    entries()
        .forEach(
            (name, written) -> {
              Object value = written.value();
              if (value != null) {
                object.put(name, value);
              }
            });
    return object;
  }

  private @Nullable Object value(Node at, int depth) {
    if (depth > MAX_DEPTH) {
      return "";
    }
    return switch (at) {
      case MappingNode mapping -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
          String name = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
          map.put(name, value(tuple.getValueNode(), depth + 1));
        }
        yield map;
      }
      case SequenceNode sequence -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          list.add(value(item, depth + 1));
        }
        yield list;
      }
      case ScalarNode scalar -> scalar(scalar);
      default -> "";
    };
  }

  private static @Nullable Object scalar(ScalarNode scalar) {
    String text = scalar.getValue();
    return scalar.getScalarStyle() == ScalarStyle.PLAIN ? plain(text) : text;
  }

  /// What a plain word means.
  static @Nullable Object plain(String text) {
    return switch (text) {
      case "", "~", "null" -> null;
      case "true" -> true;
      case "false" -> false;
      default -> {
        if (!NUMBER.matcher(text).matches()) {
          yield text;
        }
        BigDecimal number = new BigDecimal(text);
        boolean whole = text.matches("-?\\d{1,18}");
        yield whole ? (Object) number.longValueExact() : (Object) number.doubleValue();
      }
    };
  }

  // ---- where it stands, for rewriting

  /// Whether it stands within braces or brackets, where line breaks do not matter.
  boolean isInFlow() {
    return inFlow;
  }

  /// The column of the key, or of the value where it has none.
  int column() {
    return key.orElse(node).getStartMark().getColumn();
  }

  /// Whether it stands after a key.
  boolean isEntry() {
    return key.isPresent();
  }

  /// Where in the file's text the value begins: for an entry right after its colon.
  int start() {
    if (key.isEmpty()) {
      return offset(node.getStartMark());
    }
    return source.text().indexOf(':', offset(key.get().getEndMark())) + 1;
  }

  /// Where in the file's text the value ends, without what follows on its line.
  int end() {
    int end = Math.max(offset(last(node)), start());
    while (end > start() && Character.isWhitespace(source.text().charAt(end - 1))) {
      end--;
    }
    return end;
  }

  /// The end of the last thing in a value; that of a block itself is where the next one begins.
  private static Mark last(Node node) {
    return switch (node) {
      case MappingNode mapping
          when mapping.getFlowStyle() != FlowStyle.FLOW && !mapping.getValue().isEmpty() ->
          last(mapping.getValue().getLast().getValueNode());
      case SequenceNode sequence
          when sequence.getFlowStyle() != FlowStyle.FLOW && !sequence.getValue().isEmpty() ->
          last(sequence.getValue().getLast());
      default -> node.getEndMark();
    };
  }

  private int offset(Mark mark) {
    return source.text().offsetByCodePoints(0, mark.getIndex());
  }
}
