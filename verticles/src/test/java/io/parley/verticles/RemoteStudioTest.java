package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.verticles.Asked.Given;
import io.parley.verticles.Asked.Refused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RemoteStudioTest {

  private static final RemoteLogin CREDENTIALS = new RemoteLogin(FakeStudio.USER, FakeStudio.TOKEN);

  private final FakeStudio studio = FakeStudio.start();
  private final List<Duration> pauses = new ArrayList<>();

  @AfterEach
  void close() {
    studio.close();
  }

  @Test
  void whatIsToldToWaitWaitsAsLongAsItIsTold() {
    String sid = studio.add("care", "draft", "{}");
    studio.instead.add(tooMany(Map.of("Retry-After", "7")));
    studio.instead.add(tooMany(Map.of()));

    try (RemoteStudio client = client()) {
      assertThat(client.flow(sid)).isInstanceOf(Given.class);
    }
    assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(2));
  }

  @Test
  void patienceEnds() {
    for (int i = 0; i < 5; i++) {
      studio.instead.add(tooMany(Map.of("Retry-After", "1")));
    }

    try (RemoteStudio client = client()) {
      assertThat(client.flow("FW1"))
          .isInstanceOfSatisfying(
              Refused.class, it -> assertThat(it.refusal().sentence()).contains("429, code 20429"));
    }
    assertThat(studio.asked).hasSize(5);
    studio.instead.add(tooMany(Map.of("Retry-After", "86400")));
    try (RemoteStudio client = client()) {
      assertThat(client.flow("FW1")).isInstanceOf(Refused.class);
    }
    assertThat(pauses).hasSize(4);
  }

  @Test
  void nothingElseIsAskedTwice() {
    studio.instead.add(new FakeStudio.Instead(503, "", Map.of()));

    try (RemoteStudio client = client()) {
      assertThat(client.create(Map.of("FriendlyName", "care")))
          .isInstanceOfSatisfying(
              Refused.class,
              it -> {
                assertThat(it.refusal().sentence())
                    .isEqualTo("POST " + studio.url() + "/v2/Flows answered 503");
                assertThat(it.refusal().remedy())
                    .startsWith("Whether the flow was saved is not known");
              });
    }
    assertThat(studio.asked).hasSize(1);
  }

  @Test
  void pagesAreFollowedOnTheHostThatWasNamed() {
    for (String name : List.of("a", "care", "b", "care", "care")) {
      studio.add(name, "draft", "{}");
    }

    try (RemoteStudio client = client()) {
      assertThat(client.named("care"))
          .isInstanceOfSatisfying(Given.class, it -> assertThat((List<?>) it.value()).hasSize(3));
      assertThat(client.named("none")).isEqualTo(new Given<>(List.of()));
    }
  }

  @Test
  void aServerThatSaysNothingIsNotWaitedForForEver() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RemoteStudio client =
            new RemoteStudio(
                new RemoteStudio.Place(
                    "",
                    "http://localhost:" + silent.getLocalPort(),
                    CREDENTIALS,
                    Duration.ofMillis(200)))) {
      assertThat(client.flow("FW1"))
          .isInstanceOfSatisfying(
              Refused.class,
              it -> assertThat(it.refusal().sentence()).endsWith(" had no answer in time"));
    }
  }

  @Test
  void credentialsOfAnEnvironmentComeBeforeTheCommonOnes() {
    Map<String, String> variables =
        Map.of(
            "PARLEY_STUDIO_ACCOUNT_SID", "AC1",
            "PARLEY_STUDIO_AUTH_TOKEN", "one",
            "PARLEY_STUDIO_EU_STAGING_ACCOUNT_SID", "SK2",
            "PARLEY_STUDIO_EU_STAGING_AUTH_TOKEN", "two",
            "PARLEY_STUDIO_HALF_ACCOUNT_SID", "AC3");

    assertThat(RemoteLogin.of("eu-staging", variables)).contains(new RemoteLogin("SK2", "two"));
    assertThat(RemoteLogin.of("half", variables)).contains(new RemoteLogin("AC1", "one"));
    assertThat(RemoteLogin.of("", Map.of())).isEmpty();
    assertThat(new RemoteLogin("AC1", "secret").toString()).doesNotContain("secret");
  }

  /// The service refuses names that it does not know; these are for the commands.
  @Test
  void theServiceLetsTheirNamesPass() {
    assertThat(Settings.read(Map.of("PARLEY_STUDIO_STAGING_AUTH_TOKEN", "x")))
        .isInstanceOf(Settings.Reading.Usable.class);
    assertThat(Settings.read(Map.of("PARLEY_STUDIO_TOKEN", "x")))
        .isInstanceOf(Settings.Reading.Unusable.class);
  }

  private RemoteStudio client() {
    return new RemoteStudio(
        new RemoteStudio.Place("", studio.url(), CREDENTIALS, Duration.ofSeconds(20)), pauses::add);
  }

  private static FakeStudio.Instead tooMany(Map<String, String> headers) {
    return new FakeStudio.Instead(
        429, "{\"code\": 20429, \"message\": \"Too Many Requests\", \"status\": 429}", headers);
  }
}
