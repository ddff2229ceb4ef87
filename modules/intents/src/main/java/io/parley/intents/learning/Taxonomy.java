package io.parley.intents.learning;

import io.parley.engine.Digest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Tags and how people say them.
///
/// @param label what its author calls this state of it: `retail-1`
/// @param tags each with its examples
/// @param outOfScope what people say that is none of them
public record Taxonomy(String label, List<Definition> tags, List<String> outOfScope) {

  /// @param name as flows and reports read it: `order_status`
  /// @param description for people
  public record Definition(String name, String description, List<String> examples) {

    public Definition {
      examples = List.copyOf(examples);
    }
  }

  public Taxonomy {
    tags = List.copyOf(tags);
    outOfScope = List.copyOf(outOfScope);
  }

  public List<String> names() {
    return tags.stream().map(Definition::name).toList();
  }

  /// All examples in order, those out of scope last.
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    tags.forEach(tag -> texts.addAll(tag.examples()));
    texts.addAll(outOfScope);
    return texts;
  }

  /// The number of its tag for each of [#texts], -1 for what is out of scope.
  int[] labels() {
    int[] labels = new int[texts().size()];
    int next = 0;
    for (int tag = 0; tag < tags.size(); tag++) {
      for (int i = 0; i < tags.get(tag).examples().size(); i++) {
        labels[next++] = tag;
      }
    }
    for (; next < labels.length; next++) {
      labels[next] = -1;
    }
    return labels;
  }

  /// Names this very content: the label and eight digits that change with any example.
  public String version() {
    return label + "-" + fingerprint().substring(0, 8);
  }

  String fingerprint() {
    StringBuilder content = new StringBuilder();
    for (Definition tag : tags) {
      content.append(tag.name()).append('\n');
      tag.examples().forEach(example -> content.append('\t').append(example).append('\n'));
    }
    outOfScope.forEach(example -> content.append(example).append('\n'));
    return HexFormat.of().formatHex(Digest.sha256(content.toString()));
  }
}
