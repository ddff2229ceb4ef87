package io.parley.verticles;

import io.parley.store.CodePools;
import io.parley.store.CodePools.Depth;
import io.parley.store.CodePools.Loaded;
import io.parley.store.Offers;
import io.parley.store.Offers.Live;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley offers load|list`: the codes of pools, and the offers that stand.
@Command(
    name = "offers",
    description = "Load codes into pools, and look at pools and at the offers that stand.",
    mixinStandardHelpOptions = true)
final class OffersCommand {

  /// Bad lines that are named one by one.
  private static final int MAX_NAMED = 20;

  /// A million codes take half a minute.
  private static final long LOADING_SECONDS = 600;

  private static final int MAX_BYTES = 64 * 1024 * 1024;
  private static final Pattern CODE = Pattern.compile("[\\p{L}\\p{N}_-]{4,64}");
  private static final Pattern POOL = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  @Mixin private final DatabaseOption database = new DatabaseOption();

  @Command(
      description = {
        "Add the codes of a file to a pool, one a line; of a CSV file the first column.",
        "A code that any pool has already is left out and named. Where a line is no code, nothing"
            + " is loaded."
      },
      mixinStandardHelpOptions = true)
  int load(
      @Parameters(paramLabel = "FILE", description = "codes, one a line") Path file,
      @Option(names = "--pool", required = true, description = "the pool, as the policy names it")
          String pool,
      @Option(names = "--skip-header", description = "do not read the first line") boolean header) {
    if (!POOL.matcher(pool).matches()) {
      System.err.println(
          "no name of a pool: "
              + pool
              + "; use small letters, digits, hyphens and underscores, 64 at most");
      return CommandLine.ExitCode.USAGE;
    }
    Reading reading;
    try {
      reading = read(file, header);
    } catch (IOException e) {
      System.err.println(problem(file, e));
      return CommandLine.ExitCode.SOFTWARE;
    }
    if (!reading.bad().isEmpty()) {
      reading.bad().stream().limit(MAX_NAMED).forEach(System.err::println);
      System.err.printf(
          "%d of %d lines are no codes; nothing was loaded%n",
          reading.bad().size(), reading.bad().size() + reading.codes().size());
      return CommandLine.ExitCode.SOFTWARE;
    }
    if (reading.codes().isEmpty()) {
      System.err.println(file + " has no codes; nothing was loaded");
      return CommandLine.ExitCode.SOFTWARE;
    }
    Instant now = Clock.systemUTC().instant();
    return database.ask(
        LOADING_SECONDS,
        connections -> loaded(new CodePools(connections), pool, reading.codes(), now),
        done -> print(pool, done));
  }

  private static String problem(Path file, IOException e) {
    return e instanceof MalformedInputException
        ? file + " is not UTF-8; nothing was loaded"
        : file + " cannot be read; nothing was loaded: " + e.getMessage();
  }

  /// @param bad what is wrong with which line
  private record Reading(List<String> codes, List<String> bad) {}

  private static Reading read(Path file, boolean header) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("it is larger than 64 MB; load it in parts");
    }
    List<String> codes = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = header ? 1 : 0; i < lines.size(); i++) {
      String code = code(lines.get(i));
      if (CODE.matcher(code).matches()) {
        codes.add(code);
      } else if (!lines.get(i).isBlank()) {
        bad.add(
            "%s:%d: %s is no code of 4 to 64 letters, digits, hyphens and underscores"
                .formatted(file, i + 1, shown(code)));
      }
    }
    return new Reading(codes, bad);
  }

  /// The first column, without quotes and the mark that spreadsheets put before a file.
  private static String code(String line) {
    String column = line.replace("\uFEFF", "").split("[,;\t]", 2)[0].strip();
    return column.length() > 1 && column.startsWith("\"") && column.endsWith("\"")
        ? column.substring(1, column.length() - 1).strip()
        : column;
  }

  private static String shown(String code) {
    return code.length() <= 40 ? "\"" + code + "\"" : "\"" + code.substring(0, 40) + "…\"";
  }

  private record Done(Loaded loaded, long free) {}

  private static Future<Done> loaded(
      CodePools pools, String pool, List<String> codes, Instant now) {
    return pools
        .load(pool, codes, now)
        .compose(loaded -> pools.free(pool).map(free -> new Done(loaded, free)));
  }

  private static int print(String pool, Done done) {
    Loaded loaded = done.loaded();
    loaded
        .named()
        .forEach(
            it ->
                System.out.printf(
                    "%s was there already, %s%n",
                    it.code(),
                    it.pool().isEmpty() ? "as a generated code" : "in pool " + it.pool()));
    int unnamed = loaded.repeated() - loaded.named().size();
    if (unnamed > 0) {
      System.out.println("and " + unnamed + " more that were there already");
    }
    System.out.printf(
        "%d loaded into pool %s, %d left out as repeats; %d free now%n",
        loaded.added(), pool, loaded.repeated(), done.free());
    return CommandLine.ExitCode.OK;
  }

  private record Overview(List<Depth> pools, List<Live> grants) {}

  @Command(
      description = "List pools with what is left in them, and the offers that stand.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(
              names = "--limit",
              defaultValue = "50",
              description = "at most so many offers, the first to expire first")
          int limit) {
    Instant now = Clock.systemUTC().instant();
    return database.ask(
        connections -> {
          Offers offers = new Offers(connections);
          return new CodePools(connections)
              .depths()
              .compose(pools -> offers.live(now, limit).map(live -> new Overview(pools, live)));
        },
        overview -> {
          overview
              .pools()
              .forEach(
                  it ->
                      System.out.printf(
                          "pool %s  %d free of %d%s%n",
                          it.pool(), it.free(), it.all(), it.free() == 0 ? "  EMPTY" : ""));
          overview.grants().forEach(OffersCommand::print);
          return CommandLine.ExitCode.OK;
        });
  }

  private static void print(Live live) {
    System.out.printf(
        "offer %s  %s  %s  %s  until %s  %s%n",
        live.offer(),
        live.code().isEmpty() ? "(no code yet)" : live.code(),
        live.worth(),
        live.state().name().toLowerCase(Locale.ROOT),
        live.expiresAt(),
        live.effect());
  }
}
