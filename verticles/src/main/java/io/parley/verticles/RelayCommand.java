package io.parley.verticles;

import io.parley.store.InboundRelay;
import io.parley.store.Seal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `parley relay list|retry`: messages that are to be passed on to Customer.io.
@Command(
    name = "relay",
    description =
        "Look at messages that wait to be passed on to Customer.io, and try dead ones again.",
    mixinStandardHelpOptions = true)
final class RelayCommand {

  @Mixin private final DatabaseOption database = new DatabaseOption();
  @Mixin private final SealOption seal = new SealOption();

  @Command(
      description = "List what waits and what is dead, the latest first.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--limit", defaultValue = "50", description = "at most so many") int limit) {
    return database.ask(
        pool -> new InboundRelay(pool, Seal.NONE).list(limit),
        held -> {
          held.forEach(
              it ->
                  System.out.printf(
                      "%s  received %s  attempts %d%s  %s%n",
                      it.message(),
                      it.receivedAt(),
                      it.attempts(),
                      it.dead() ? " (dead)" : "",
                      it.error()));
          return CommandLine.ExitCode.OK;
        });
  }

  @Command(
      description =
          "Let a running service pass every dead one on, however old it is. Exit status 1 where a"
              + " body cannot be opened.",
      mixinStandardHelpOptions = true)
  int retry() {
    return seal.with(
        opening ->
            database.ask(
                pool -> new InboundRelay(pool, opening).retry(),
                retried -> {
                  System.out.println(retried.count() + " to be tried again");
                  retried.shut().forEach(System.err::println);
                  return retried.shut().isEmpty()
                      ? CommandLine.ExitCode.OK
                      : CommandLine.ExitCode.SOFTWARE;
                }));
  }
}
