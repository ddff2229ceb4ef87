package io.parley.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parley.edge.OutcomeSink.Response;
import io.parley.networks.GoogleAccess.Grant.Denied;
import io.parley.networks.GoogleAccess.Grant.Granted;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoogleAccessTest {

  private static final GoogleAccess ACCESS = new GoogleAccess("client", "s&cret", "1//refresh");
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void aTokenIsAskedForByTheRefreshToken() {
    NetworkRequest request = ACCESS.request(GoogleAccess.TOKENS);

    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.url()).isEqualTo("https://oauth2.googleapis.com/token");
    assertThat(request.headers())
        .containsEntry("Content-Type", "application/x-www-form-urlencoded");
    assertThat(request.body())
        .isEqualTo(
            "grant_type=refresh_token&client_id=client&client_secret=s%26cret"
                + "&refresh_token=1%2F%2Frefresh");
  }

  @Test
  void aTokenIsRenewedAheadAndGoodUntilShortlyBeforeItsEnd() {
    String body = "{\"access_token\":\"ACCESS\",\"expires_in\":3599,\"token_type\":\"Bearer\"}";

    assertThat(GoogleAccess.read(new Response(200, Map.of(), body), NOW))
        .isEqualTo(
            new Granted(
                "ACCESS",
                Instant.parse("2026-03-01T12:54:59Z"),
                Instant.parse("2026-03-01T12:58:59Z")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {\"error\":\"invalid_grant\",\"error_description\":\"Token has been revoked.\"}"
            + " | Google refuses the refresh token (Token has been revoked.): grant access anew",
        "401 | {\"error\":\"invalid_client\"}"
            + " | Google refuses the client id or its secret (invalid_client)",
        "503 | <html> | Google gave no access token (503 )",
        "200 | {} | Google gave no access token (200 )",
      })
  void whyThereIsNoTokenIsSaid(int status, String body, String why) {
    assertThat(GoogleAccess.read(new Response(status, Map.of(), body), NOW))
        .isEqualTo(new Denied(why, Optional.empty()));
  }

  @Test
  void secretsArePrintedRedacted() {
    assertThat(ACCESS).asString().doesNotContain("s&cret", "refresh//");
    assertThat(ACCESS.request(GoogleAccess.TOKENS)).asString().doesNotContain("cret");
    assertThat(new Granted("ACCESS", NOW, NOW)).asString().doesNotContain("ACCESS");
    assertThatIllegalArgumentException().isThrownBy(() -> new GoogleAccess("client", " ", "r"));
  }
}
