package io.parley.customerio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.customerio.Authentication.Rejected;
import io.parley.customerio.Authentication.Verified;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CustomerIoSignatureTest {

  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final String TIMESTAMP = "1700000000";
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final byte[] BODY = "{\"a\":1}".getBytes(UTF_8);

  /// Of BODY at TIMESTAMP under "s3cr3t", as Customer.io's own client makes it.
  private static final String SIGNATURE =
      "e9059c43cd474a569209c909bf322c65b8cb12b70b2ffea21dad45a992d0bb04";

  @Test
  void whatCustomerIosOwnClientSignsIsVerified() {
    for (JsonNode vector : SharedData.values("vectors/cio_signature.json")) {
      String timestamp = vector.path("timestamp").asText();
      byte[] body = vector.path("body").asText().getBytes(UTF_8);
      Instant now = Instant.ofEpochSecond(Long.parseLong(timestamp));

      assertThat(
              signature(vector.path("secret").asText())
                  .verify(timestamp, vector.path("signature").asText(), body, now))
          .as("%s", vector)
          .isEqualTo(new Verified("signature"));
    }
  }

  @Test
  void anyOfTheKeysSuffices() {
    assertThat(signature("new", "s3cr3t").verify(TIMESTAMP, SIGNATURE, BODY, NOW))
        .isEqualTo(new Verified("signature"));
    assertThat(signature("s3cr3t", "old").verify(TIMESTAMP, SIGNATURE, BODY, NOW))
        .isEqualTo(new Verified("signature"));
  }

  @Test
  void anotherKeyIsRejected() {
    assertRejected(signature("other").verify(TIMESTAMP, SIGNATURE, BODY, NOW), "wrong_signature");
  }

  @Test
  void oneBlankMoreInTheBodyIsRejected() {
    byte[] body = "{\"a\": 1}".getBytes(UTF_8);

    assertRejected(signature("s3cr3t").verify(TIMESTAMP, SIGNATURE, body, NOW), "wrong_signature");
  }

  @Test
  void anotherTimestampIsRejected() {
    assertRejected(
        signature("s3cr3t").verify("1700000001", SIGNATURE, BODY, NOW), "wrong_signature");
  }

  @Test
  void upperCaseHexIsRejectedAsCustomerIosClientDoes() {
    assertRejected(
        signature("s3cr3t")
            .verify(TIMESTAMP, SIGNATURE.toUpperCase(java.util.Locale.ROOT), BODY, NOW),
        "wrong_signature");
  }

  @ParameterizedTest
  @ValueSource(longs = {-300, 0, 300})
  void theWindowIsOpenOnBothSides(long seconds) {
    assertThat(signature("s3cr3t").verify(TIMESTAMP, SIGNATURE, BODY, NOW.plusSeconds(seconds)))
        .isEqualTo(new Verified("signature"));
  }

  @ParameterizedTest
  @ValueSource(longs = {-301, 301})
  void outsideTheWindowASignatureIsStale(long seconds) {
    assertRejected(
        signature("s3cr3t").verify(TIMESTAMP, SIGNATURE, BODY, NOW.plusSeconds(seconds)),
        "stale_signature");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1700000000.0", "9999999999999999999"})
  void aTimestampIsANumberOfSeconds(String timestamp) {
    assertRejected(
        signature("s3cr3t").verify(timestamp, SIGNATURE, BODY, NOW), "malformed_timestamp");
  }

  @Test
  void aBlankKeyIsAMistakeOfSettings() {
    assertThatIllegalArgumentException().isThrownBy(() -> signature("s3cr3t", " "));
    assertThatIllegalArgumentException().isThrownBy(CustomerIoSignatureTest::signature);
  }

  private static CustomerIoSignature signature(String... keys) {
    return new CustomerIoSignature(List.of(keys), WINDOW);
  }

  private static void assertRejected(Authentication answer, String reason) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(reason);
              assertThat(rejected.sentence()).endsWith(".").doesNotContain("s3cr3t");
            });
  }
}
