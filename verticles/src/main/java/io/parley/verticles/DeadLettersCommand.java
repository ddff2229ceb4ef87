package io.parley.verticles;

import io.parley.engine.EffectId;
import io.parley.store.DeadLetters;
import io.parley.store.DeadLetters.DeadLetter;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley dead-letters list|show|replay`: reports that their destination would not take.
@Command(
    name = "dead-letters",
    description = "Look at reports that their destination refused, and send them again.",
    mixinStandardHelpOptions = true)
final class DeadLettersCommand {

  @Mixin private final DatabaseOption database = new DatabaseOption();

  @Command(description = "List the latest, newest first.", mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--limit", defaultValue = "50", description = "at most so many") int limit) {
    return with(letters -> letters.list(limit), DeadLettersCommand::print);
  }

  @Command(description = "Show one whole.", mixinStandardHelpOptions = true)
  int show(@Parameters(paramLabel = "ID", description = "conversation:turn:index") String id) {
    return withId(
        id,
        effect ->
            with(
                letters -> letters.find(effect),
                found -> {
                  if (found.isEmpty()) {
                    System.err.println("no dead letter has the id " + id);
                    return CommandLine.ExitCode.SOFTWARE;
                  }
                  print(List.of(found.get()));
                  System.out.println(found.get().effect());
                  return CommandLine.ExitCode.OK;
                }));
  }

  @Command(
      description = "Put one back in the outbox, or all with --all.",
      mixinStandardHelpOptions = true)
  int replay(
      @Parameters(
              paramLabel = "ID",
              arity = "0..1",
              description = "conversation:turn:index",
              defaultValue = "")
          String id,
      @Option(names = "--all", description = "every one") boolean all) {
    if (all == !id.isEmpty()) {
      System.err.println("name one dead letter, or say --all");
      return CommandLine.ExitCode.USAGE;
    }
    return all ? replay(Optional.empty()) : withId(id, effect -> replay(Optional.of(effect)));
  }

  private int replay(Optional<EffectId> id) {
    return with(
        letters -> letters.replay(id),
        count -> {
          System.out.println(count + " put back in the outbox");
          return count > 0 || id.isEmpty()
              ? CommandLine.ExitCode.OK
              : CommandLine.ExitCode.SOFTWARE;
        });
  }

  private static int print(List<DeadLetter> letters) {
    for (DeadLetter letter : letters) {
      System.out.printf(
          "%s  %s  %s  attempts %d  %s%n",
          letter.id(), letter.diedAt(), letter.destination(), letter.attempts(), letter.reason());
    }
    return CommandLine.ExitCode.OK;
  }

  private static int withId(String id, Function<EffectId, Integer> use) {
    EffectId effect;
    try {
      effect = EffectId.parse(id);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    return use.apply(effect);
  }

  private <T> int with(Function<DeadLetters, Future<T>> ask, Function<T, Integer> print) {
    return database.ask(pool -> ask.apply(new DeadLetters(pool)), print);
  }
}
