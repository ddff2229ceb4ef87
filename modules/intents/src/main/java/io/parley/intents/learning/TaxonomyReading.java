package io.parley.intents.learning;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/// A file of tags, read:
///
/// ```yaml
/// version: 3
/// flows: [cart-recovery]   # optional: the only flows whose replies may get these tags
/// tags:
///   - name: swap_product
///     description: wants another product in the box
///     examples:
///       - can I get the decaf instead
///       - swap the vanilla for mocha
/// out_of_scope:            # optional: what is close to the tags, and is none of them
///   - is the decaf any good
/// ```
///
/// Every scalar is text, so that `yes` and `no` need no quotes.
public sealed interface TaxonomyReading {

  /// @param flows the names of the only flows that it is for; none where it is for all
  record Valid(Taxonomy taxonomy, List<String> flows) implements TaxonomyReading {

    public Valid {
      flows = List.copyOf(flows);
    }
  }

  /// @param problems all that is wrong, each by its place: `tags[2].examples: ...`
  record Invalid(List<String> problems) implements TaxonomyReading {

    public Invalid {
      problems = List.copyOf(problems);
    }
  }

  static TaxonomyReading of(String yaml) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(10);
    Yaml reader =
        new Yaml(
            new SafeConstructor(options),
            new Representer(new DumperOptions()),
            new DumperOptions(),
            options,
            new TextOnly());
    Object document;
    try {
      document = reader.load(yaml);
    } catch (YAMLException e) {
      return new Invalid(List.of("not YAML: " + e.getMessage()));
    }
    return new Reader().read(document);
  }

  /// Takes every scalar for text.
  final class TextOnly extends Resolver {

    private TextOnly() {}

    @Override
    protected void addImplicitResolvers() {}
  }

  /// Confined to one reading.
  final class Reader {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final Set<String> KEYS = Set.of("version", "flows", "tags", "out_of_scope");
    private static final Set<String> TAG_KEYS = Set.of("name", "description", "examples");
    private static final int MOST_TAGS = 100;

    private final List<String> problems = new ArrayList<>();

    private Reader() {}

    private TaxonomyReading read(Object document) {
      if (!(document instanceof Map<?, ?> file)) {
        return new Invalid(List.of("the file must have version and tags"));
      }
      unknown("", file, KEYS);
      String label = text("version", file.get("version"));
      List<Taxonomy.Definition> tags = new ArrayList<>();
      Set<String> names = new LinkedHashSet<>();
      if (file.get("tags") instanceof List<?> list && !list.isEmpty()) {
        for (int i = 0; i < list.size(); i++) {
          Taxonomy.Definition tag = definition("tags[" + i + "]", list.get(i));
          if (!names.add(tag.name())) {
            problems.add("tags[" + i + "].name: " + tag.name() + " is there twice");
          }
          tags.add(tag);
        }
      } else {
        problems.add("tags: a list is missing");
      }
      if (tags.size() > MOST_TAGS) {
        problems.add("tags: at most " + MOST_TAGS);
      }
      List<String> none =
          file.containsKey("out_of_scope")
              ? texts("out_of_scope", file.get("out_of_scope"))
              : List.of();
      List<String> flows =
          file.containsKey("flows") ? texts("flows", file.get("flows")) : List.of();
      return problems.isEmpty()
          ? new Valid(new Taxonomy(label, tags, none), flows)
          : new Invalid(problems);
    }

    private Taxonomy.Definition definition(String place, Object value) {
      if (!(value instanceof Map<?, ?> tag)) {
        problems.add(place + ": must have name, description and examples");
        return new Taxonomy.Definition("", "", List.of());
      }
      unknown(place + ".", tag, TAG_KEYS);
      String name = text(place + ".name", tag.get("name"));
      if (!NAME.matcher(name).matches()) {
        problems.add(place + ".name: lower-case letters, digits and _, a letter first");
      }
      String description =
          tag.containsKey("description")
              ? text(place + ".description", tag.get("description"))
              : "";
      return new Taxonomy.Definition(
          name, description, texts(place + ".examples", tag.get("examples")));
    }

    private List<String> texts(String place, @Nullable Object value) {
      if (!(value instanceof List<?> list)) {
        problems.add(place + ": a list of texts is missing");
        return List.of();
      }
      Set<String> seen = new LinkedHashSet<>();
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        String text = text(place + "[" + i + "]", list.get(i));
        if (!text.isEmpty() && !seen.add(text.toLowerCase(Locale.ROOT))) {
          problems.add(place + "[" + i + "]: " + text + " is there twice");
        }
        texts.add(text);
      }
      return texts;
    }

    private String text(String place, @Nullable Object value) {
      if (value instanceof String text && !text.isBlank()) {
        return text.strip();
      }
      problems.add(place + ": a text is missing");
      return "";
    }

    private void unknown(String place, Map<?, ?> map, Set<String> known) {
      for (Object key : map.keySet()) {
        if (!known.contains(String.valueOf(key))) {
          problems.add(place + key + ": nobody reads this");
        }
      }
    }
  }
}
