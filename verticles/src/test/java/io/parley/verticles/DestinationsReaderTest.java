package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.edge.OutcomeSink;
import io.parley.engine.Outcomes;
import io.parley.engine.outcomes.OutcomeCatalogue;
import io.parley.engine.outcomes.OutcomeType;
import io.parley.store.Subscription;
import io.parley.verticles.DestinationsFile.Reading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationsReaderTest {

  private static final DestinationsFile FILE =
      new DestinationsFile(Path.of("destinations.yaml"), true);
  private static final Map<String, String> SECRETS = Map.of("AUDIT_SECRET", "s3cret");

  private static final String SECRET_NAME =
      " must be the name, in capitals, of a secret whose value is in PARLEY_DESTINATION_SECRETS";

  private static final String TYPES =
      "csv, customerio_segment, google_ads_conversions, google_audience, google_conversions,"
          + " meta_audience, meta_conversions, segment, segment_audience, tiktok_audience,"
          + " tiktok_events, webhook";

  @Test
  void aWebhookNeedsAUrlAndASecret() {
    Destination audit =
        only("audit: {type: webhook, url: https://example.com/parley, secret: AUDIT_SECRET}");

    assertThat(audit.name()).isEqualTo("audit");
    assertThat(audit.type()).isEqualTo("webhook");
    assertThat(audit.isOn()).isTrue();
    assertThat(audit.state()).isEqualTo("on");
    assertThat(audit.taker().maxBatchSize()).isEqualTo(100);
    assertThat(audit.pace())
        .isEqualTo(
            new SinkCourier.Pace(10, Duration.ofSeconds(10), Duration.ZERO, Duration.ofMinutes(1)));
    Subscription all = audit.subscription();
    assertThat(OutcomeCatalogue.all()).allMatch(type -> all.outcomes().test(type.name()));
    assertThat(all.attributes()).isTrue();
  }

  @Test
  void whatAnEntryAsksForIsTaken() {
    Destination audit =
        only(
            """
            audit:
              type: webhook
              url: http://collector:8080/parley
              secret: [NEW_SECRET, AUDIT_SECRET]
              batch: 1
              events: [conversion, twilio_reply]
              requests_per_second: 0.5
              timeout: 1m30s
              longest_pause: 5m
              dry_run: true
            """);

    assertThat(audit.taker().maxBatchSize()).isEqualTo(1);
    assertThat(audit.pace())
        .isEqualTo(
            new SinkCourier.Pace(
                0.5, Duration.ofSeconds(90), Duration.ZERO, Duration.ofMinutes(5)));
    assertThat(audit.state()).isEqualTo("dry run");
    Subscription chosen = audit.subscription();
    assertThat(OutcomeCatalogue.all().stream().map(OutcomeType::name).filter(chosen.outcomes()))
        .containsExactlyInAnyOrder(Outcomes.CONVERSION, Outcomes.REPLY);
    assertThat(chosen.attributes()).isFalse();
  }

  @Test
  void segmentNeedsAWriteKey() {
    Destination us = only("segment: {type: segment, write_key: AUDIT_SECRET}");
    Destination eu = only("segment: {type: segment, write_key: AUDIT_SECRET, region: eu}");
    Destination own =
        only("segment: {type: segment, write_key: AUDIT_SECRET, url: \"http://localhost:1/\"}");

    assertThat(url(us)).isEqualTo("https://api.segment.io/v1/batch");
    assertThat(url(eu)).isEqualTo("https://events.eu1.segmentapis.com/v1/batch");
    assertThat(url(own)).isEqualTo("http://localhost:1/v1/batch");
    assertThat(us.pace().requestsPerSecond()).isEqualTo(50);
    assertThat(
            problems("destinations: {s: {type: segment, write_key: AUDIT_SECRET, region: mars}}"))
        .containsExactly("destinations.yaml: #/destinations/s/region must be us or eu");
  }

  @Test
  void filesNeedAFolderOfTheirOwn() {
    Destination files = only("warehouse: {type: csv, folder: warehouse}");

    assertThat(files.pace().gathering()).isEqualTo(Duration.ofMinutes(1));
    assertThat(only("w: {type: csv, folder: w, every: 5s}").pace().gathering())
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(
            problems(
                """
                destinations:
                  a: {type: csv, folder: out}
                  b: {type: csv, folder: in/../out}
                  c: {type: csv, every: often}
                """))
        .containsExactly(
            "destinations.yaml: #/destinations/c/folder must be a folder to keep files in",
            "destinations.yaml: #/destinations/c/every must be a duration such as 5s or 1m",
            "destinations.yaml: #/destinations/b/folder is the folder of a already; give each its"
                + " own");
  }

  @Test
  void aSecretThatCannotBeOneIsToldWithItsEntry() {
    assertThat(
            FILE.read(
                "destinations: {s: {type: segment, write_key: AUDIT_SECRET}}",
                Map.of("AUDIT_SECRET", "a:b"),
                InstantSource.system()))
        .isEqualTo(
            new Reading.Invalid(
                List.of(
                    "destinations.yaml: #/destinations/s cannot be used: Segment needs a write"
                        + " key, without a colon")));
  }

  @Test
  void whatNetworksNeedIsToldOfEachTypeAtOnce() {
    assertThat(
            problems(
                """
                destinations:
                  a: {type: meta_conversions, dataset: mine, action_source: website}
                  b: {type: tiktok_events, source_id: 7041, token: t0ken, counted_by: chance}
                  c: {type: google_conversions, conversion_action: buy, customer: acme}
                  d: {type: google_ads_conversions, conversion_action: {sold: 7}, customer: 1}
                  e: {type: meta_audience, token: AUDIT_SECRET}
                  f: {type: tiktok_audience, audience: vip, advertiser: 1, token: AUDIT_SECRET}
                  g: {type: customerio_segment, audiences: {vip: "?"}, api_key: AUDIT_SECRET}
                  h: {type: segment_audience, audiences: vip, format: page, write_key: AUDIT_SECRET}
                """))
        .extracting(it -> it.replace("destinations.yaml: #/destinations/", ""))
        .containsExactly(
            "a/dataset must be the id of a dataset, once called a pixel: digits",
            "a/token" + SECRET_NAME,
            "a/action_source must be one of: chat, email, phone_call, physical_store,"
                + " system_generated, other",
            "b/token" + SECRET_NAME,
            "b/counted_by must be one of: order, outcome",
            "c/conversion_action must be the id of a conversion action: digits",
            "c/customer must be a customer id of Google Ads: 123-456-7890",
            "c/client_id must be the id of the OAuth client",
            "c/client_secret" + SECRET_NAME,
            "c/refresh_token" + SECRET_NAME,
            "d/conversion_action/sold must be the name of an outcome that is reported",
            "d/developer_token" + SECRET_NAME,
            "d/client_id must be the id of the OAuth client",
            "d/client_secret" + SECRET_NAME,
            "d/refresh_token" + SECRET_NAME,
            "e/audiences must say which list holds which audience, by its key:"
                + " {cio_cart_abandon_6h: 123}; or, of one alone, audience and list do",
            "f/list must be the id of the list that holds the audience: digits",
            "g/site_id must be the site id of the Track API",
            "g/audiences/vip must be the id of the list that holds vip: digits",
            "h/audiences must be a list of keys of audiences; leave it out for all",
            "h/format must be one of: identify, track");
  }

  @Test
  void aKeyOfAnotherTypeIsNotKnown() {
    assertThat(
            problems(
                """
                destinations:
                  a: {type: segment_audience, write_key: AUDIT_SECRET, keeps_buyers: true, every: 1m}
                  b:
                    type: customerio_segment
                    audiences: {vip: 7}
                    site_id: 1a
                    api_key: AUDIT_SECRET
                    every: 1m
                    keeps_buyers: true
                """))
        .containsExactly(
            "destinations.yaml: #/destinations/a/every is not known here; known are: type, events,"
                + " requests_per_second, timeout, longest_pause, dry_run, keeps_buyers, audience,"
                + " audiences, format, space, region, url, write_key",
            "destinations.yaml: #/destinations/b/keeps_buyers is not known here; known are: type,"
                + " events, requests_per_second, timeout, longest_pause, dry_run, every, site_id,"
                + " region, segment, audiences, audience, url, api_key");
  }

  @Test
  void theTermsOfCustomerMatchMustBeAccepted() {
    assertThat(
            problems(
                """
                destinations:
                  list:
                    type: google_audience
                    audiences: {vip: 7}
                    customer: 123-456-7890
                    client_id: client
                    client_secret: AUDIT_SECRET
                    refresh_token: AUDIT_SECRET
                """))
        .containsExactly(
            "destinations.yaml: #/destinations/list/terms_accepted must be true: Google is told with"
                + " each request that the terms of Customer Match are accepted");
  }

  private static String url(Destination destination) {
    return ((OutcomeSink) destination.taker()).compose(List.of()).url();
  }

  @Test
  void withoutItsSecretADestinationIsOffAndSaysSo() {
    Destination audit =
        only("audit: {type: webhook, url: https://example.com, secret: [NEW_SECRET, OTHER]}");

    assertThat(audit.isOn()).isFalse();
    assertThat(audit.state())
        .isEqualTo("off: PARLEY_DESTINATION_SECRETS has no NEW_SECRET and no OTHER");
  }

  @Test
  void allThatIsWrongIsToldAtOnceWithItsPlaceAndItsRemedy() {
    assertThat(
            problems(
                """
                destinations:
                  Audit: {type: webhook, url: https://example.com, secret: AUDIT_SECRET}
                  twilio: {type: webhook, url: https://example.com, secret: AUDIT_SECRET}
                  customerio-eu: {type: webhook, url: https://example.com, secret: AUDIT_SECRET}
                  a: {type: pigeon}
                  b: webhook
                  c: {type: webhook, url: http://example.com, secret: s3cret}
                  d: {type: webhook, url: "https://me:you@example.com", secret: [A_1, B_1, C_1]}
                  e:
                    type: webhook
                    url: https://example.com
                    secret: AUDIT_SECRET
                    batch: 501
                    events: [twilio_replied]
                    requests_per_second: 0
                    timeout: 6m
                    dry_run: yes
                    every: 1m
                    uri: x
                  f: {type: webhook, url: https://example.com, secret: AUDIT_SECRET, events: []}
                more: 1
                """))
        .extracting(problem -> problem.replaceFirst("(must be one of: agent_handoff,).*", "$1 ..."))
        .containsExactly(
            "destinations.yaml: #/more is not known here; known are: destinations",
            "destinations.yaml: #/destinations/Audit has no name for a destination; use small"
                + " letters, digits, hyphens and underscores, a letter first, 63 at most",
            "destinations.yaml: #/destinations/twilio has a name that Parley uses itself; give it"
                + " another",
            "destinations.yaml: #/destinations/customerio-eu has a name that Parley uses itself;"
                + " give it another",
            "destinations.yaml: #/destinations/a/type must be one of: " + TYPES,
            "destinations.yaml: #/destinations/b must be one of: " + TYPES,
            "destinations.yaml: #/destinations/c/url must be an https URL with a host and without"
                + " credentials; http will do for a host of this machine, or one whose name has no"
                + " dot",
            "destinations.yaml: #/destinations/c/secret must be the name, in capitals, of a secret"
                + " whose value is in PARLEY_DESTINATION_SECRETS",
            "destinations.yaml: #/destinations/d/url must be an https URL with a host and without"
                + " credentials; http will do for a host of this machine, or one whose name has no"
                + " dot",
            "destinations.yaml: #/destinations/d/secret must be one secret or two, while one takes"
                + " the place of the other",
            "destinations.yaml: #/destinations/e/batch must be a whole number from 1 to 500",
            "destinations.yaml: #/destinations/e/every is not known here; known are: type, events,"
                + " requests_per_second, timeout, longest_pause, dry_run, url, secret, batch",
            "destinations.yaml: #/destinations/e/uri is not known here; known are: type, events,"
                + " requests_per_second, timeout, longest_pause, dry_run, url, secret, batch",
            "destinations.yaml: #/destinations/e/dry_run must be true or false",
            "destinations.yaml: #/destinations/e/events/0 must be one of: agent_handoff, ...",
            "destinations.yaml: #/destinations/e/requests_per_second must be a number above 0,"
                + " 10000 at most",
            "destinations.yaml: #/destinations/e/timeout must be a duration such as 10s, 5m at"
                + " most",
            "destinations.yaml: #/destinations/f/events must be a list of names of outcomes; leave"
                + " it out for all of them");
  }

  @Test
  void whatIsNoYamlIsToldWithItsLine() {
    assertThat(problems("destinations:\n  a: {type: webhook")).hasSize(1);
    assertThat(problems("destinations: 5").getFirst())
        .isEqualTo(
            "destinations.yaml: #/destinations must be an object with an entry for each"
                + " destination, by its name");
    assertThat(problems("destinations:\n  a: {type: webhook\n").getFirst())
        .startsWith("destinations.yaml is no YAML: line ");
    assertThat(problems("- a").getFirst())
        .isEqualTo("destinations.yaml: # must be an object with some of: destinations");
  }

  @Test
  void aFileThatSaysNothingMeansNoDestinations() {
    assertThat(FILE.read("", Map.of(), InstantSource.system()))
        .isEqualTo(new Reading.Valid(List.of()));
    assertThat(FILE.read("destinations: {}\n", Map.of(), InstantSource.system()))
        .isEqualTo(new Reading.Valid(List.of()));
  }

  @Test
  void onlyAFileThatWasNamedMustBeThere(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("destinations.yaml");

    assertThat(new DestinationsFile(file, false).load(Map.of(), InstantSource.system()))
        .isEqualTo(new Reading.Valid(List.of()));
    assertThat(new DestinationsFile(file, true).load(Map.of(), InstantSource.system()))
        .isEqualTo(
            new Reading.Invalid(
                List.of("cannot read " + file + ": there is no such file or folder")));
    Files.writeString(file, "destinations: 5");
    assertThat(new DestinationsFile(file, false).load(Map.of(), InstantSource.system()))
        .isInstanceOf(Reading.Invalid.class);
  }

  @Test
  void secretsAreTakenOutOfTexts() {
    Destination audit =
        only("audit: {type: webhook, url: https://example.com, secret: AUDIT_SECRET}");

    assertThat(audit.redaction().apply("https://a.example?t=s3cret&u=s3cret"))
        .isEqualTo("https://a.example?t=…&u=…");
    assertThat(audit).asString().doesNotContain("s3cret");
  }

  @Test
  void theUsualFileLiesInTheWorkingFolder() {
    assertThat(DestinationsFile.named(Optional.empty()))
        .isEqualTo(new DestinationsFile(Path.of("destinations.yaml"), false));
    assertThat(DestinationsFile.named(Optional.of("a.yaml")))
        .isEqualTo(new DestinationsFile(Path.of("a.yaml"), true));
  }

  private static Destination only(String entry) {
    String text = "destinations:\n" + entry.indent(2);
    return switch (FILE.read(text, SECRETS, InstantSource.system())) {
      case Reading.Valid(var destinations) -> {
        assertThat(destinations).hasSize(1);
        yield destinations.getFirst();
      }
      case Reading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  private static List<String> problems(String text) {
    return switch (FILE.read(text, SECRETS, InstantSource.system())) {
      case Reading.Valid(var destinations) -> throw new AssertionError(destinations);
      case Reading.Invalid(var problems) -> problems;
    };
  }
}
