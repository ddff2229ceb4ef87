package io.parley.verticles;

import io.parley.engine.Json;
import io.parley.engine.Tag;
import io.parley.intents.LiveTagger;
import io.parley.intents.evaluation.Clusters.Cluster;
import io.parley.store.ReplyReviews;
import io.parley.store.ReplyReviews.Found;
import io.parley.store.ReplyReviews.Review;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `parley tags review`: replies that no tag was sure of, in clusters, so that the tags grow from
/// what people write.
@Command(
    name = "review",
    description = {
      "Show replies that no tag was sure of, grouped by what they mean, the largest group first.",
      "They are kept as long as the service is set to."
    },
    mixinStandardHelpOptions = true)
final class TagsReviewCommand implements Callable<Integer> {

  private static final int SAMPLES = 5;

  /// Of these a group says enough.
  private static final int EXAMPLES = 20;

  /// Groups of this many different texts are worth a tag.
  private static final int WORTH_A_TAG = 3;

  @Mixin private final DatabaseOption database = new DatabaseOption();

  @Option(names = "--since", defaultValue = "7d", description = "how far back (${DEFAULT-VALUE})")
  private String since;

  @Option(names = "--flow", paramLabel = "NAME", description = "replies to this flow alone")
  private @Nullable String flow;

  @Option(
      names = "--limit",
      defaultValue = "2000",
      description = "the latest so many replies (${DEFAULT-VALUE})")
  private int limit;

  @Option(names = "--format", defaultValue = "text", description = "${COMPLETION-CANDIDATES}")
  private TagsCommand.Format format;

  @Option(names = "--yaml", description = "print a file of tags, to be named and mended by hand")
  private boolean yaml;

  private final PrintStream out;
  private final PrintStream err;
  private final Clock clock;

  TagsReviewCommand() {
    this(System.out, System.err, Clock.systemUTC());
  }

  TagsReviewCommand(PrintStream out, PrintStream err, Clock clock) {
    this.out = out;
    this.err = err;
    this.clock = clock;
  }

  /// A cluster and what the service made of it.
  ///
  /// @param tagged how many replies had which tags, `untagged` where they had none
  /// @param nearest the tag that the text in the middle is most like
  private record Group(Cluster cluster, Map<String, Integer> tagged, Optional<Tag> nearest) {}

  @Override
  public Integer call() {
    Optional<Duration> back = SettingsReader.duration(since);
    if (back.isEmpty() || limit < 1) {
      err.println("--since is a duration such as 12h or 7d, --limit a number above 0");
      return ExitCode.USAGE;
    }
    Instant from = clock.instant().minus(back.get());
    return database.ask(
        pool -> new ReplyReviews(pool).since(from, Optional.ofNullable(flow), limit),
        found ->
            switch (found) {
              case Found.NoTable() -> {
                err.println("this database keeps no replies for review: its service is older");
                yield ExitCode.SOFTWARE;
              }
              case Found.Reviews(var reviews, var _) when reviews.isEmpty() -> {
                err.println(
                    "no reply waits for review since %s%s"
                        .formatted(from, flow == null ? "" : " in the flow " + flow));
                yield ExitCode.OK;
              }
              case Found.Reviews(var reviews, var more) -> {
                if (more) {
                  err.println("only the latest %d are shown: see --limit".formatted(limit));
                }
                yield show(reviews);
              }
            });
  }

  private int show(List<Review> reviews) {
    try (LiveTagger tagger = new LiveTagger()) {
      try {
        tagger.load();
      } catch (RuntimeException | LinkageError e) {
        err.println("replies cannot be grouped, since the model cannot be loaded: " + e);
        return ExitCode.SOFTWARE;
      }
      List<Group> groups = groups(reviews, tagger);
      String text =
          yaml
              ? taxonomy(groups)
              : switch (format) {
                case text -> text(groups);
                case json -> json(groups);
              };
      out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
      return ExitCode.OK;
    }
  }

  private static List<Group> groups(List<Review> reviews, LiveTagger tagger) {
    Map<String, List<Review>> byText = new LinkedHashMap<>();
    reviews.forEach(
        it -> byText.computeIfAbsent(it.text().strip(), _ -> new ArrayList<>()).add(it));
    return tagger.clusters(reviews.stream().map(Review::text).toList()).stream()
        .map(
            cluster -> {
              Map<String, Integer> tagged = new TreeMap<>();
              cluster.texts().stream()
                  .flatMap(text -> byText.getOrDefault(text, List.of()).stream())
                  .forEach(
                      it ->
                          tagged.merge(
                              it.tags().isEmpty() ? "untagged" : String.join(",", it.tags()),
                              1,
                              Integer::sum));
              return new Group(cluster, tagged, tagger.nearest(cluster.representative()));
            })
        .toList();
  }

  private static String text(List<Group> groups) {
    StringBuilder text = new StringBuilder();
    for (Group group : groups) {
      List<String> texts = group.cluster().texts();
      text.append("%5d  %s%n".formatted(group.cluster().count(), line(texts.getFirst())));
      texts.stream()
          .skip(1)
          .limit(SAMPLES - 1L)
          .forEach(it -> text.append("       ").append(line(it)).append('\n'));
      if (texts.size() > SAMPLES) {
        text.append("       and %d more%n".formatted(texts.size() - SAMPLES));
      }
      text.append("       tagged: ").append(tagged(group));
      group.nearest().ifPresent(it -> text.append("; nearest tag: ").append(scored(it)));
      text.append("\n\n");
    }
    return text.append(
            "%d replies in %d groups%n"
                .formatted(
                    groups.stream().mapToInt(it -> it.cluster().count()).sum(), groups.size()))
        .toString();
  }

  /// A text on one line, without what would move the terminal's cursor.
  private static String line(String text) {
    return text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
  }

  private static String tagged(Group group) {
    return String.join(
        ", ",
        group.tagged().entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
            .map(it -> it.getKey() + " " + it.getValue())
            .toList());
  }

  private static String scored(Tag tag) {
    return "%s %.2f".formatted(tag.name(), tag.score());
  }

  private static String json(List<Group> groups) {
    List<Object> all = new ArrayList<>();
    for (Group group : groups) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("count", (long) group.cluster().count());
      entry.put("different", (long) group.cluster().texts().size());
      entry.put("representative", group.cluster().representative());
      entry.put("samples", group.cluster().texts().stream().limit(SAMPLES).toList());
      Map<String, Object> tagged = new LinkedHashMap<>();
      group.tagged().forEach((name, count) -> tagged.put(name, (long) count));
      entry.put("tagged", tagged);
      group
          .nearest()
          .ifPresent(
              it -> {
                Map<String, Object> nearest = new LinkedHashMap<>();
                nearest.put("tag", it.name());
                nearest.put("score", it.score());
                entry.put("nearest", nearest);
              });
      all.add(entry);
    }
    return Json.print(Map.of("groups", all)) + "\n";
  }

  /// A file of tags as `parley tags check` reads it; its author has to name the tags.
  private static String taxonomy(List<Group> groups) {
    StringBuilder text = new StringBuilder("version: 1\ntags:\n");
    List<Group> worth =
        groups.stream().filter(it -> it.cluster().texts().size() >= WORTH_A_TAG).toList();
    for (int i = 0; i < worth.size(); i++) {
      Group group = worth.get(i);
      text.append("  # %d replies".formatted(group.cluster().count()));
      group
          .nearest()
          .ifPresent(
              it -> text.append("; or are they the bundled ").append(scored(it)).append('?'));
      text.append("\n  - name: group_%d%n".formatted(i + 1));
      text.append("    description: ").append(quoted("like: " + group.cluster().representative()));
      text.append("\n    examples:\n");
      group.cluster().texts().stream()
          .map(TagsReviewCommand::line)
          .collect(
              Collectors.toMap(
                  it -> it.toLowerCase(Locale.ROOT), it -> it, (a, _) -> a, LinkedHashMap::new))
          .values()
          .stream()
          .limit(EXAMPLES)
          .forEach(it -> text.append("      - ").append(quoted(it)).append('\n'));
    }
    return worth.isEmpty()
        ? "# no group has %d different texts yet%n".formatted(WORTH_A_TAG)
        : text.toString();
  }

  /// A JSON text is a YAML text.
  private static String quoted(String text) {
    return Json.print(line(text));
  }
}
