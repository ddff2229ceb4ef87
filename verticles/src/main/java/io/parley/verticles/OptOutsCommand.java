package io.parley.verticles;

import io.parley.customerio.AppApi;
import io.parley.customerio.Region;
import io.parley.engine.Address;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `parley optouts diff`: where Parley, Customer.io and Twilio differ about who has opted out.
@Command(
    name = "optouts",
    description = "Compare who has opted out here and elsewhere.",
    mixinStandardHelpOptions = true)
final class OptOutsCommand {

  private static final long PATIENCE_SECONDS = 3_600;

  @Mixin private final DatabaseOption database = new DatabaseOption();

  private final Clock clock = Clock.systemUTC();

  /// How the drift is shown.
  enum Form {
    text,
    json
  }

  /// What was found, and what was done about it.
  private record Found(OptOutDrift drift, Optional<OptOutReconciliation.Mended> mended) {}

  @Command(
      description =
          "List where Parley and Customer.io differ. Twilio has no list to ask: of it is told what"
              + " its refusals have said. Exit status 1 where they differ.",
      mixinStandardHelpOptions = true)
  int diff(
      @Option(
              names = "--mend",
              description = "record here what is missing here, and there what is missing there")
          boolean mend,
      @Option(
              names = "--format",
              defaultValue = "text",
              description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} where nothing is said")
          Form form,
      @Option(
              names = "--app-key",
              defaultValue = "${PARLEY_CUSTOMERIO_APP_KEY:-}",
              description = "App API key; PARLEY_CUSTOMERIO_APP_KEY where it is set")
          String key,
      @Option(
              names = "--app-url",
              defaultValue = "${PARLEY_CUSTOMERIO_APP_URL:-}",
              description = "another base URL of the App API")
          String url,
      @Option(
              names = "--region",
              defaultValue = "${PARLEY_CUSTOMERIO_REGION:-us}",
              description = "us or eu")
          String region) {
    if (key.isBlank()) {
      System.err.println("name the App API key: --app-key or PARLEY_CUSTOMERIO_APP_KEY");
      return CommandLine.ExitCode.USAGE;
    }
    String usual = (region.equals("eu") ? Region.EU : Region.US).appUrl();
    AppApi api = new AppApi(URI.create(url.isBlank() ? usual : url), key);
    return database.ask(
        PATIENCE_SECONDS,
        (vertx, pool) -> found(vertx, pool, api, mend),
        found -> {
          switch (form) {
            case json -> System.out.println(json(found).encodePrettily());
            case text -> print(found);
          }
          return found.drift().isNone() || isMended(found)
              ? CommandLine.ExitCode.OK
              : CommandLine.ExitCode.SOFTWARE;
        });
  }

  private static boolean isMended(Found found) {
    return found.mended().filter(it -> it.failed().isEmpty()).isPresent();
  }

  private Future<Found> found(Vertx vertx, Pool pool, AppApi api, boolean mend) {
    OptOutReconciliation reconciliation =
        new OptOutReconciliation(
            vertx,
            pool,
            api,
            new SinkCourier.Pace(5, Duration.ofSeconds(10)),
            new SlidingLimit(5),
            clock);
    return reconciliation
        .compare()
        .compose(
            drift ->
                mend
                    ? reconciliation
                        .mend(drift, true)
                        .map(mended -> new Found(drift, Optional.of(mended)))
                    : Future.succeededFuture(new Found(drift, Optional.empty())));
  }

  private static void print(Found found) {
    OptOutDrift drift = found.drift();
    System.out.printf(
        "opted out: %d addresses in Parley (%d of them refused by Twilio), %d people in"
            + " Customer.io%n",
        drift.here(), drift.twilios(), drift.there());
    drift
        .missingHere()
        .forEach(
            it ->
                System.out.printf(
                    "missing in Parley: %s of %s, who opted out of %s%n",
                    it.address(), it.customer(), it.of().from()));
    drift
        .unknownHere()
        .forEach(
            it ->
                System.out.printf(
                    "missing in Parley: %s, of whom no address is known%n", it.customer()));
    drift
        .missingThere()
        .forEach(
            it ->
                System.out.printf(
                    "missing in Customer.io: %s of %s, for the sender %s%n",
                    it.address(), it.customer().id(), it.sender().from()));
    drift
        .liftedHere()
        .forEach(it -> System.out.printf("opted in again in Parley, not in Customer.io: %s%n", it));
    drift
        .incomparable()
        .forEach(it -> System.out.printf("cannot be compared, in Parley alone: %s%n", it));
    System.out.println("Twilio lists no opt-outs: what it refuses is on record here as it refuses");
    found
        .mended()
        .ifPresent(
            mended -> {
              System.out.printf(
                  "mended: %d in Parley, %d in Customer.io%n", mended.here(), mended.there());
              mended.failed().forEach(it -> System.out.println("not mended: " + it));
            });
  }

  private static JsonObject json(Found found) {
    OptOutDrift drift = found.drift();
    JsonArray missingHere = new JsonArray();
    drift
        .missingHere()
        .forEach(
            it ->
                missingHere.add(
                    new JsonObject()
                        .put("address", it.address().value())
                        .put("customer", it.customer())
                        .put("sender", it.of().from())));
    JsonArray unknownHere = new JsonArray();
    drift.unknownHere().forEach(it -> unknownHere.add(it.customer()));
    JsonArray missingThere = new JsonArray();
    drift
        .missingThere()
        .forEach(
            it ->
                missingThere.add(
                    new JsonObject()
                        .put("address", it.address().value())
                        .put("customer", it.customer().id())
                        .put("sender", it.sender().from())));
    JsonObject json =
        new JsonObject()
            .put("opted_out_here", drift.here())
            .put("opted_out_there", drift.there())
            .put("refused_by_twilio", drift.twilios())
            .put("missing_here", missingHere)
            .put("unknown_here", unknownHere)
            .put("missing_there", missingThere)
            .put("lifted_here", texts(drift.liftedHere()))
            .put("incomparable", texts(drift.incomparable()));
    found
        .mended()
        .ifPresent(
            mended ->
                json.put(
                    "mended",
                    new JsonObject()
                        .put("here", mended.here())
                        .put("there", mended.there())
                        .put("failed", new JsonArray(mended.failed()))));
    return json;
  }

  private static JsonArray texts(List<Address> addresses) {
    return new JsonArray(addresses.stream().map(Address::value).toList());
  }
}
