package io.parley.customerio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parley.customerio.Authentication.Rejected;
import io.parley.customerio.Authentication.Verified;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TriggerCredentialsTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final byte[] BODY = "{\"a\":1}".getBytes(UTF_8);
  private static final Optional<CustomerIoSignature> SIGNED =
      Optional.of(new CustomerIoSignature(List.of("s3cr3t"), Duration.ofMinutes(5)));
  private static final Optional<String> BASIC = Optional.of("cio:pä:ss");
  private static final Optional<String> BEARER = Optional.of("t0ken");

  private static final Map<String, String> SIGNATURE_HEADERS =
      Map.of(
          "x-cio-timestamp", "1700000000",
          "x-cio-signature", "e9059c43cd474a569209c909bf322c65b8cb12b70b2ffea21dad45a992d0bb04");

  @Test
  void eachMethodThatIsConfiguredSuffices() {
    var credentials = new TriggerCredentials(SIGNED, BASIC, BEARER);

    assertThat(credentials.decide(SIGNATURE_HEADERS, BODY, NOW))
        .isEqualTo(new Verified("signature"));
    assertThat(credentials.decide(basic("cio:pä:ss"), BODY, NOW)).isEqualTo(new Verified("basic"));
    assertThat(credentials.decide(authorization("bearer t0ken"), BODY, NOW))
        .isEqualTo(new Verified("bearer"));
  }

  @Test
  void nothingConfiguredNamesTheSettings() {
    var credentials = new TriggerCredentials(Optional.empty(), Optional.empty(), Optional.empty());

    assertThat(credentials.decide(SIGNATURE_HEADERS, BODY, NOW))
        .isEqualTo(
            new Rejected(
                "not_configured",
                "No way to authenticate triggers is configured: set PARLEY_CUSTOMERIO_SIGNING_KEY,"
                    + " PARLEY_TRIGGER_BASIC (user:password) or PARLEY_TRIGGER_BEARER."));
  }

  @Test
  void aMethodThatIsNotConfiguredProvesNothing() {
    var credentials = new TriggerCredentials(Optional.empty(), Optional.empty(), BEARER);

    assertThat(credentials.decide(basic("cio:pä:ss"), BODY, NOW))
        .isEqualTo(
            new Rejected(
                "missing_credentials",
                "The request proves nothing; send the header Authorization: Bearer."));
    assertThat(reason(credentials.decide(SIGNATURE_HEADERS, BODY, NOW)))
        .isEqualTo("missing_credentials");
  }

  @Test
  void aSignatureWithAKeyOfCustomerIosOwnDoesNotSpoilBasic() {
    var credentials =
        new TriggerCredentials(
            Optional.of(new CustomerIoSignature(List.of("other"), Duration.ofMinutes(5))),
            BASIC,
            Optional.empty());
    var headers = new java.util.TreeMap<>(SIGNATURE_HEADERS);
    headers.putAll(basic("cio:pä:ss"));

    assertThat(credentials.decide(headers, BODY, NOW)).isEqualTo(new Verified("basic"));
  }

  @Test
  void theFirstRejectionIsTold() {
    var credentials = new TriggerCredentials(SIGNED, BASIC, Optional.empty());
    var headers = new java.util.TreeMap<>(SIGNATURE_HEADERS);
    headers.putAll(basic("cio:wrong"));

    assertThat(reason(credentials.decide(headers, BODY, NOW.plusSeconds(301))))
        .isEqualTo("stale_signature");
  }

  @Test
  void aSignatureWithoutItsTimestampIsRejected() {
    var credentials = new TriggerCredentials(SIGNED, Optional.empty(), Optional.empty());

    assertThat(reason(credentials.decide(Map.of("x-cio-signature", "00"), BODY, NOW)))
        .isEqualTo("malformed_timestamp");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Basic Y2lvOndyb25n", "Basic", "Basic %%%", "Bearer T0KEN", "Digest x", ""})
  void wrongCredentialsAreRejectedWithoutRepeatingThem(String authorization) {
    var credentials = new TriggerCredentials(Optional.empty(), BASIC, BEARER);

    assertThat(credentials.decide(authorization(authorization), BODY, NOW))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> assertThat(rejected.sentence()).doesNotContain("T0KEN", "t0ken", "pä"));
  }

  @Test
  void mistakesOfSettingsAreToldAtStart() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new TriggerCredentials(Optional.empty(), Optional.of("user"), Optional.empty()))
        .withMessageContaining("PARLEY_TRIGGER_BASIC");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new TriggerCredentials(Optional.empty(), Optional.empty(), Optional.of(" ")))
        .withMessageContaining("PARLEY_TRIGGER_BEARER");
  }

  private static Map<String, String> basic(String pair) {
    return authorization("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
  }

  private static Map<String, String> authorization(String value) {
    return Map.of("authorization", value);
  }

  private static String reason(Authentication answer) {
    return switch (answer) {
      case Rejected rejected -> rejected.reason();
      case Verified verified -> throw new AssertionError(verified);
    };
  }
}
