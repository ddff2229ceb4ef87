package io.parley.verticles;

import io.parley.store.Memberships;
import io.parley.store.Memberships.Listed;
import io.parley.store.Memberships.Size;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley audiences`: which there are, how many are in them and by which rules, and who.
@Command(
    name = "audiences",
    description = "List the audiences with their sizes and rules.",
    mixinStandardHelpOptions = true)
final class AudiencesCommand implements Callable<Integer> {

  @Mixin private final DatabaseOption database = new DatabaseOption();

  @Override
  public Integer call() {
    return database.ask(
        pool -> Memberships.sizes(pool, Instant.now()),
        sizes -> {
          print(sizes);
          return CommandLine.ExitCode.OK;
        });
  }

  private static void print(List<Size> sizes) {
    if (sizes.isEmpty()) {
      System.out.println("no audiences: the rules file names none, or no service has read it yet");
      return;
    }
    int width = sizes.stream().mapToInt(it -> it.audience().length()).max().orElse(0);
    for (Size size : sizes) {
      System.out.printf(
          "%-" + width + "s  %d in it, %d to come%s%s%s%n",
          size.audience(),
          size.members(),
          size.waiting(),
          size.drift().map(", %+d in a day"::formatted).orElse(""),
          size.isFilling() ? ", being filled" : "",
          size.isTold() ? ", being told again" : "");
      System.out.printf("%-" + width + "s  %s%n", "", size.definition());
    }
  }

  @Command(
      description = "List who is in an audience, the latest first.",
      mixinStandardHelpOptions = true)
  int members(
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--limit", defaultValue = "50", description = "at most so many") int limit) {
    return database.ask(
        pool -> Memberships.members(pool, name, limit),
        members -> {
          members.forEach(AudiencesCommand::print);
          return CommandLine.ExitCode.OK;
        });
  }

  private static void print(Listed member) {
    System.out.printf(
        "%s%s%s  since %s%s%s%n",
        member.person(),
        besides("id:", member.externalId(), member.person()),
        besides("number:", member.number(), member.person()),
        member.enteredAt(),
        member.endsAt().map(it -> "  until " + it).orElse(""),
        member.isTold() ? "" : "  (told to nobody: neither id, number nor e-mail is known)");
  }

  private static String besides(String kind, Optional<String> name, String person) {
    return name.map(it -> kind + it)
        .filter(it -> !it.equals(person))
        .map(it -> " " + it)
        .orElse("");
  }

  @Command(
      description = "Have a running service tell the destinations the whole membership again.",
      mixinStandardHelpOptions = true)
  int resync(@Parameters(paramLabel = "NAME") String name) {
    return database.ask(
        pool -> Memberships.resync(pool, name),
        known -> {
          if (known) {
            System.out.println(name + " is being told again");
            return CommandLine.ExitCode.OK;
          }
          System.err.println("there is no audience " + name + "; parley audiences lists them");
          return CommandLine.ExitCode.SOFTWARE;
        });
  }
}
