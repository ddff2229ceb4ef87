package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.calls.Timeouts;
import io.parley.engine.Address;
import io.parley.verticles.Settings.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  @Test
  void nothingNeedsToBeSet() {
    Settings settings = usable(Map.of("PATH", "/bin")).settings();

    assertThat(settings.httpPort()).isEqualTo(8080);
    assertThat(settings.databaseUrl()).isEmpty();
    assertThat(settings.twilio()).isEmpty();
    assertThat(settings.customerIo()).isEmpty();
    assertThat(settings.idle()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    List<String> problems =
        problems(
            Map.ofEntries(
                Map.entry("PARLEY_HTTP_PORT", "99999"),
                Map.entry("PARLEY_LANES", "none"),
                Map.entry("PARLEY_IDLE", "soon"),
                Map.entry("PARLEY_PUBLIC_URL", "parley.example.com"),
                Map.entry("PARLEY_DATABASE_URL", "mysql://x"),
                Map.entry("PARLEY_SEGMENTS_PER_SECOND", "0"),
                Map.entry("PARLEY_SMS_SENDER", "whatsapp:+15550001111"),
                Map.entry("PARLEY_WHATSAPP_SENDER", "+15550001111"),
                Map.entry("PARLEY_FLOW_BINDINGS", "+15550001111"),
                Map.entry("PARLEY_DEFAULT_REGION", "Narnia"),
                Map.entry("PARLEY_TWILIO_ACCOUNT_SID", "AC1"),
                Map.entry("PARLEY_CUSTOMERIO_API_KEY", "k"),
                Map.entry("PARLEY_CUSTOMERIO_REGION", "mars"),
                Map.entry("PARLEY_CUSTOMERIO_SIGNING_KEY", "one,,two"),
                Map.entry("PARLEY_TRIGGER_BASIC", "user"),
                Map.entry("PARLEY_TRIGER_BEARER", "x")));

    assertThat(problems)
        .extracting(problem -> problem.substring(0, problem.indexOf(':')))
        .containsExactly(
            "PARLEY_CUSTOMERIO_REGION",
            "PARLEY_CUSTOMERIO_SIGNING_KEY",
            "PARLEY_CUSTOMERIO_SITE_ID",
            "PARLEY_DATABASE_URL",
            "PARLEY_DEFAULT_REGION",
            "PARLEY_FLOW_BINDINGS",
            "PARLEY_HTTP_PORT",
            "PARLEY_IDLE",
            "PARLEY_LANES",
            "PARLEY_PUBLIC_URL",
            "PARLEY_SEGMENTS_PER_SECOND",
            "PARLEY_SMS_SENDER",
            "PARLEY_TRIGER_BEARER",
            "PARLEY_TRIGGER_BASIC",
            "PARLEY_TWILIO_AUTH_TOKEN",
            "PARLEY_WHATSAPP_SENDER");
  }

  @Test
  void whatIsWrongAboutWriteKeysIsToldWithoutThem() {
    assertThat(
            problems(
                Map.of("PARLEY_WRITE_KEYS", "shop=SECRET-1,Shop=SECRET-2,shop=SECRET-3,site=")))
        .hasSize(2)
        .allMatch(it -> it.startsWith("PARLEY_WRITE_KEYS: ") && !it.contains("SECRET"));
    assertThat(usable(Map.of("PARLEY_WRITE_KEYS", "shop=SECRET-1,site=SECRET-2")).shown())
        .containsEntry("PARLEY_WRITE_KEYS", "(set)");
  }

  @Test
  void whichNamedSecretIsWrongIsToldWithoutIt() {
    assertThat(
            problems(Map.of("PARLEY_DESTINATION_SECRETS", "META_TOKEN=SECRET-1,SECRET-2,A_KEY=a")))
        .containsExactly(
            "PARLEY_DESTINATION_SECRETS: value 2 of 3 is not NAME=value, the name in capitals; a"
                + " comma ends a value");
  }

  @Test
  void whatIsWrongAboutCallsIsToldByTheEntry() {
    assertThat(
            problems(
                Map.of(
                    "PARLEY_CALL_TIMEOUTS", "api.example.com=3s,=4s,b.example,c.example=soon",
                    "PARLEY_CALLS_ALLOWED_PRIVATE", "10.0.0.0/8,10.0.0.0/40",
                    "PARLEY_CALLS_REPEAT", "a b",
                    "PARLEY_CALLS_PER_HOST", "0",
                    "PARLEY_FUNCTIONS", "ZH1=https://a.example")))
        .containsExactly(
            "PARLEY_CALLS_ALLOWED_PRIVATE: \"10.0.0.0/40\" is not a host, an address or a CIDR:"
                + " 10.1.0.0/16",
            "PARLEY_CALLS_PER_HOST: \"0\" is not a whole number from 1 to 200",
            "PARLEY_CALLS_REPEAT: \"a b\" is not a host",
            "PARLEY_CALL_TIMEOUTS: \"=4s\" is not a host and a duration: api.example.com=3s",
            "PARLEY_CALL_TIMEOUTS: \"b.example\" is not a host and a duration: api.example.com=3s",
            "PARLEY_CALL_TIMEOUTS: \"c.example=soon\" is not a host and a duration:"
                + " api.example.com=3s",
            "PARLEY_FUNCTIONS: \"ZH1=https://a.example\" is not ZH...=URL, ZS...=URL or URL=URL,"
                + " each URL http or https");
  }

  @Test
  void eachHostHasItsTime() {
    Timeouts timeouts =
        usable(Map.of("PARLEY_CALL_TIMEOUTS", "api.example.com=3s, *.slow.example=20s"))
            .settings()
            .calls()
            .timeouts();

    assertThat(timeouts.of("api.example.com")).hasSeconds(3);
    assertThat(timeouts.of("a.slow.example")).hasSeconds(20);
    assertThat(timeouts.of("example.com")).hasSeconds(10);
  }

  @Test
  void shortLinksBeginWithThePublicUrlUnlessTheyHaveTheirOwn() {
    Map<String, String> given = Map.of("PARLEY_PUBLIC_URL", "https://parley.example.com");

    assertThat(usable(given).settings().linkUrl()).hasToString("https://parley.example.com");
    assertThat(usable(Map.of("PARLEY_LINK_URL", "https://go.example")).settings().linkUrl())
        .hasToString("https://go.example");
    assertThat(usable(given).settings().linkLifetime()).isEmpty();
    assertThat(usable(Map.of("PARLEY_LINK_LIFETIME", "90d")).settings().linkLifetime())
        .contains(Duration.ofDays(90));
    assertThat(problems(Map.of("PARLEY_LINK_URL", "https://go.example?a=b")))
        .singleElement()
        .asString()
        .startsWith("PARLEY_LINK_URL");
  }

  @Test
  void aTokenThatIsEmptyBetweenCommasIsAProblem() {
    assertThat(
            problems(
                Map.of("PARLEY_TWILIO_ACCOUNT_SID", "AC1", "PARLEY_TWILIO_AUTH_TOKEN", "hush,")))
        .singleElement()
        .asString()
        .startsWith("PARLEY_TWILIO_AUTH_TOKEN")
        .doesNotContain("hush");
  }

  @Test
  void secretsAreNeverShown() {
    Map<String, String> secrets =
        Map.of(
            "PARLEY_TWILIO_ACCOUNT_SID", "AC1",
            "PARLEY_TWILIO_AUTH_TOKEN", "hush-1",
            "PARLEY_CUSTOMERIO_SITE_ID", "site",
            "PARLEY_CUSTOMERIO_API_KEY", "hush-2",
            "PARLEY_CUSTOMERIO_SIGNING_KEY", "hush-3",
            "PARLEY_TRIGGER_BASIC", "user:hush-4",
            "PARLEY_TRIGGER_BEARER", "hush-5",
            "PARLEY_DATABASE_URL", "postgresql://user:hush-6@localhost/parley");

    Reading.Usable read = usable(secrets);

    assertThat(read.shown().toString()).doesNotContain("hush").contains("(set)", "AC1");
    assertThat(read.settings().toString()).doesNotContain("hush-1", "hush-2", "hush-3");
  }

  @Test
  void theEnvironmentWinsOverTheFile(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("parley.conf"),
            """
            # how we run it
            PARLEY_HTTP_PORT=9000
            PARLEY_LANES=3
            PARLEY_TWILIO_ACCOUNT_SID=
            PARLEY_FLOW_BINDINGS=+15550001111=cart,whatsapp:+15550001111=care
            """);

    Settings settings =
        usable(Map.of("PARLEY_CONFIG_FILE", file.toString(), "PARLEY_LANES", "4")).settings();

    assertThat(settings.httpPort()).isEqualTo(9000);
    assertThat(settings.lanes()).isEqualTo(4);
    assertThat(settings.bindings())
        .containsEntry(new Address("+15550001111"), "cart")
        .containsEntry(new Address("whatsapp:+15550001111"), "care");
  }

  @Test
  void aFileWithAnUnknownNameOrNoFileAtAllIsAProblem(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("parley.conf"), "PARLEY_COLOUR=red\n");

    assertThat(problems(Map.of("PARLEY_CONFIG_FILE", file.toString())))
        .singleElement()
        .asString()
        .startsWith("PARLEY_COLOUR");
    assertThat(problems(Map.of("PARLEY_CONFIG_FILE", folder.resolve("none").toString())))
        .singleElement()
        .asString()
        .startsWith("PARLEY_CONFIG_FILE");
  }

  private static Reading.Usable usable(Map<String, String> environment) {
    return switch (Settings.read(environment)) {
      case Reading.Usable usable -> usable;
      case Reading.Unusable(var problems) -> throw new AssertionError(problems);
    };
  }

  private static List<String> problems(Map<String, String> environment) {
    return switch (Settings.read(environment)) {
      case Reading.Usable usable -> throw new AssertionError(usable.shown());
      case Reading.Unusable(var problems) -> problems;
    };
  }
}
