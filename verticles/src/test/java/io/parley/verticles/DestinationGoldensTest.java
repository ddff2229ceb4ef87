package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.edge.OutcomeFiles;
import io.parley.edge.OutcomeSink;
import io.parley.edge.OutcomeTaker;
import io.parley.engine.Effect;
import io.parley.engine.outcomes.OutcomeCatalogue;
import io.parley.engine.outcomes.OutcomeType;
import io.parley.testkit.SampleReports;
import io.parley.verticles.DestinationsFile.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What leaves for each destination of each outcome of the catalogue, as its golden has it: a line
/// for what is true of a person and one for each outcome, with its name and the request that
/// carries it alone or the line that is filed. With `-Dparley.rewrite=true` the goldens are written
/// anew.
///
/// None can be forgotten: the samples are held against the catalogue, and the entries below against
/// the types that there are.
class DestinationGoldensTest {

  private static final Path GOLDENS = Path.of("src/test/resources/destinations");
  private static final InstantSource AT_NOON =
      InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));

  /// An entry of the destinations file for each type, without the type.
  private static final Map<String, String> ENTRIES =
      Map.ofEntries(
          Map.entry("csv", "folder: target/never-written"),
          Map.entry(
              "customerio_segment",
              "audience: cio_cart_abandon_0_24h, segment: 7, site_id: site, api_key: GOLDEN_SECRET"),
          Map.entry(
              "google_ads_conversions",
              "customer: 123-456-7890, conversion_action: 77, developer_token: GOLDEN_SECRET, "
                  + "client_id: id, client_secret: GOLDEN_SECRET, refresh_token: GOLDEN_SECRET"),
          Map.entry(
              "google_audience",
              "audience: cio_cart_abandon_0_24h, list: 71, terms_accepted: true, customer: 123-456-7890, "
                  + "client_id: id, client_secret: GOLDEN_SECRET, refresh_token: GOLDEN_SECRET"),
          Map.entry(
              "google_conversions",
              "customer: 123-456-7890, conversion_action: 77, "
                  + "client_id: id, client_secret: GOLDEN_SECRET, refresh_token: GOLDEN_SECRET"),
          Map.entry(
              "meta_audience", "audience: cio_cart_abandon_0_24h, list: 23, token: GOLDEN_SECRET"),
          Map.entry("meta_conversions", "dataset: 12, token: GOLDEN_SECRET"),
          Map.entry("segment", "write_key: GOLDEN_SECRET"),
          Map.entry(
              "segment_audience", "audience: cio_cart_abandon_0_24h, write_key: GOLDEN_SECRET"),
          Map.entry(
              "tiktok_audience",
              "audience: cio_cart_abandon_0_24h, list: 41, advertiser: 42, token: GOLDEN_SECRET"),
          Map.entry("tiktok_events", "source_id: \"7041\", token: GOLDEN_SECRET"),
          Map.entry(
              "webhook", "url: \"https://example.com/parley\", secret: GOLDEN_SECRET, batch: 1"));

  private static final Map<String, String> SETTINGS =
      Map.of(
          "PARLEY_PUBLIC_URL", "https://parley.example.com",
          "PARLEY_CUSTOMERIO_SITE_ID", "site",
          "PARLEY_CUSTOMERIO_API_KEY", "key",
          "PARLEY_CUSTOMERIO_APP_KEY", "app-key",
          "PARLEY_CUSTOMERIO_OPT_OUT", "optouts,unsubscribed,channel:sms,topic:7");

  @Test
  void everyTypeHasItsGoldens() {
    assertThat(ENTRIES.keySet())
        .as("an entry for each of the types; its golden is written by -Dparley.rewrite=true")
        .isEqualTo(DestinationTypes.ALL.keySet());
  }

  @Test
  void everyOutcomeOfTheCatalogueHasASample() {
    assertThat(SampleReports.all().stream().skip(1).map(DestinationGoldensTest::outcome))
        .containsExactlyInAnyOrderElementsOf(
            OutcomeCatalogue.all().stream().map(OutcomeType::name).toList());
  }

  static Stream<Destination> all() {
    return destinations().stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyOutcomeLeavesAsTheGoldenSays(Destination destination) throws IOException {
    Path golden = GOLDENS.resolve(destination.name() + ".txt");
    List<String> lines = new ArrayList<>();
    for (Effect.Outgoing report : SampleReports.all()) {
      lines.add(outcome(report) + " " + line(destination, report));
    }

    if (Boolean.getBoolean("parley.rewrite")) {
      Files.createDirectories(GOLDENS);
      Files.write(golden, lines);
    }
    assertThat(lines)
        .as("-Dparley.rewrite=true writes it anew")
        .isEqualTo(Files.readAllLines(golden));
  }

  @Test
  void everyGoldenIsOfADestination() throws IOException {
    try (Stream<Path> files = Files.list(GOLDENS)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              destinations().stream().map(it -> it.name() + ".txt").toList());
    }
  }

  /// Those that settings make, and one of each type of the file.
  private static List<Destination> destinations() {
    Settings settings = ((Settings.Reading.Usable) Settings.read(SETTINGS)).settings();
    List<Destination> destinations =
        new ArrayList<>(CustomerIoDestinations.of(settings.customerIo(), settings.optOuts()));
    StringBuilder file = new StringBuilder("destinations:\n");
    ENTRIES.forEach(
        (type, entry) -> file.append("  %s: {type: %s, %s}\n".formatted(named(type), type, entry)));
    Reading reading =
        new DestinationsFile(DestinationsFile.USUAL, true)
            .read(file.toString(), Map.of("GOLDEN_SECRET", "s3cret"), AT_NOON);
    assertThat(reading).isInstanceOf(Reading.Valid.class);
    destinations.addAll(((Reading.Valid) reading).destinations());
    return destinations;
  }

  /// As its type, but for names that are Parley's own.
  private static String named(String type) {
    return type.replaceFirst("^customerio_", "manual_");
  }

  private static String outcome(Effect.Outgoing report) {
    return report instanceof Effect.ReportOutcome it ? it.name() : OutcomeTaker.IDENTIFY;
  }

  private static String line(Destination destination, Effect.Outgoing report) {
    boolean isTaken =
        report instanceof Effect.ReportOutcome it
            ? destination.subscription().outcomes().test(it.name())
            : destination.subscription().attributes();
    if (!isTaken) {
      return "is not told";
    }
    return switch (destination.taker()) {
      case OutcomeSink sink -> request(sink.compose(List.of(report)));
      case OutcomeFiles files -> filed(files.compose(List.of(report)));
    };
  }

  private static String request(OutcomeSink.Composed composed) {
    return composed.effects().isEmpty()
        ? "cannot leave: " + composed.undeliverable().values()
        : composed.method() + " " + composed.url() + " " + composed.body();
  }

  private static String filed(OutcomeFiles.Filed filed) {
    OutcomeFiles.Page page = filed.pages().getFirst();
    return page.folder() + " " + page.lines().getFirst().text().strip().replace("\n", "\\n");
  }
}
