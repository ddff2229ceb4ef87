package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Values;
import io.parley.store.Handoffs;
import io.parley.store.Handoffs.Handoff;
import io.parley.store.Handoffs.Which;
import io.parley.store.Handoffs.Whole;
import io.parley.store.Inbox;
import io.parley.store.Transcript;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley handoffs list|show|close`: conversations in which a person speaks, or shall.
@Command(
    name = "handoffs",
    description = "Look at conversations that wait for a person, and close them.",
    mixinStandardHelpOptions = true)
final class HandoffsCommand {

  private static final int TURNS_SHOWN = 50;

  @Mixin private final DatabaseOption database = new DatabaseOption();

  @Command(description = "List those that are open, oldest first.", mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--all", description = "those that are closed, too, newest first")
          boolean all,
      @Option(names = "--limit", defaultValue = "50", description = "at most so many") int limit) {
    return database.ask(
        pool -> new Handoffs(pool).list(all ? Which.ALL : Which.OPEN, limit),
        handoffs -> {
          handoffs.forEach(HandoffsCommand::print);
          return CommandLine.ExitCode.OK;
        });
  }

  @Command(
      description = "Show one, with what was said in its conversation.",
      mixinStandardHelpOptions = true)
  int show(@Parameters(paramLabel = "ID", description = "conversation:turn:index") String id) {
    return withId(
        id,
        effect ->
            database.ask(
                pool -> whole(pool, effect),
                shown -> {
                  if (shown.isEmpty()) {
                    return unknown(id);
                  }
                  print(shown.get().whole().handoff());
                  shown.get().said().forEach(HandoffsCommand::print);
                  return CommandLine.ExitCode.OK;
                }));
  }

  @Command(
      description = "Close one; a running service takes it from there.",
      mixinStandardHelpOptions = true)
  int close(
      @Parameters(paramLabel = "ID", description = "conversation:turn:index") String id,
      @Option(names = "--disposition", required = true, description = "what came of it")
          String disposition) {
    return withId(
        id,
        effect ->
            database.ask(
                pool -> close(pool, effect, disposition),
                handoff -> {
                  if (handoff.isEmpty()) {
                    return unknown(id);
                  }
                  boolean open = handoff.get().closedAt().isEmpty();
                  System.out.println(
                      open ? "will be closed by the running service" : "is closed already");
                  return CommandLine.ExitCode.OK;
                }));
  }

  /// Left in the inbox, where the sweep of a running service finds it: the end of a handoff is a
  /// turn of its conversation.
  private static Future<Optional<Handoff>> close(Pool pool, EffectId id, String disposition) {
    Event closed = new Event.HandoffClosed(id, disposition, Values.EMPTY);
    return new Handoffs(pool)
        .find(id)
        .map(found -> found.map(Whole::handoff))
        .compose(
            handoff -> {
              if (handoff.isEmpty() || handoff.get().closedAt().isPresent()) {
                return Future.succeededFuture(handoff);
              }
              Arrival arrival =
                  HandoffArrivals.of(
                      handoff.get().thread(), closed, "", Clock.systemUTC().instant());
              return new Inbox(pool)
                  .keep(Dispatcher.kept(arrival), "told on the command line")
                  .map(handoff);
            });
  }

  private record Shown(Whole whole, List<Transcript.Said> said) {}

  private static Future<Optional<Shown>> whole(Pool pool, EffectId id) {
    return new Handoffs(pool)
        .find(id)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : new Transcript(pool)
                        .latest(id.conversation(), TURNS_SHOWN)
                        .map(said -> Optional.of(new Shown(found.get(), said))));
  }

  private static void print(Handoff handoff) {
    System.out.printf(
        "%s  %s  opened %s  flow %s  widget %s  contact %s%s%s%s%n",
        handoff.id(),
        handoff.owner().name().toLowerCase(Locale.ROOT),
        handoff.openedAt(),
        handoff.flow(),
        handoff.widget(),
        handoff.thread().theirs(),
        handoff.holder().map(holder -> "  holder " + holder).orElse(""),
        handoff.disposition().map(words -> "  disposition " + words).orElse(""),
        handoff.why().map(words -> "  " + words).orElse(""));
  }

  private static void print(Transcript.Said said) {
    System.out.printf(
        "  %s  %-7s  %s%s%n",
        said.at(),
        said.by().name().toLowerCase(Locale.ROOT),
        said.text(),
        said.by() == Transcript.Speaker.US ? "  (" + said.fate() + ")" : "");
  }

  private static int unknown(String id) {
    System.err.println("no handoff has the id " + id);
    return CommandLine.ExitCode.SOFTWARE;
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
}
