package io.parley.verticles;

import io.parley.engine.desk.DeskRules;
import io.parley.engine.desk.DeskRules.Reading;
import io.parley.engine.desk.Staffing;
import io.parley.engine.flow.Durations;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.policy.Policy;
import io.parley.store.HandoffQueue;
import io.parley.store.Presence;
import io.parley.store.QueueEntry;
import io.parley.store.QueueEntry.Clock;
import io.parley.store.QueueQuery;
import io.parley.store.QueueQuery.Folder;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley desk check|queue`: the desk's rules, tried out on files, and what waits for a person.
@Command(
    name = "desk",
    description =
        "Check the desk's rules, look at what waits for a person, and say who works there.",
    mixinStandardHelpOptions = true,
    subcommands = {DeskUsersCommand.class})
final class DeskCommand {

  private final FlowTerminal terminal;
  private final PrintStream out;

  @Mixin private final DatabaseOption database = new DatabaseOption();

  DeskCommand() {
    this(System.out, System.err);
  }

  DeskCommand(PrintStream out, PrintStream err) {
    this.terminal = new FlowTerminal(InputStream.nullInputStream(), out, err);
    this.out = out;
  }

  /// Which database it and what is below it ask.
  DatabaseOption database() {
    return database;
  }

  @Command(
      description =
          "Find what is wrong with the desk's rules. Status 1 where something is. Needs no database"
              + " and no settings.",
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files,
      @Option(
              names = "--policy",
              paramLabel = "FILE",
              description = "the policy, whose calendars the topics name")
          @Nullable Path policy) {
    List<Path> all = new ArrayList<>(files);
    if (policy != null) {
      all.add(policy);
    }
    return terminal.withTexts(
        all,
        texts -> {
          List<String> problems = new ArrayList<>();
          Optional<Policy> known = Optional.empty();
          if (policy != null) {
            switch (PolicyFile.read(texts.getLast())) {
              case Policy.Reading.Valid(var read) -> known = Optional.of(read);
              case Policy.Reading.Invalid(var found) ->
                  problems.addAll(Phrases.lines(policy, found));
            }
          }
          for (int i = 0; i < files.size(); i++) {
            problems.addAll(Phrases.lines(files.get(i), problems(texts.get(i), known)));
          }
          return terminal.conclude(problems);
        });
  }

  private static List<FlowProblem> problems(String text, Optional<Policy> policy) {
    return switch (DeskFile.read(text)) {
      case Reading.Invalid(var found) -> found;
      case Reading.Valid(DeskRules rules) ->
          policy.map(it -> rules.missing(it.calendars())).orElse(List.of());
    };
  }

  @Command(
      description = "List what waits for a person, the most pressing first, and how it stands.",
      mixinStandardHelpOptions = true)
  int queue(
      @Option(names = "--all", description = "those that somebody has, too, the latest first")
          boolean all,
      @Option(names = "--topic", paramLabel = "NAME", description = "of one topic alone")
          @Nullable String topic,
      @Option(names = "--limit", defaultValue = "50", description = "at most so many") int limit) {
    Folder folder =
        topic != null ? new Folder.Topic(topic) : all ? new Folder.All() : new Folder.Unassigned();
    Instant now = java.time.Clock.systemUTC().instant();
    return database.ask(
        pool ->
            new HandoffQueue(pool)
                .list(QueueQuery.of(folder, limit))
                .compose(page -> new Presence(pool).list().map(agents -> new Listed(page, agents))),
        listed -> {
          HandoffQueue.Page page = listed.page();
          page.rows().forEach(it -> out.println(line(it, now)));
          if (page.total() > page.rows().size()) {
            out.println("and " + (page.total() - page.rows().size()) + " more");
          }
          out.println(staff(listed.agents(), now));
          return ExitCode.OK;
        });
  }

  private record Listed(HandoffQueue.Page page, List<Presence.Agent> agents) {}

  /// `2 agents are online` or, where that is why all of them wait, `nobody is online; the last one
  /// was seen 3h ago`.
  static String staff(List<Presence.Agent> agents, Instant now) {
    Instant unheard = now.minus(Staffing.DEFAULT.present());
    long there =
        agents.stream()
            .filter(it -> it.status() == Presence.Status.ONLINE && !it.seenAt().isBefore(unheard))
            .count();
    if (there > 0) {
      return there == 1 ? "1 agent is online" : there + " agents are online";
    }
    return "nobody is online"
        + agents.stream()
            .map(Presence.Agent::seenAt)
            .max(Comparator.naturalOrder())
            .map(it -> "; the last one was seen " + length(Duration.between(it, now)) + " ago")
            .orElse("");
  }

  /// `general  waits 12m  +1…34  priority 0  first due in 3m (ok)  offered to ann`.
  static String line(QueueEntry entry, Instant now) {
    StringBuilder line = new StringBuilder();
    line.append(entry.rank().topic());
    line.append("  ").append(state(entry, now));
    line.append("  ").append(entry.conversation());
    line.append("  ").append(entry.contact().name().orElse(entry.thread().theirs().masked()));
    if (!entry.rank().skills().isEmpty()) {
      line.append("  needs ").append(String.join(", ", entry.rank().skills()));
    }
    if (entry.rank().priority() != 0) {
      line.append("  priority ").append(entry.rank().priority());
    }
    entry.sla().now().ifPresent(it -> line.append("  ").append(due(it, now)));
    entry.hold().offer().ifPresent(it -> line.append("  offered to ").append(it.agent()));
    entry.callback().ifPresent(_ -> line.append("  asks to be called"));
    entry
        .hold()
        .snoozedUntil()
        .ifPresent(it -> line.append("  sleeps until ").append(it.truncatedTo(ChronoUnit.SECONDS)));
    return line.toString();
  }

  private static String state(QueueEntry entry, Instant now) {
    return switch (entry.hold().owner()) {
      case QUEUED ->
          "waits "
              + length(Duration.between(entry.times().queuedAt(), now))
              + (entry.rank().target().equals("desk") ? "" : " for " + entry.rank().target());
      case AGENT -> "with " + entry.hold().holder().orElse("an agent");
      case EXTERNAL -> "at " + entry.hold().holder().orElse("another desk");
      case BOT, CLOSED -> entry.hold().owner().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String due(Clock clock, Instant now) {
    Duration left = Duration.between(now, clock.dueAt());
    return clock.kind()
        + (left.isNegative()
            ? " was due " + length(left.negated()) + " ago"
            : " due in " + length(left))
        + " ("
        + clock.state()
        + ")";
  }

  private static String length(Duration length) {
    return Durations.print(
        (length.isNegative() ? Duration.ZERO : length).truncatedTo(ChronoUnit.SECONDS));
  }
}
