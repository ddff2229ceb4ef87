package io.parley.intents.evaluation;

import io.parley.engine.Json;
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

/// What will go wrong with a taxonomy, found before it is used: each example is judged by what all
/// others teach.
public final class TaxonomyCheck {

  /// Below this a tag is guesswork.
  private static final int FEWEST = 5;

  /// From here on more examples add little.
  private static final int ENOUGH = 10;

  /// How many of a tag's examples another tag may take before the two are said to overlap.
  private static final double OVERLAP = 0.2;

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
  /// @param taken names that other tags have already
  public static List<Finding> of(Taxonomy own, TagModel.Trained trained, Set<String> taken) {
    List<Finding> findings = new ArrayList<>();
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
      if (taken.contains(tag.name())) {
        findings.add(
            new Finding(
                Weight.WARNING, tag.name(), "a bundled tag has this name; both will give it"));
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
