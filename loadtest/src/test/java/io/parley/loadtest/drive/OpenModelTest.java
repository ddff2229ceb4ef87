package io.parley.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.loadtest.customerio.CustomerIoSettings;
import io.parley.loadtest.customerio.StandInCustomerIo;
import io.parley.loadtest.measure.Distribution;
import io.parley.loadtest.measure.Measuring;
import io.parley.loadtest.measure.Measuring.Measured;
import io.parley.loadtest.measure.Recorder;
import io.parley.loadtest.measure.Stretch;
import io.parley.loadtest.measure.Validity;
import io.parley.loadtest.measure.Watched;
import io.parley.loadtest.profile.Profile;
import io.parley.loadtest.profile.ProfileFile;
import io.parley.loadtest.profile.ProfileFile.Reading;
import io.parley.loadtest.twilio.StandInTwilio;
import io.parley.loadtest.twilio.TwilioSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Customers before a service that takes its time.
final class OpenModelTest {

  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final int CUSTOMERS = 200;

  private final Vertx vertx = Vertx.vertx();
  private final Queue<HttpServerRequest> asked = new ConcurrentLinkedQueue<>();

  /// Whether the first is answered only when the last has asked.
  private volatile boolean answersLast;
  private final Recorder recorder = new Recorder();
  private final Agenda agenda = Agenda.open();

  @TempDir private Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private Scene scene;

  @SuppressWarnings("NullAway.Init")
  private URI slow;

  @BeforeEach
  void open() throws Exception {
    StandInTwilio twilio =
        StandInTwilio.start(vertx, TwilioSettings.of("AC1", "token", List.of("+14155550199")))
            .await(10, TimeUnit.SECONDS);
    StandInCustomerIo customerIo =
        StandInCustomerIo.start(vertx, CustomerIoSettings.of("site", "key"))
            .await(10, TimeUnit.SECONDS);
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  asked.add(request);
                  if (!answersLast) {
                    vertx.setTimer(SLOW.toMillis(), _ -> answer(request));
                  } else if (asked.size() == CUSTOMERS) {
                    asked.forEach(OpenModelTest::answer);
                  }
                })
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
    slow = URI.create("http://127.0.0.1:" + server.actualPort());
    scene = new Scene(twilio, customerIo, "+14155550199", "whatsapp:+14155550199", "https://shop");
  }

  private static void answer(HttpServerRequest request) {
    request.response().end(new JsonObject().put("status", "started").encode());
  }

  @AfterEach
  void close() {
    agenda.close();
    vertx.close().await();
  }

  /// Two hundred in two seconds, evenly.
  private Profile profile(String more) {
    String text =
        """
        name: open
        target: embedded
        customers:
          spacing: even
          arrivals: [{rate: 100/s, for: 2s}]
        """
            + more;
    try {
      Path file = Files.writeString(folder.resolve("open.yaml"), text);
      return switch (ProfileFile.read(file, List.of(), _ -> Optional.empty())) {
        case Reading.Read(Profile profile) -> profile;
        case Reading.Wrong(var problems) -> throw new AssertionError(problems.toString());
      };
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Lets them come, and waits until all are answered.
  private Validity come(Profile profile, Runnable meanwhile) throws Exception {
    CountDownLatch come = new CountDownLatch(1);
    try (Wire wire = new Wire(slow, "secret", profile.limits().connections(), agenda)) {
      Crowd crowd = new Crowd(scene, new Numbers("1", 0), profile, wire, agenda);
      Measuring measuring =
          Measuring.start(recorder, Watched.nothing(), folder.resolve("out"), _ -> {});
      crowd.come(
          new Timetable(
              profile.customers().arrivals(),
              profile.customers().spacing(),
              new SplittableRandom(1)),
          recorder,
          come::countDown);
      meanwhile.run();
      assertThat(come.await(20, TimeUnit.SECONDS)).isTrue();
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (wire.underWay() > 0 && System.nanoTime() < deadline) {
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      }
      Measured measured = measuring.stop();
      return LoadRun.validity(
          profile, new LoadRun.Left(wire.left(), wire.held()), measured, List.of());
    }
  }

  private Distribution timed(Stretch stretch) {
    return Objects.requireNonNull(recorder.distributions().get(stretch.key()));
  }

  @Test
  void slowAnswersHoldNobodyBack() throws Exception {
    answersLast = true;

    Validity validity = come(profile("thresholds: {generator_lag p99: 10s}"), () -> {});

    assertThat(asked).as("nobody waits for another's answer").hasSize(CUSTOMERS);
    assertThat(timed(Stretch.TRIGGER_ACCEPTED).spread().count()).isEqualTo(CUSTOMERS);
    assertThat(timed(Stretch.TRIGGER_ACCEPTED).spread().max())
        .as("the first was answered when the last had come, two seconds later")
        .isGreaterThan(Duration.ofMillis(1_900));
    assertThat(validity.doubts()).isEmpty();
  }

  @Test
  void whatTheHarnessIsLateWithCountsFromItsTimeAndMakesTheRunInvalid() throws Exception {
    Duration away = Duration.ofMillis(800);

    Validity validity =
        come(
            profile("thresholds: {generator_lag p99: 50ms}"), () -> agenda.now(() -> holdUp(away)));

    assertThat(timed(Stretch.TRIGGER_ACCEPTED).spread().max())
        .as("what waited for the harness waited for the customer")
        .isGreaterThan(SLOW.plusMillis(400));
    assertThat(validity.isValid()).isFalse();
    assertThat(validity.doubts()).singleElement().asString().contains("the harness was up to");
  }

  /// Whatever wakes the thread meanwhile.
  private static void holdUp(Duration away) {
    long until = System.nanoTime() + away.toNanos();
    for (long left = away.toNanos(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Test
  void connectionsThatRunOutMakeTheRunInvalid() throws Exception {
    Validity validity =
        come(profile("limits: {connections: 50}\nthresholds: {generator_lag p99: 10s}"), () -> {});

    assertThat(validity.doubts())
        .singleElement()
        .asString()
        .contains("found all 50 connections in use");
  }
}
