package io.parley.intents.learning;

import io.parley.engine.Digest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Tags and how people say them.
///
/// @param label what its author calls this state of it: `retail-1`
/// @param tags each with its examples; a text may be an example of several
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

  /// All examples in order, those out of scope last; one that several tags have comes once.
  public List<String> texts() {
    Set<String> tagged = new LinkedHashSet<>();
    tags.forEach(tag -> tagged.addAll(tag.examples()));
    List<String> texts = new ArrayList<>(tagged);
    texts.addAll(outOfScope);
    return texts;
  }

  /// The numbers of its tags for each of [#texts]; none for what is out of scope.
  List<Set<Integer>> labels() {
    Map<String, Set<Integer>> byText = new LinkedHashMap<>();
    for (int tag = 0; tag < tags.size(); tag++) {
      for (String example : tags.get(tag).examples()) {
        byText.computeIfAbsent(example, _ -> new LinkedHashSet<>()).add(tag);
      }
    }
    List<Set<Integer>> labels = new ArrayList<>(byText.values());
    outOfScope.forEach(_ -> labels.add(Set.of()));
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
