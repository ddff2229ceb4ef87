package io.parley.verticles;

import io.parley.store.Ingested;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `parley ingested list|retry`: calls about persons that could not be worked off.
@Command(
    name = "ingested",
    description = "Look at calls about persons that wait, and try the parked ones again.",
    mixinStandardHelpOptions = true)
final class IngestedCommand {

  @Mixin private final DatabaseOption database = new DatabaseOption();

  @Command(description = "List the latest, newest first.", mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--limit", defaultValue = "50", description = "at most so many") int limit) {
    return database.ask(
        pool -> new Ingested(pool).list(limit),
        held -> {
          held.forEach(
              it ->
                  System.out.printf(
                      "%d  %s %s  received %s  attempts %d%s  %s%n",
                      it.seq(),
                      it.source(),
                      it.messageId(),
                      it.receivedAt(),
                      it.attempts(),
                      it.parked() ? " (parked)" : "",
                      it.error()));
          return CommandLine.ExitCode.OK;
        });
  }

  @Command(
      description = "Let a running service take every parked call again.",
      mixinStandardHelpOptions = true)
  int retry() {
    return database.ask(
        pool -> new Ingested(pool).retry(),
        count -> {
          System.out.println(count + " to be tried again");
          return CommandLine.ExitCode.OK;
        });
  }
}
