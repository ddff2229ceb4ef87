package io.parley.verticles;

import io.parley.engine.Tag;
import io.parley.intents.LiveTagger;
import io.parley.intents.evaluation.Evaluation;
import io.parley.intents.evaluation.LabelledLine;
import io.parley.intents.evaluation.TaxonomyCheck;
import io.parley.intents.evaluation.TaxonomyCheck.Finding;
import io.parley.intents.evaluation.TaxonomyCheck.Weight;
import io.parley.intents.learning.Retail;
import io.parley.intents.learning.Taxonomy;
import io.parley.intents.learning.TaxonomyReading;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley tags check|evaluate|review`: what replies mean, tried out on files, which needs no
/// database and no settings; and replies that were not understood (see [TagsReviewCommand]).
@Command(
    name = "tags",
    description = "Check tags of your own, and see how well replies are understood.",
    subcommands = TagsReviewCommand.class,
    mixinStandardHelpOptions = true)
final class TagsCommand {

  /// Something is wrong with what was looked at, as opposed to how it was asked for.
  private static final int FOUND = 1;

  enum Format {
    text,
    json
  }

  private final PrintStream out;
  private final PrintStream err;

  TagsCommand() {
    this(System.out, System.err);
  }

  TagsCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Command(
      description = {
        "Find what is wrong with a file of tags: too few examples, tags that overlap,",
        "examples that the others would tag otherwise. Status 1 on errors."
      },
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(names = "--format", defaultValue = "text", description = "${COMPLETION-CANDIDATES}")
          Format format) {
    List<Taxonomy> taxonomies = new ArrayList<>();
    int status = read(List.of(file), taxonomies);
    if (status != ExitCode.OK) {
      return status;
    }
    try (LiveTagger tagger = new LiveTagger()) {
      List<Finding> findings = tagger.check(taxonomies.getFirst());
      print(
          switch (format) {
            case text -> text(file, taxonomies.getFirst(), findings);
            case json -> TaxonomyCheck.json(findings) + "\n";
          });
      return findings.stream().anyMatch(it -> it.weight() == Weight.ERROR) ? FOUND : ExitCode.OK;
    }
  }

  private static String text(Path file, Taxonomy taxonomy, List<Finding> findings) {
    StringBuilder text = new StringBuilder();
    findings.forEach(it -> text.append(file).append(": ").append(it).append('\n'));
    return text.append(taxonomy.version())
        .append(": ")
        .append(taxonomy.tags().size())
        .append(" tags, ")
        .append(findings.size())
        .append(" findings\n")
        .toString();
  }

  @Command(
      description = {
        "Tag the replies of a file and say how often that was right.",
        "Lines are TAG,TAG<tab>TEXT; out_of_scope stands for none."
      },
      mixinStandardHelpOptions = true)
  int evaluate(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(names = "--tags", description = "a file of tags of your own, beside the bundled ones")
          List<Path> tags,
      @Option(names = "--format", defaultValue = "text", description = "${COMPLETION-CANDIDATES}")
          Format format) {
    List<Taxonomy> taxonomies = new ArrayList<>();
    int status = read(tags == null ? List.of() : tags, taxonomies);
    if (status != ExitCode.OK) {
      return status;
    }
    LabelledLine.File labelled;
    try {
      labelled = LabelledLine.File.of(Files.readString(file));
    } catch (IOException e) {
      err.println("cannot read " + file + ": " + Phrases.why(e));
      return ExitCode.USAGE;
    }
    if (!labelled.problems().isEmpty()) {
      labelled.problems().forEach(it -> err.println(file + ": " + it));
      return FOUND;
    }
    if (labelled.lines().isEmpty()) {
      err.println(file + ": no line has a reply");
      return FOUND;
    }
    unknown(labelled.lines(), taxonomies).forEach(it -> err.println(file + ": " + it));
    try (LiveTagger tagger = new LiveTagger()) {
      tagger.teach(taxonomies);
      Evaluation evaluation = tagger.evaluate(labelled.lines());
      print(
          switch (format) {
            case text -> evaluation.text();
            case json -> evaluation.json() + "\n";
          });
      return ExitCode.OK;
    }
  }

  /// Tags that no reply is ever given: most often a slip of the pen.
  private static List<String> unknown(List<LabelledLine> lines, List<Taxonomy> taxonomies) {
    Set<String> known = new HashSet<>(Retail.taxonomy().names());
    known.addAll(List.of(Tag.HELP, Tag.OPT_IN, Tag.OPT_OUT, Tag.OPT_OUT_UNCLEAR));
    taxonomies.forEach(it -> known.addAll(it.names()));
    return lines.stream()
        .flatMap(it -> it.tags().stream())
        .distinct()
        .filter(it -> !known.contains(it))
        .map(it -> it + " is no tag; the bundled ones and those of --tags are known")
        .toList();
  }

  private int read(List<Path> files, List<Taxonomy> into) {
    for (Path file : files) {
      try {
        switch (TaxonomyReading.of(Files.readString(file))) {
          case TaxonomyReading.Valid(var taxonomy, var _) -> into.add(taxonomy);
          case TaxonomyReading.Invalid(var problems) -> {
            problems.forEach(it -> err.println(file + ": " + it));
            return FOUND;
          }
        }
      } catch (IOException e) {
        err.println("cannot read " + file + ": " + Phrases.why(e));
        return ExitCode.USAGE;
      }
    }
    return ExitCode.OK;
  }

  private void print(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
