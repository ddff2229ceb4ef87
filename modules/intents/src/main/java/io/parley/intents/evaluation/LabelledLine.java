package io.parley.intents.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A reply with the tags that people gave it.
///
/// @param tags empty where it is out of scope
public record LabelledLine(Set<String> tags, String text) {

  /// What a file says for a reply without tags.
  public static final String OUT_OF_SCOPE = "out_of_scope";

  public LabelledLine {
    tags = Set.copyOf(tags);
  }

  /// A file of labelled lines, or what is wrong with it.
  ///
  /// @param problems each with the number of its line
  public record File(List<LabelledLine> lines, List<String> problems) {

    public File {
      lines = List.copyOf(lines);
      problems = List.copyOf(problems);
    }

    /// @param tsv lines of `tag,tag<TAB>text`; `out_of_scope` for none; empty ones and those that
    ///     begin with # are passed over
    public static File of(String tsv) {
      List<LabelledLine> lines = new ArrayList<>();
      List<String> problems = new ArrayList<>();
      int number = 0;
      for (String line : tsv.split("\\R", -1)) {
        number++;
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        String[] columns = line.split("\t", 2);
        if (columns.length < 2 || columns[0].isBlank()) {
          problems.add("line " + number + ": tags, a tab and the text are expected");
          continue;
        }
        Set<String> tags = new TreeSet<>();
        for (String tag : columns[0].split(",", -1)) {
          if (!tag.isBlank() && !tag.strip().equals(OUT_OF_SCOPE)) {
            tags.add(tag.strip());
          }
        }
        lines.add(new LabelledLine(tags, columns[1]));
      }
      return new File(lines, problems);
    }
  }
}
