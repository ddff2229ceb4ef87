package io.parley.verticles;

import io.parley.customerio.TrackErasure;
import io.parley.store.ConsentHistory;
import io.parley.store.Contacts;
import io.parley.store.Dossier;
import io.parley.store.Erasure;
import io.parley.store.Who;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley contacts import|show|list|erase`: what is on record of people.
@Command(
    name = "contacts",
    description = "Look at what is on record of people, take it over from elsewhere, erase it.",
    mixinStandardHelpOptions = true)
final class ContactsCommand {

  private static final int BATCH = 1_000;
  private static final int MISTAKES_SHOWN = 50;
  private static final long PATIENCE_THERE_SECONDS = 300;

  @Mixin private final DatabaseOption database = new DatabaseOption();

  private final Clock clock = Clock.systemUTC();

  /// How a person is shown.
  enum Form {
    text,
    json
  }

  // ---- import

  @Command(
      name = "import",
      description =
          "Take over consents, opt-outs and external ids from a file of comma-separated values."
              + " Lines that cannot be read are named, and keep no other back.",
      mixinStandardHelpOptions = true)
  int take(
      @Parameters(
              paramLabel = "FILE.csv",
              description =
                  "columns: address, external_id, channel, programme, state, method, source, at,"
                      + " opted_out_at, evidence")
          Path file,
      @Option(names = "--dry-run", description = "read the file, and store nothing")
          boolean dryRun) {
    Instant now = clock.instant();
    ContactsFile read;
    try {
      read = ContactsFile.read(Files.readString(file), now);
    } catch (IOException e) {
      System.err.println(file + " cannot be read: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    complain(read.mistakes());
    if (dryRun) {
      System.out.printf(
          "would import %d contacts and %d consents%n",
          read.contacts().size(), read.consents().size());
      return status(read);
    }
    return database.ask(
        pool -> stored(pool, read, now),
        stored -> {
          System.out.printf(
              "imported %d contacts (%d opt-outs were new) and %d consents (%d were new)%n",
              read.contacts().size(), stored.optOuts(), read.consents().size(), stored.consents());
          return status(read);
        });
  }

  private static void complain(List<String> mistakes) {
    mistakes.stream().limit(MISTAKES_SHOWN).forEach(System.err::println);
    if (mistakes.size() > MISTAKES_SHOWN) {
      System.err.println((mistakes.size() - MISTAKES_SHOWN) + " lines more cannot be read");
    }
  }

  private static int status(ContactsFile read) {
    return read.mistakes().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  /// How much of a file was new.
  private record Stored(int optOuts, int consents) {}

  private static Future<Stored> stored(Pool pool, ContactsFile file, Instant now) {
    Contacts contacts = new Contacts(pool);
    ConsentHistory consents = new ConsentHistory(pool);
    return inBatches(file.contacts(), batch -> contacts.take(batch, now))
        .compose(
            optOuts ->
                inBatches(file.consents(), batch -> consents.record(batch, now))
                    .map(granted -> new Stored(optOuts, granted)));
  }

  private static <T> Future<Integer> inBatches(
      List<T> rows, Function<List<T>, Future<Integer>> store) {
    Future<Integer> stored = Future.succeededFuture(0);
    for (int from = 0; from < rows.size(); from += BATCH) {
      List<T> batch = rows.subList(from, Math.min(rows.size(), from + BATCH));
      stored = stored.compose(sofar -> store.apply(batch).map(more -> sofar + more));
    }
    return stored;
  }

  // ---- show, list

  @Command(
      description = "Show everything that is on record of a person.",
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(
              paramLabel = "ADDRESS|EXTERNAL_ID",
              description = "+14155550142, whatsapp:+14155550142, jane@example.com or 42")
          String who,
      @Option(
              names = "--format",
              defaultValue = "text",
              description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} where nothing is said")
          Form form) {
    return database.ask(
        pool -> Dossier.of(pool, Who.named(who)),
        dossier -> {
          switch (form) {
            case json -> System.out.println(DossierText.json(dossier).encodePrettily());
            case text -> DossierText.lines(dossier).forEach(System.out::println);
          }
          return dossier.isEmpty() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
        });
  }

  @Command(
      description = "List addresses that nothing may be sent to, the latest first.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--blocked", required = true, description = "those that are blocked")
          boolean blocked,
      @Option(names = "--limit", defaultValue = "50", description = "at most so many") int limit) {
    return database.ask(
        pool -> new Contacts(pool).blocked(limit),
        entries -> {
          entries.forEach(entry -> System.out.println(DossierText.line(entry)));
          return CommandLine.ExitCode.OK;
        });
  }

  // ---- erase

  @Command(
      description =
          "Erase everything that is on record of a person. What stays are hashes: the person's"
              + " opt-out holds, and a repeated webhook is still a repeat.",
      mixinStandardHelpOptions = true)
  int erase(
      @Parameters(
              paramLabel = "ADDRESS|EXTERNAL_ID",
              description = "+14155550142, whatsapp:+14155550142, jane@example.com or 42")
          String who,
      @Option(names = "--yes", description = "do not ask whether that is meant") boolean yes,
      @Option(
              names = "--customerio",
              arity = "0..1",
              fallbackValue = "suppress",
              paramLabel = "suppress|delete",
              description =
                  "destroy the person's profile in Customer.io first: suppress, which no later call"
                      + " undoes, where nothing is said, or delete. What fails is told, nothing is"
                      + " erased here then, and the command can be repeated.")
          Optional<TrackErasure.Way> there,
      @Mixin TrackOption track) {
    Who person = Who.named(who);
    Optional<TrackErasure> customerIo = track.erasure();
    if (there.isPresent() && customerIo.isEmpty()) {
      System.err.println(
          "name the Track API's credentials: --site-id and --api-key, or"
              + " PARLEY_CUSTOMERIO_SITE_ID and PARLEY_CUSTOMERIO_API_KEY");
      return CommandLine.ExitCode.USAGE;
    }
    if (!yes) {
      int shown = database.ask(pool -> Dossier.of(pool, person), ContactsCommand::announce);
      if (shown != CommandLine.ExitCode.OK || !isConfirmed()) {
        System.err.println("nothing was erased");
        return CommandLine.ExitCode.SOFTWARE;
      }
    }
    if (there.isPresent()) {
      int gone = eraseThere(person, customerIo.orElseThrow(), there.get());
      if (gone != CommandLine.ExitCode.OK) {
        System.err.println(
            "nothing was erased here: repeat the command, or erase here alone without --customerio");
        return gone;
      }
    }
    return database.ask(
        pool -> new Erasure(pool).erase(person, clock.instant()),
        taken -> {
          System.out.printf(
              "erased: %d conversations, %d turns; %d addresses stay opted out%n",
              taken.conversations(), taken.turns(), taken.optOuts());
          return CommandLine.ExitCode.OK;
        });
  }

  /// Before anything is forgotten here, since what is known here says whose profile it is.
  private int eraseThere(Who person, TrackErasure customerIo, TrackErasure.Way way) {
    return database.ask(
        PATIENCE_THERE_SECONDS,
        (vertx, pool) ->
            Dossier.of(pool, person)
                .compose(
                    dossier ->
                        new CustomerIoErasure(vertx, customerIo, way)
                            .erase(CustomerIoErasure.profiles(person, dossier))),
        told -> {
          told.forEach(one -> tell(one, way));
          return told.stream().allMatch(CustomerIoErasure.Gone::isGone)
              ? CommandLine.ExitCode.OK
              : CommandLine.ExitCode.SOFTWARE;
        });
  }

  private static void tell(CustomerIoErasure.Gone one, TrackErasure.Way way) {
    String profile = one.customer().type() + " " + one.customer().id();
    String done =
        switch (way) {
          case suppress -> "suppressed";
          case delete -> "deleted";
        };
    if (one.isGone()) {
      System.out.printf("Customer.io: %s %s%n", done, profile);
    } else {
      System.err.printf("Customer.io: not %s %s: %s%n", done, profile, one.why());
    }
  }

  private static int announce(Dossier dossier) {
    DossierText.lines(dossier).forEach(System.out::println);
    System.out.print("Erase all of it for good? Type yes: ");
    System.out.flush();
    return CommandLine.ExitCode.OK;
  }

  private static boolean isConfirmed() {
    try {
      String answer =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      return answer != null && answer.strip().equals("yes");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
