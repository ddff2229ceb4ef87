package io.parley.verticles;

import io.parley.customerio.TrackBatch;
import io.parley.engine.flow.Durations;
import io.parley.store.DeadLetters;
import io.parley.store.Outbox;
import io.parley.store.Outbox.Depth;
import io.parley.verticles.DestinationsFile.Reading;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley destinations check|list|bury`: who else is told what came of conversations, and what
/// waits for whom.
@Command(
    name = "destinations",
    description = "Check the file of destinations, and look at what waits for each.",
    mixinStandardHelpOptions = true)
final class DestinationsCommand {

  @Mixin private final DatabaseOption database = new DatabaseOption();
  @Mixin private final SealOption keys = new SealOption();
  private final Map<String, String> environment;
  private final FlowTerminal terminal;

  DestinationsCommand() {
    this(System.getenv(), System.out, System.err);
  }

  DestinationsCommand(Map<String, String> environment, PrintStream out, PrintStream err) {
    this.environment = environment;
    this.terminal = new FlowTerminal(InputStream.nullInputStream(), out, err);
  }

  @Command(
      description = {
        "Find what is wrong with a file of destinations. Status 1 where something is.",
        "Says of each destination whether reports go there, by the secrets that are set here."
      },
      mixinStandardHelpOptions = true)
  int check(@Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files) {
    return terminal.withTexts(files, texts -> check(files, texts));
  }

  private int check(List<Path> files, List<String> texts) {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      DestinationsFile file = new DestinationsFile(files.get(i), true);
      switch (file.read(texts.get(i), secrets(), InstantSource.system())) {
        case Reading.Valid(var destinations) ->
            destinations.forEach(
                it -> terminal.print("%s: %s, %s\n".formatted(it.name(), it.type(), it.state())));
        case Reading.Invalid(var found) -> problems.addAll(found);
      }
    }
    return terminal.conclude(problems);
  }

  private Map<String, String> secrets() {
    SettingsReader reader = new SettingsReader(environment);
    Map<String, String> secrets = Settings.destinationSecrets(reader);
    reader.problems().forEach(terminal::complain);
    return secrets;
  }

  @Command(
      description = {
        "List the destinations, and how many reports wait for each.",
        "Those that reports wait for and that the file does not have are listed, too."
      },
      mixinStandardHelpOptions = true)
  int list(
      @Option(
              names = "--file",
              paramLabel = "FILE",
              description = "the file of destinations; PARLEY_DESTINATIONS where it is set")
          Optional<String> file) {
    DestinationsFile known = file(file);
    return switch (known.load(secrets(), InstantSource.system())) {
      case Reading.Invalid(var problems) -> refuse(problems);
      case Reading.Valid(var destinations) ->
          database.ask(DestinationsCommand::waiting, queues -> print(known, destinations, queues));
    };
  }

  private DestinationsFile file(Optional<String> named) {
    return DestinationsFile.named(
        named.or(() -> new SettingsReader(environment).optional(SettingName.DESTINATIONS)));
  }

  private int refuse(List<String> problems) {
    problems.forEach(terminal::complain);
    return FlowTerminal.FOUND;
  }

  /// Whether the settings that are here make a destination of it.
  private boolean isOfSettings(String name) {
    return name.equals(TrackBatch.DESTINATION)
        || OptOutSettings.read(new SettingsReader(environment)).destinations().contains(name);
  }

  /// What waits, and what was given up, by destination.
  private record Queues(Map<String, Depth> waiting, Map<String, Long> dead) {

    private String of(String destination) {
      Depth depth = waiting.getOrDefault(destination, new Depth(destination, 0, 0, Duration.ZERO));
      String oldest =
          depth.rows() == 0
              ? ""
              : ", the oldest for "
                  + Durations.print(depth.oldest().truncatedTo(ChronoUnit.SECONDS));
      return "%d wait%s; %d dead letters"
          .formatted(depth.rows(), oldest, dead.getOrDefault(destination, 0L));
    }
  }

  private static Future<Queues> waiting(Pool pool) {
    return new Outbox(pool)
        .depths()
        .compose(
            depths ->
                new DeadLetters(pool)
                    .counts()
                    .map(
                        dead -> {
                          Map<String, Depth> waiting = new LinkedHashMap<>();
                          depths.forEach(depth -> waiting.put(depth.destination(), depth));
                          return new Queues(waiting, dead);
                        }));
  }

  private int print(DestinationsFile file, List<Destination> destinations, Queues queues) {
    TreeSet<String> others = new TreeSet<>(queues.waiting().keySet());
    others.addAll(queues.dead().keySet());
    others.removeIf(Outbox::isOurs);
    for (Destination it : destinations) {
      others.remove(it.name());
      print(it.name(), it.type() + ", " + it.state(), queues);
    }
    for (String name : others) {
      boolean isSet = isOfSettings(name);
      print(name, isSet ? "by the settings" : "not in " + file.path(), queues);
    }
    return ExitCode.OK;
  }

  private void print(String name, String state, Queues queues) {
    terminal.print("%s: %s; %s\n".formatted(name, state, queues.of(name)));
  }

  @Command(
      description = {
        "Give up what waits for a destination that the file does not have any more.",
        "It is kept as dead letters, which can be replayed once the file has it again."
      },
      mixinStandardHelpOptions = true)
  int bury(
      @Parameters(paramLabel = "NAME", description = "the destination") String name,
      @Option(
              names = "--file",
              paramLabel = "FILE",
              description = "the file of destinations; PARLEY_DESTINATIONS where it is set")
          Optional<String> file) {
    DestinationsFile known = file(file);
    return switch (known.load(secrets(), InstantSource.system())) {
      case Reading.Invalid(var problems) -> refuse(problems);
      case Reading.Valid(var destinations) -> bury(name, known, destinations);
    };
  }

  private int bury(String name, DestinationsFile file, List<Destination> destinations) {
    boolean isOurs = Outbox.isOurs(name) || isOfSettings(name);
    if (isOurs || destinations.stream().anyMatch(it -> it.name().equals(name))) {
      terminal.complain(
          isOurs
              ? name + " is no destination of the file: what waits for it is never given up so"
              : name + " is in " + file.path() + "; take it out there first, and restart Parley");
      return ExitCode.USAGE;
    }
    return keys.with(
        seal ->
            database.ask(
                pool ->
                    new Outbox(pool, seal)
                        .buryAll(name, "its destination was taken out of the file"),
                count -> {
                  terminal.print(
                      Phrases.count(count, "report") + " given up, kept as dead letters\n");
                  return count > 0 ? ExitCode.OK : FlowTerminal.FOUND;
                }));
  }
}
