package io.parley.verticles;

import io.parley.store.Inbox;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `parley inbox list|retry`: events that could not become a turn.
@Command(
    name = "inbox",
    description = "Look at events that could not become a turn yet, and try the parked ones again.",
    mixinStandardHelpOptions = true)
final class InboxCommand {

  @Mixin private final DatabaseOption database = new DatabaseOption();

  @Command(description = "List the latest, newest first.", mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--limit", defaultValue = "50", description = "at most so many") int limit) {
    return database.ask(
        pool -> new Inbox(pool).list(limit),
        kept -> {
          kept.forEach(
              it ->
                  System.out.printf(
                      "%s %s  conversation %s  received %s  attempts %d%s  %s%n",
                      it.source(),
                      it.sourceId(),
                      it.conversation(),
                      it.receivedAt(),
                      it.attempts(),
                      it.parked() ? " (parked)" : "",
                      it.error()));
          return CommandLine.ExitCode.OK;
        });
  }

  @Command(
      description = "Let the sweep of a running service take every parked event again.",
      mixinStandardHelpOptions = true)
  int retry() {
    return database.ask(
        pool -> new Inbox(pool).retry(),
        count -> {
          System.out.println(count + " to be tried again");
          return CommandLine.ExitCode.OK;
        });
  }
}
