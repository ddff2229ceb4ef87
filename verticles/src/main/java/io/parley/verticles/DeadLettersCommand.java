package io.parley.verticles;

import io.parley.codec.Codec;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.store.DeadLetters;
import io.parley.store.DeadLetters.DeadLetter;
import io.parley.store.DeadLetters.Done;
import io.parley.store.DeadLetters.Which;
import io.parley.store.Seal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley dead-letters list|show|edit|replay|discard|reseal`: reports that their destination would
/// not take.
@Command(
    name = "dead-letters",
    description = "Look at reports that their destination refused, mend them, send them again.",
    mixinStandardHelpOptions = true)
final class DeadLettersCommand {

  /// As many as one statement moves where nothing paces them.
  private static final int BATCH = 500;

  /// A paced replay may take its time.
  private static final Duration PATIENCE = Duration.ofDays(7);

  private static final Pattern RATE = Pattern.compile("([1-9]\\d{0,4})(/s|/m)?");

  @Mixin private final DatabaseOption database = new DatabaseOption();

  @Mixin private final SealOption keys = new SealOption();

  private final Clock clock = Clock.systemUTC();

  /// Which letters are meant.
  static final class Chosen {

    @Option(names = "--destination", description = "those for this destination")
    private Optional<String> destination = Optional.empty();

    @Option(names = "--reason", description = "those with this in their reason")
    private Optional<String> reason = Optional.empty();

    @Option(
        names = "--since",
        description = "those that died since a day, a time, or so long ago: 2026-05-01, 6h")
    private Optional<String> since = Optional.empty();

    boolean isAnything() {
      return destination.isPresent() || reason.isPresent() || since.isPresent();
    }
  }

  /// How letters are shown.
  enum Form {
    text,
    json
  }

  // ---- list, show

  @Command(description = "List the latest, newest first.", mixinStandardHelpOptions = true)
  int list(
      @Mixin Chosen chosen,
      @Option(names = "--limit", defaultValue = "50", description = "at most so many") int limit,
      @Option(
              names = "--format",
              defaultValue = "text",
              description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} where nothing is said")
          Form form) {
    return which(
        "",
        chosen,
        which ->
            with(
                letters -> letters.list(which, limit),
                found -> {
                  switch (form) {
                    case text -> found.forEach(it -> System.out.println(line(it)));
                    case json -> {
                      JsonArray all = new JsonArray();
                      found.forEach(it -> all.add(json(it)));
                      System.out.println(all.encodePrettily());
                    }
                  }
                  return CommandLine.ExitCode.OK;
                }));
  }

  @Command(
      description = "Show one whole; of one that several destinations refused, each.",
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(paramLabel = "ID", description = "conversation:turn:index") String id,
      @Mixin Chosen chosen,
      @Option(names = "--body", description = "the body alone, as edit takes it") boolean body) {
    return which(
        id,
        chosen,
        which ->
            with(
                letters -> letters.list(which, BATCH),
                found -> {
                  if (found.isEmpty()) {
                    return unknown(id);
                  }
                  for (DeadLetter letter : found) {
                    if (!body) {
                      facts(letter).forEach(System.out::println);
                    }
                    switch (letter.body()) {
                      case Seal.Opening.Open(var text) ->
                          System.out.println(new JsonObject(text).encodePrettily());
                      case Seal.Opening.Shut(var why) ->
                          System.err.println("the body of " + name(letter) + " is shut: " + why);
                    }
                  }
                  return found.stream().allMatch(it -> it.body() instanceof Seal.Opening.Open)
                      ? CommandLine.ExitCode.OK
                      : CommandLine.ExitCode.SOFTWARE;
                }));
  }

  private static String line(DeadLetter it) {
    return "%s  %s  %s  attempts %d%s  %s"
        .formatted(
            it.id(),
            it.diedAt(),
            it.destination(),
            it.attempts(),
            it.editedAt().isPresent() ? "  edited" : "",
            it.reason());
  }

  private static List<String> facts(DeadLetter it) {
    return Stream.of(
            Optional.of("id " + it.id()),
            Optional.of("destination " + it.destination()),
            Optional.of("reason " + it.reason()),
            Optional.of("attempts " + it.attempts()),
            Optional.of("asked for " + it.createdAt()),
            Optional.of("dead since " + it.diedAt()),
            it.editedAt().map(at -> "edited " + at))
        .flatMap(Optional::stream)
        .toList();
  }

  private static JsonObject json(DeadLetter it) {
    JsonObject json =
        new JsonObject()
            .put("id", it.id().toString())
            .put("destination", it.destination())
            .put("reason", it.reason())
            .put("attempts", it.attempts())
            .put("created_at", it.createdAt().toString())
            .put("died_at", it.diedAt().toString());
    it.editedAt().ifPresent(at -> json.put("edited_at", at.toString()));
    return switch (it.body()) {
      case Seal.Opening.Open(var text) -> json.put("body", new JsonObject(text));
      case Seal.Opening.Shut(var why) -> json.put("shut", why);
    };
  }

  private static String name(DeadLetter letter) {
    return letter.id() + " for " + letter.destination();
  }

  // ---- edit

  @Command(
      description =
          "Put another body in the place of one's, as show --body prints it. Its id and its kind stay.",
      mixinStandardHelpOptions = true)
  int edit(
      @Parameters(paramLabel = "ID", description = "conversation:turn:index") String id,
      @Mixin Chosen chosen,
      @Option(
              names = "--body",
              paramLabel = "FILE",
              description = "where the body is; standard input where nothing is said")
          Optional<Path> file) {
    Optional<String> text = text(file);
    return text.isEmpty()
        ? CommandLine.ExitCode.USAGE
        : which(
            id,
            chosen,
            which -> with(letters -> edit(letters, which, text.get()), told -> print(id, told)));
  }

  private static Optional<String> text(Optional<Path> file) {
    try {
      return Optional.of(
          file.isPresent()
              ? Files.readString(file.get())
              : new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      System.err.println(
          file.map(Path::toString).orElse("standard input") + " cannot be read: " + Phrases.why(e));
      return Optional.empty();
    }
  }

  /// What came of an edit.
  private sealed interface Edited {
    record Kept(DeadLetter letter) implements Edited {}

    record Unknown() implements Edited {}

    record Refused(String why) implements Edited {}
  }

  private static Future<Edited> edit(DeadLetters letters, Which which, String text) {
    return letters
        .list(which, BATCH)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture(new Edited.Unknown());
              }
              if (found.size() > 1) {
                return refused(
                    "several destinations refused it; name one with --destination: "
                        + found.stream().map(DeadLetter::destination).toList());
              }
              DeadLetter letter = found.getFirst();
              return switch (body(letter, text)) {
                case Body.Wrong(var why) -> refused(why);
                case Body.Right(var effect) ->
                    letters
                        .edit(letter, Codec.encodeEffect(effect))
                        .compose(
                            kept ->
                                kept
                                    ? Future.succeededFuture(new Edited.Kept(letter))
                                    : refused("somebody else has changed it meanwhile"));
              };
            });
  }

  private static Future<Edited> refused(String why) {
    return Future.succeededFuture(new Edited.Refused(why));
  }

  /// A body that is to stand in a letter's.
  private sealed interface Body {
    record Right(Effect effect) implements Body {}

    record Wrong(String why) implements Body {}
  }

  private static Body body(DeadLetter letter, String text) {
    Effect edited;
    try {
      edited = Codec.decodeEffect(Codec.FORMAT, new JsonObject(text).encode());
    } catch (DecodeException e) {
      return new Body.Wrong("the body is no JSON object: " + e.getMessage());
    } catch (IllegalStateException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return new Body.Wrong("the body is no report: " + cause.getMessage());
    }
    if (!(edited instanceof Effect.Outgoing outgoing) || !outgoing.id().equals(letter.id())) {
      return new Body.Wrong(
          "the body's id must stay " + letter.id() + ": destinations know a repeat by it");
    }
    if (letter.body() instanceof Seal.Opening.Open(var before)) {
      Effect was = Codec.decodeEffect(letter.format(), before);
      if (!was.getClass().equals(edited.getClass())) {
        return new Body.Wrong("the body's type must stay " + was.getClass().getSimpleName());
      }
    } else if (!(edited instanceof Effect.ReportOutcome)
        && !(edited instanceof Effect.ReportAttributes)) {
      return new Body.Wrong("the body's type must be ReportOutcome or ReportAttributes");
    }
    return new Body.Right(edited);
  }

  private static int print(String id, Edited edited) {
    return switch (edited) {
      case Edited.Kept(var letter) -> {
        System.out.println("edited: " + name(letter));
        yield CommandLine.ExitCode.OK;
      }
      case Edited.Unknown _ -> unknown(id);
      case Edited.Refused(var why) -> {
        System.err.println("nothing was changed: " + why);
        yield CommandLine.ExitCode.SOFTWARE;
      }
    };
  }

  // ---- replay

  @Command(
      description =
          "Put one back in the outbox, or those that are chosen, or all with --all; oldest first. A"
              + " destination that had taken one after all ignores it. Can be broken off, and be done"
              + " again.",
      mixinStandardHelpOptions = true)
  int replay(
      @Parameters(
              paramLabel = "ID",
              arity = "0..1",
              description = "conversation:turn:index",
              defaultValue = "")
          String id,
      @Mixin Chosen chosen,
      @Option(names = "--all", description = "every one") boolean all,
      @Option(names = "--rate", description = "so many a second (50, 50/s) or a minute (30/m)")
          Optional<String> rate) {
    if (!isClear(id, chosen, all)) {
      return CommandLine.ExitCode.USAGE;
    }
    Optional<Double> perSecond = rate.flatMap(DeadLettersCommand::perSecond);
    if (rate.isPresent() && perSecond.isEmpty()) {
      System.err.println("--rate " + rate.get() + " is not of the form 50, 50/s or 30/m");
      return CommandLine.ExitCode.USAGE;
    }
    return which(
        id,
        chosen,
        which ->
            keys.with(
                seal ->
                    database.ask(
                        PATIENCE.toSeconds(),
                        (vertx, pool) ->
                            new Replay(vertx, new DeadLetters(pool, seal), which, perSecond)
                                .from(Done.NOTHING),
                        done -> print(id, done))));
  }

  private static Optional<Double> perSecond(String text) {
    Matcher rate = RATE.matcher(text);
    return rate.matches()
        ? Optional.of(Double.parseDouble(rate.group(1)) / ("/m".equals(rate.group(2)) ? 60 : 1))
        : Optional.empty();
  }

  /// One replay, batch by batch.
  private record Replay(Vertx vertx, DeadLetters letters, Which which, Optional<Double> perSecond) {

    Future<Done> from(Done sofar) {
      int batch = perSecond.map(rate -> Math.max(1, rate.intValue())).orElse(BATCH);
      return letters
          .replay(which, sofar, batch)
          .compose(
              next ->
                  next.equals(sofar)
                      ? Future.succeededFuture(sofar)
                      : pause(batch).compose(_ -> from(next)));
    }

    private Future<?> pause(int batch) {
      return perSecond.isEmpty()
          ? Future.succeededFuture()
          : vertx.timer((long) (1000 * batch / perSecond.get()), TimeUnit.MILLISECONDS);
    }
  }

  private static int print(String id, Done done) {
    System.out.println(done.letters() + " put back in the outbox");
    tellOfShut(done);
    return done.shut() == 0 && (done.letters() > 0 || id.isEmpty())
        ? CommandLine.ExitCode.OK
        : CommandLine.ExitCode.SOFTWARE;
  }

  // ---- discard

  @Command(
      description =
          "Give one up for good, or those that are chosen, or all with --all. That they were given"
              + " up stays on record.",
      mixinStandardHelpOptions = true)
  int discard(
      @Parameters(
              paramLabel = "ID",
              arity = "0..1",
              description = "conversation:turn:index",
              defaultValue = "")
          String id,
      @Mixin Chosen chosen,
      @Option(names = "--all", description = "every one") boolean all,
      @Option(names = "--yes", description = "do not ask whether that is meant") boolean yes) {
    if (!isClear(id, chosen, all)) {
      return CommandLine.ExitCode.USAGE;
    }
    return which(
        id,
        chosen,
        which -> {
          if (!yes && !isConfirmed(which)) {
            System.err.println("nothing was discarded");
            return CommandLine.ExitCode.SOFTWARE;
          }
          return with(
              letters -> letters.discard(which),
              count -> {
                System.out.println(count + " discarded");
                return count > 0 || id.isEmpty()
                    ? CommandLine.ExitCode.OK
                    : CommandLine.ExitCode.SOFTWARE;
              });
        });
  }

  private boolean isConfirmed(Which which) {
    int shown =
        with(
            letters -> letters.count(which),
            count -> {
              System.out.print("Discard " + count + " for good? Type yes: ");
              System.out.flush();
              return CommandLine.ExitCode.OK;
            });
    try {
      String answer =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      return shown == CommandLine.ExitCode.OK && answer != null && answer.strip().equals("yes");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- reseal

  @Command(
      description =
          "Seal all bodies under the first key: after it has changed, or has been set. The one behind"
              + " it is not needed any more then.",
      mixinStandardHelpOptions = true)
  int reseal() {
    return keys.with(
        seal -> {
          if (seal.key().isEmpty()) {
            System.err.println("there is no key: set PARLEY_DEAD_LETTER_KEY");
            return CommandLine.ExitCode.USAGE;
          }
          return with(
              DeadLetters::reseal,
              done -> {
                System.out.printf("%d sealed under key %s%n", done.letters(), seal.key().get());
                tellOfShut(done);
                return done.shut() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
              });
        });
  }

  // ---- what all have

  private static boolean isClear(String id, Chosen chosen, boolean all) {
    boolean named = !id.isEmpty() || chosen.isAnything();
    if (all == named) {
      System.err.println(
          "name one dead letter, choose by --destination, --reason or --since, or say --all");
    }
    return all != named;
  }

  private int which(String id, Chosen chosen, Function<Which, Integer> use) {
    Optional<EffectId> effect = Optional.empty();
    try {
      effect = id.isEmpty() ? Optional.empty() : Optional.of(EffectId.parse(id));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    var since = chosen.since.flatMap(text -> PointInTime.parse(text, clock.instant()));
    if (chosen.since.isPresent() && since.isEmpty()) {
      System.err.println("--since " + chosen.since.get() + " is not " + PointInTime.FORMS);
      return CommandLine.ExitCode.USAGE;
    }
    return use.apply(new Which(effect, chosen.destination, chosen.reason, since));
  }

  private static void tellOfShut(Done done) {
    if (done.shut() > 0) {
      System.err.println(
          "%d stay, since their bodies are shut; of the first: %s"
              .formatted(done.shut(), done.why()));
    }
  }

  private static int unknown(String id) {
    System.err.println("no dead letter has the id " + id);
    return CommandLine.ExitCode.SOFTWARE;
  }

  private <T> int with(Function<DeadLetters, Future<T>> ask, Function<T, Integer> print) {
    return keys.with(
        seal -> database.ask((Pool pool) -> ask.apply(new DeadLetters(pool, seal)), print));
  }
}
