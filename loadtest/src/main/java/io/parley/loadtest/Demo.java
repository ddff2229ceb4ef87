package io.parley.loadtest;

import io.parley.loadtest.customerio.CustomerIoSettings;
import io.parley.loadtest.customerio.StandInCustomerIo;
import io.parley.loadtest.twilio.StandInTwilio;
import io.parley.loadtest.twilio.TwilioSettings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// The main job, end to end: Parley as it is run, between a stand-in Twilio and a stand-in
/// Customer.io, and a [Story] that is played on it. Everything is on this machine.
final class Demo {

  private static final String ACCOUNT = "AC00000000000000000000000000000001";
  private static final String TOKEN = "demo-token";
  private static final String SENDER = "+14155550199";
  private static final Shopper DANA = new Shopper("dana", "Dana", "+12125550105", 130);

  private final Narrator narrator;
  private final Vertx vertx;
  private final StandInTwilio twilio;
  private final StandInCustomerIo customerIo;
  private final ParleyProcess parley;
  private final Journey journey;
  private final Colleague mia;
  private final Path folder;

  private Demo(
      Narrator narrator,
      Vertx vertx,
      StandInTwilio twilio,
      StandInCustomerIo customerIo,
      ParleyProcess parley,
      Path folder) {
    this.narrator = narrator;
    this.vertx = vertx;
    this.twilio = twilio;
    this.customerIo = customerIo;
    this.parley = parley;
    this.journey = new Journey(parley.baseUrl(), ACCOUNT + ":" + TOKEN);
    this.mia = new Colleague(parley.baseUrl(), "Mia");
    this.folder = folder;
  }

  static Demo start(Path jar) throws IOException, InterruptedException, TimeoutException {
    long begun = System.nanoTime();
    Path folder = Files.createTempDirectory("parley-demo");
    Path flows = Files.createDirectory(folder.resolve("flows"));
    Bundled.copyFlow(Journey.FLOW, flows);
    Path policy = folder.resolve("policy.yaml");
    Bundled.copy("/policy.yaml", policy);
    int port = ParleyProcess.freePort();
    Vertx vertx = Vertx.vertx();
    StandInTwilio twilio =
        StandInTwilio.start(
                vertx,
                TwilioSettings.of(ACCOUNT, TOKEN, List.of(SENDER))
                    .withMessagesWebhook(ParleyProcess.messagesWebhook(ParleyProcess.url(port))))
            .await(10, TimeUnit.SECONDS);
    StandInCustomerIo customerIo =
        StandInCustomerIo.start(vertx, CustomerIoSettings.of("site", "key"))
            .await(10, TimeUnit.SECONDS);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("PARLEY_DATA_DIR", folder.resolve("data").toString());
    settings.put("PARLEY_FLOWS_DIR", flows.toString());
    settings.put("PARLEY_POLICY", policy.toString());
    settings.put("PARLEY_FLOW_BINDINGS", SENDER + "=" + Journey.FLOW);
    settings.put("PARLEY_SMS_SENDER", SENDER);
    settings.put("PARLEY_TWILIO_ACCOUNT_SID", ACCOUNT);
    settings.put("PARLEY_TWILIO_AUTH_TOKEN", TOKEN);
    settings.put("PARLEY_TWILIO_API_URL", twilio.baseUrl());
    settings.put("PARLEY_SEGMENTS_PER_SECOND", "10");
    settings.put("PARLEY_CUSTOMERIO_SITE_ID", "site");
    settings.put("PARLEY_CUSTOMERIO_API_KEY", "key");
    settings.put("PARLEY_CUSTOMERIO_TRACK_URL", customerIo.baseUrl());
    settings.put("PARLEY_TRIGGER_BEARER", Journey.BEARER);
    Path log = log(folder);
    ParleyProcess parley =
        ParleyProcess.start(new ParleyProcess.Launch(jar, List.of(), port, settings, log));
    Demo demo = new Demo(new Narrator(System.out), vertx, twilio, customerIo, parley, folder);
    demo.narrator.say(
        ("Parley is ready after %d ms: embedded Postgres, Parley, a stand-in Twilio and a stand-in"
                + " Customer.io, all on 127.0.0.1")
            .formatted((System.nanoTime() - begun) / 1_000_000));
    return demo;
  }

  private static Path log(Path folder) {
    return folder.resolve("parley.log");
  }

  private Path log() {
    return log(folder);
  }

  /// Plays the story once the model that reads replies is there; answers whether everything was as
  /// expected.
  boolean play() throws IOException, InterruptedException {
    String tagger = parley.awaitTagger();
    narrator.say("Replies are read " + tagger.replaceFirst("^on: ", "by "));
    narrator.expect("the model of replies is loaded", !tagger.contains("alone"));
    narrator.expect("Mia signs in at the desk by the link of the log", mia.signsInBy(log()));
    return new Story(twilio, customerIo, journey, mia, SENDER, narrator).play();
  }

  /// Leaves everything running and says what can be tried by hand.
  void stay() throws IOException, InterruptedException {
    String url = parley.baseUrl().toString();
    twilio.onSend(message -> narrator.line(Instant.now(), message.to(), "<=", message.body()));
    narrator.heading("Everything stays up until you interrupt it (Ctrl-C)");
    narrator.say(
        """
        Parley       %1$s   log %2$s
        The desk     %1$s/desk   sign in by %10$s
        Twilio       %3$s/stand-in/state
        Customer.io  %4$s/stand-in/state

        Start a conversation:
          curl -s -H 'Authorization: Bearer %5$s' -H 'Content-Type: application/json' -d '%6$s' %1$s/customerio/triggers
        Answer as the customer (ask for a code after it, or for a person, whom you are at the desk; STOP opts out):
          curl -s --data-urlencode From=%7$s --data-urlencode To=%8$s --data-urlencode 'Body=how much is shipping?' %3$s/stand-in/receive
        Buy:
          curl -s -H 'Authorization: Bearer %5$s' -d '%9$s' %1$s/events
        See what was sent, what Customer.io was told, health and metrics:
          curl -s %3$s/stand-in/state
          curl -s %4$s/stand-in/state
          curl -s %1$s/health/ready
          curl -s %1$s/metrics
        What a bad trigger is told:
          curl -s -H 'Authorization: Bearer %5$s' -d '{"customer":{"phone":"12"}}' %1$s/customerio/triggers\
        """
            .formatted(
                url,
                log(),
                twilio.baseUrl(),
                customerIo.baseUrl(),
                Journey.BEARER,
                Journey.trigger(DANA, "by-hand").encode(),
                DANA.phone(),
                SENDER,
                Journey.order(DANA, "1", 130, "").encode(),
                mia.invites()));
    new CountDownLatch(1).await();
  }

  /// Ends everything that was started.
  void end() throws Exception {
    parley.stop();
    narrator.say("Parley has drained and stopped.");
    vertx.close().await(10, TimeUnit.SECONDS);
    journey.close();
    mia.close();
    if (narrator.isAsExpected()) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } else {
      narrator.say("Its log is kept: " + log());
    }
  }
}
