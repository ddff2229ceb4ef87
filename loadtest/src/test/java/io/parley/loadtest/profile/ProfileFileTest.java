package io.parley.loadtest.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.loadtest.profile.Customers.Spacing;
import io.parley.loadtest.profile.ProfileFile.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProfileFileTest {

  private static final String LEAST =
      """
      name: least
      target: embedded
      customers:
        arrivals: [{rate: 2/s, for: 3s}]
      """;

  @TempDir private Path folder = Path.of("");

  private Reading read(String text, String... sets) {
    return ProfileFile.read(
        text,
        folder,
        List.of(sets),
        name -> Optional.ofNullable(Map.of("BEARER", "s3cret").get(name)));
  }

  private Profile profile(String text, String... sets) {
    return switch (read(text, sets)) {
      case Reading.Read(Profile profile) -> profile;
      case Reading.Wrong(List<Problem> problems) -> Assertions.fail(problems.toString());
    };
  }

  private List<String> problems(String text, String... sets) {
    return switch (read(text, sets)) {
      case Reading.Read _ -> List.of();
      case Reading.Wrong(List<Problem> problems) ->
          problems.stream().map(Problem::toString).toList();
    };
  }

  @Test
  void aFewLinesAreAProfile() {
    Profile profile = profile(LEAST);

    assertThat(profile.target()).isInstanceOf(Target.Embedded.class);
    assertThat(profile.customers().arrivals())
        .containsExactly(new Arrivals.Steady(2, Duration.ofSeconds(3)));
    assertThat(profile.customers().spacing()).isEqualTo(Spacing.POISSON);
    assertThat(profile.customers().mix()).containsEntry(Behaviour.ANSWERS, 40);
    assertThat(profile.agents()).isEmpty();
    assertThat(profile.limits().run()).isGreaterThan(Duration.ofSeconds(63));
  }

  @ParameterizedTest
  @ValueSource(strings = {"checkout-help", "back-in-stock"})
  void whoIsLateAnswersWhenTheFlowThatIsBroughtAlongHasGivenUp(String flow) throws IOException {
    JsonNode states;
    try (InputStream file = ProfileFileTest.class.getResourceAsStream("/flows/" + flow + ".json")) {
      states = new ObjectMapper().readTree(file).path("states");
    }
    List<Duration> waits =
        states.findValuesAsText("timeout").stream()
            .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
            .toList();

    assertThat(waits).isNotEmpty();
    assertThat(profile(LEAST).customers().late())
        .isInstanceOfSatisfying(
            Thinking.Between.class,
            late -> assertThat(waits).allMatch(wait -> wait.compareTo(late.from()) < 0));
  }

  @Test
  void everyWayToComeIsRead() throws IOException {
    Files.writeString(
        folder.resolve("came.csv"),
        """
        at,behaviour,first_name
        1.5,stops,"Ana, the second"
        0.25,,
        """);

    Profile profile =
        profile(
            """
            name: ways
            target: embedded
            customers:
              spacing: even
              arrivals:
                - {ramp: {from: 60/m, to: 20/s}, for: 1m30s}
                - {burst: 200, over: 500ms}
                - {pause: 10s}
                - {replay: came.csv}
            """);

    assertThat(profile.customers().arrivals())
        .containsExactly(
            new Arrivals.Ramp(1, 20, Duration.ofSeconds(90)),
            new Arrivals.Burst(200, Duration.ofMillis(500)),
            new Arrivals.Pause(Duration.ofSeconds(10)),
            new Arrivals.Replay(
                List.of(
                    new Arrivals.Recorded(Duration.ofMillis(250), Optional.empty(), Map.of()),
                    new Arrivals.Recorded(
                        Duration.ofMillis(1500),
                        Optional.of(Behaviour.STOPS),
                        Map.of("first_name", "Ana, the second")))));
  }

  @Test
  void allThatIsWrongIsToldAtOnceWithItsLineAndARemedy() {
    List<String> problems =
        problems(
            """
            name: wrong
            target: {embedded: {settings: {PORT: 1}}}
            customers:
              arrivals:
                - {rate: 20, for: 30s}
                - {burst: few}
                - {replay: nowhere.csv}
              mix: {answer: 40, typos: 1}
              thinking: {median: 5s, p99: 1s}
            agents: {count: many}
            faults: [{on: twillio, what: error}]
            thresholds: {next_message p99: fast}
            colour: red
            """);

    assertThat(problems)
        .satisfiesExactly(
            it -> assertThat(it).startsWith("line 2: target.embedded.settings.PORT is no setting"),
            it ->
                assertThat(it)
                    .isEqualTo(
                        "line 5: customers.arrivals[0].rate says \"20\", which is no rate."
                            + " Write so many a second or a minute: 20/s, 300/m"),
            it -> assertThat(it).startsWith("line 6: customers.arrivals[1].burst says \"few\""),
            it -> assertThat(it).startsWith("line 7: customers.arrivals[2].replay cannot be read"),
            it ->
                assertThat(it)
                    .startsWith("line 8: customers.mix.answer is no behaviour. Known are: answers"),
            it -> assertThat(it).startsWith("line 9: customers.thinking is no way to think"),
            it -> assertThat(it).startsWith("line 10: agents.count says \"many\""),
            it -> assertThat(it).startsWith("line 11: faults[0].on will not do"),
            it -> assertThat(it).startsWith("line 12: thresholds.next_message p99 \"fast\""),
            it -> assertThat(it).startsWith("line 13: colour is not known here. Known are: name"));
  }

  @Test
  void aProfileOfSomebodyElsesParleyNamesAllThatIsNeeded() {
    List<String> problems =
        problems(
            """
            name: theirs
            target: {running: {url: "http://192.0.2.7:8080", trigger_bearer: "${NOBODY_SET_THIS}"}}
            customers: {arrivals: [{rate: 1/s, for: 1s}]}
            faults: [{on: parley, what: kill}]
            """);

    assertThat(problems)
        .anyMatch(it -> it.contains("confirm_host: 192.0.2.7"))
        .anyMatch(it -> it.contains("target.running.database is missing"))
        .anyMatch(
            it -> it.contains("wants ${NOBODY_SET_THIS}, which the environment does not have"))
        .anyMatch(it -> it.contains("target.running.twilio.account_sid is missing"))
        .anyMatch(it -> it.contains("twilio.port must be fixed"))
        .anyMatch(it -> it.contains("customerio.port must be fixed"))
        .anyMatch(it -> it.contains("faults has faults of processes"));
  }

  @Test
  void whatTheCommandLineSetsTakesThePlaceOfWhatTheFileSays() {
    Profile profile =
        profile(LEAST, "customers.arrivals[0].rate=50/s", "agents.count=3", "name=more");

    assertThat(profile.name()).isEqualTo("more");
    assertThat(profile.agents().orElseThrow().count()).isEqualTo(3);
    assertThat(profile.customers().arrivals())
        .containsExactly(new Arrivals.Steady(50, Duration.ofSeconds(3)));
    assertThat(profile.text()).contains("50/s").contains("count: 3");
  }

  @Test
  void aPlaceThatIsNotThereCannotBeSet() {
    assertThat(problems(LEAST, "customers.arrivals[7].rate=50/s", "agents"))
        .satisfiesExactlyInAnyOrder(
            it -> assertThat(it).isEqualTo("--set agents sets nothing. Write --set agents.count=5"),
            it -> assertThat(it).contains("customers.arrivals[7].rate has no item 7"));
  }

  @Test
  void whatTheEnvironmentSaysIsInForceAndNotKept() {
    Profile profile =
        profile(
            LEAST.replace(
                "embedded",
                "{embedded: {settings: {PARLEY_TRIGGER_BEARER: '${BEARER}', PARLEY_X: '${X:-y}'}}}"));

    assertThat(profile.target())
        .isInstanceOfSatisfying(
            Target.Embedded.class,
            it ->
                assertThat(it.settings())
                    .containsEntry("PARLEY_TRIGGER_BEARER", "s3cret")
                    .containsEntry("PARLEY_X", "y"));
    assertThat(profile.text()).doesNotContain("s3cret");
  }

  @Test
  void aReplayThatIsNoneSaysWhichLine() throws IOException {
    Files.writeString(folder.resolve("came.csv"), "at,behaviour\n1,stops\nsoon,stops\n2,sings\n");

    assertThat(problems(LEAST.replace("{rate: 2/s, for: 3s}", "{replay: came.csv}")))
        .satisfiesExactly(
            it -> assertThat(it).contains("has what is no arrival in its line 3: soon,stops"),
            it -> assertThat(it).contains("has what is no arrival in its line 4: 2,sings"));
  }

  @Test
  void everySampleCanBeRun() throws IOException {
    Path samples = Path.of(System.getProperty("parley.root", ".."), "loadtest/profiles");
    try (var files = Files.list(samples)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".yaml")).toList()) {
        Reading reading =
            ProfileFile.read(
                file,
                List.of(),
                name -> Optional.of("of the environment").filter(_ -> !name.equals("PARLEY_URL")));

        assertThat(reading).as(file.toString()).isInstanceOf(Reading.Read.class);
      }
    }
  }
}
