package io.parley.intents.evaluation;

import io.parley.engine.Json;
import io.parley.intents.learning.Retail;
import io.parley.intents.learning.TagModel;
import io.parley.intents.learning.TagModel.Mistaken;
import io.parley.intents.learning.Taxonomy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What will go wrong with a taxonomy, found before it is used: each example is judged by what all
/// others teach.
public final class TaxonomyCheck {

  /// Below this a tag is guesswork.
  private static final int FEWEST = 5;

  /// From here on more examples add little.
  private static final int ENOUGH = 10;

  /// How many of a tag's examples another tag may take before the two are said to overlap.
  private static final double OVERLAP = 0.2;

  private static final Pattern GIVEN_BY_RULES =
      Pattern.compile("opt_in|opt_out_unclear|help|choice_\\d+");

  /// How bad a finding is.
  public enum Weight {
    ERROR,
    WARNING,
    HINT
  }

  /// @param place the tag, or the two that overlap
  public record Finding(Weight weight, String place, String message) {

    @Override
    public String toString() {
      return weight.name().toLowerCase(Locale.ROOT) + " " + place + ": " + message;
    }
  }

  private TaxonomyCheck() {}

  /// @param own the taxonomy as its author wrote it
  public static List<Finding> of(Taxonomy own, TagModel.Trained trained) {
    List<Finding> findings = new ArrayList<>(names(own));
    for (Taxonomy.Definition tag : own.tags()) {
      int count = tag.examples().size();
      if (count < FEWEST) {
        findings.add(
            new Finding(
                Weight.ERROR, tag.name(), count + " examples, at least " + FEWEST + " are needed"));
      } else if (count < ENOUGH) {
        findings.add(
            new Finding(
                Weight.HINT, tag.name(), count + " examples; " + ENOUGH + " are much better"));
      }
    }
    overlaps(own, trained, findings);
    for (Mistaken mistaken : trained.mistaken()) {
      mistaken
          .tag()
          .ifPresent(
              tag ->
                  findings.add(
                      new Finding(
                          Weight.WARNING,
                          tag,
                          "\"" + mistaken.text() + "\" is seen as " + seen(mistaken))));
    }
    return findings;
  }

  /// Names that mean something already, for which a taxonomy is refused: what the bundled tags are
  /// called decides over opt-outs, handoffs and offers, and is no shop's to redefine.
  public static List<Finding> names(Taxonomy own) {
    Set<String> bundled = Set.copyOf(Retail.taxonomy().names());
    return own.names().stream()
        .filter(it -> bundled.contains(it) || GIVEN_BY_RULES.matcher(it).matches())
        .map(
            it ->
                new Finding(
                    Weight.ERROR,
                    it,
                    "a bundled tag has this name; choose another, such as my_" + it))
        .toList();
  }

  private static String seen(Mistaken mistaken) {
    return mistaken.seen().orElse("no tag by what the other examples teach");
  }

  private static void overlaps(Taxonomy own, TagModel.Trained trained, List<Finding> findings) {
    Map<String, Integer> pairs = new TreeMap<>();
    for (Mistaken mistaken : trained.mistaken()) {
      Optional<String> tag = mistaken.tag();
      Optional<String> seen = mistaken.seen();
      if (tag.isPresent() && seen.isPresent()) {
        pairs.merge(tag.get() + " and " + seen.get(), 1, Integer::sum);
      }
    }
    for (Taxonomy.Definition tag : own.tags()) {
      pairs.forEach(
          (pair, count) -> {
            if (pair.startsWith(tag.name() + " and ")
                && count >= Math.max(2, OVERLAP * tag.examples().size())) {
              findings.add(
                  new Finding(
                      Weight.WARNING,
                      pair,
                      "overlap: the second takes " + count + " examples of the first"));
            }
          });
    }
  }

  public static String json(List<Finding> findings) {
    List<Object> all = new ArrayList<>();
    for (Finding finding : findings) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("weight", finding.weight().name().toLowerCase(Locale.ROOT));
      entry.put("place", finding.place());
      entry.put("message", finding.message());
      all.add(entry);
    }
    return Json.print(Map.of("findings", all));
  }
}
