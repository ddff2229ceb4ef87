package io.parley.loadtest.drive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.parley.loadtest.Bundled;
import io.parley.loadtest.Colleague;
import io.parley.loadtest.ParleyProcess;
import io.parley.loadtest.Stage;
import io.parley.loadtest.customerio.CustomerIoSettings;
import io.parley.loadtest.customerio.StandInCustomerIo;
import io.parley.loadtest.measure.Watched;
import io.parley.loadtest.oracle.InForce;
import io.parley.loadtest.oracle.Ledgers;
import io.parley.loadtest.postgres.PostgresServer;
import io.parley.loadtest.profile.Profile;
import io.parley.loadtest.profile.Target;
import io.parley.loadtest.twilio.StandInTwilio;
import io.parley.loadtest.twilio.TwilioSettings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// What a run stands on: Parley, its database and the stand-ins, of which it closes those that it
/// has started.
final class Ground implements AutoCloseable {

  /// How long a request that left before an opt-out was acknowledged may take to arrive.
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final Duration LATENESS = Duration.ofSeconds(30);
  private static final String DATABASE = "load";
  private static final List<String> FLOWS = List.of("checkout-help", "back-in-stock");

  private final StandInTwilio twilio;
  private final StandInCustomerIo customerIo;
  private final Access access;
  private final Watched watched;
  private final JsonNode policy;
  private final Optional<Stage> stage;
  private final Optional<PostgresServer> postgres;
  private final Closing closing;

  /// How Parley is reached.
  ///
  /// @param shop where carts are
  /// @param invite the link by which an admin of the desk signs in; empty where there is none
  private record Access(
      URI url, String bearer, String sms, String whatsApp, String shop, Optional<String> invite) {}

  /// What is closed in the end, the last first.
  private static final class Closing {
    private final List<AutoCloseable> started = new ArrayList<>();

    private synchronized <T extends AutoCloseable> T add(T one) {
      started.add(one);
      return one;
    }

    private void interrupted() {
      boolean open = isOpen();
      all();
      if (open) {
        System.err.println("Interrupted: all that was started has ended, and nothing is reported.");
      }
    }

    private synchronized boolean isOpen() {
      return !started.isEmpty();
    }

    private synchronized void all() {
      for (AutoCloseable one : started.reversed()) {
        try {
          one.close();
        } catch (Exception e) {
          System.err.println("not closed in order: " + e);
        }
      }
      started.clear();
    }
  }

  private Ground(
      StandInTwilio twilio,
      StandInCustomerIo customerIo,
      Access access,
      Watched watched,
      JsonNode policy,
      Optional<Stage> stage,
      Optional<PostgresServer> postgres,
      Closing closing) {
    this.twilio = twilio;
    this.customerIo = customerIo;
    this.access = access;
    this.watched = watched;
    this.policy = policy;
    this.stage = stage;
    this.postgres = postgres;
    this.closing = closing;
  }

  /// Starts what the profile's target wants started, and waits until Parley is ready.
  ///
  /// @param folder where the log and the files that are in force are kept
  static Ground open(Profile profile, Path folder)
      throws IOException, InterruptedException, SQLException, TimeoutException {
    Closing closing = new Closing();
    Thread onInterrupt = new Thread(closing::interrupted, "ground-end");
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    boolean opened = false;
    try {
      Ground ground =
          switch (profile.target()) {
            case Target.Embedded embedded -> embedded(embedded, profile, folder, closing);
            case Target.Running running -> running(running, profile, closing);
          };
      opened = true;
      return ground;
    } finally {
      if (!opened) {
        closing.all();
      }
    }
  }

  // ---- a Parley of one's own

  private static Ground embedded(
      Target.Embedded target, Profile profile, Path folder, Closing closing)
      throws IOException, InterruptedException, SQLException, TimeoutException {
    Path data = Files.createTempDirectory("parley-load-postgres");
    closing.add(() -> delete(data));
    PostgresServer postgres = closing.add(PostgresServer.start(data));
    postgres.createDatabase(DATABASE);
    Map<String, String> settings = settings(profile, files(profile, folder));
    if (profile.plan().faults().stream().noneMatch(fault -> fault.on().equals("postgres"))) {
      // Nothing is between that would take its time.
      settings.put(
          "PARLEY_DATABASE_URL",
          "postgresql://postgres:postgres@127.0.0.1:" + postgres.port() + "/" + DATABASE);
    }
    settings.putAll(target.settings());
    Path stageFolder = Files.createDirectories(folder.resolve("stage"));
    Stage stage =
        closing.add(
            Stage.set(
                new Stage.Props(
                    target.jar(), stageFolder, postgres, DATABASE, target.jvm(), settings),
                new Stage.Conduct(
                    account -> profile.plan().twilio().onto(account, profile.seed()),
                    profile.plan().customerIo()::onto)));
    if (!settings.getOrDefault("PARLEY_TAGGER", "model").equals("rules")) {
      stage.parley().awaitTagger();
    }
    Access access =
        new Access(
            stage.parley().baseUrl(),
            settings.getOrDefault("PARLEY_TRIGGER_BEARER", Stage.BEARER),
            settings.getOrDefault("PARLEY_SMS_SENDER", Stage.SENDER),
            settings.getOrDefault("PARLEY_WHATSAPP_SENDER", Stage.WHATSAPP_SENDER),
            stage.shop().baseUrl(),
            Colleague.invite(stage.log()));
    Watched watched =
        new Watched(
            Optional.of(access.url.resolve("/metrics")),
            Optional.of(stage::connect),
            () -> stage.parley().isAlive() ? stage.parley().pid() : 0,
            () -> pid(postgres));
    Path policy = Path.of(settings.getOrDefault("PARLEY_POLICY", ""));
    return new Ground(
        stage.twilio(),
        stage.customerIo(),
        access,
        watched,
        policy(Optional.of(policy)),
        Optional.of(stage),
        Optional.of(postgres),
        closing);
  }

  private static long pid(PostgresServer postgres) {
    try {
      return postgres.pid();
    } catch (IOException _) {
      return 0; // It is down.
    }
  }

  private static Map<String, String> settings(Profile profile, Path files) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("PARLEY_FLOWS_DIR", files.resolve("flows").toString());
    settings.put("PARLEY_POLICY", files.resolve("policy.yaml").toString());
    settings.put("PARLEY_DESK", files.resolve("desk.yaml").toString());
    settings.put("PARLEY_TAGGER", "model");
    settings.put("PARLEY_WHATSAPP_SENDER", Stage.WHATSAPP_SENDER);
    settings.put(
        "PARLEY_FLOW_BINDINGS",
        "%s=%s,%s=%s"
            .formatted(
                Stage.SENDER,
                profile.flows().sms(),
                Stage.WHATSAPP_SENDER,
                profile.flows().whatsApp()));
    double pace = profile.plan().twilio().pace().segmentsPerSecond();
    settings.put("PARLEY_SEGMENTS_PER_SECOND", Long.toString(Math.max(1, (long) pace)));
    settings.put(
        "PARLEY_CUSTOMERIO_REQUESTS_PER_SECOND",
        Integer.toString(Math.max(1, profile.plan().customerIo().requestsPerSecond() * 9 / 10)));
    return settings;
  }

  /// The flows and rules that are in force, where whoever reads the report finds them.
  private static Path files(Profile profile, Path folder) throws IOException {
    Path files = Files.createDirectories(folder.resolve("files"));
    Path flows = Files.createDirectories(files.resolve("flows"));
    for (String flow : FLOWS) {
      Bundled.copyFlow(flow, flows);
    }
    Bundled.copy("/policy.yaml", files.resolve("policy.yaml"));
    Bundled.copy("/load/desk.yaml", files.resolve("desk.yaml"));
    if (profile.flows().folder().isPresent()) {
      try (Stream<Path> own = Files.list(profile.flows().folder().get())) {
        for (Path file : own.filter(it -> it.toString().endsWith(".json")).toList()) {
          Files.write(flows.resolve(file.getFileName().toString()), Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  // ---- a Parley of somebody else's

  private static Ground running(Target.Running target, Profile profile, Closing closing)
      throws IOException, InterruptedException, SQLException, TimeoutException {
    try (Connection connection = DriverManager.getConnection(target.database())) {
      connection.setReadOnly(true);
    }
    Vertx vertx = Vertx.vertx();
    closing.add(() -> vertx.close().await());
    TwilioSettings account =
        TwilioSettings.of(
                target.twilio().id(),
                target.twilio().secret(),
                List.of(target.smsSender(), target.whatsAppSender()))
            .withMessagesWebhook(ParleyProcess.messagesWebhook(target.url()));
    StandInTwilio twilio =
        StandInTwilio.start(vertx, profile.plan().twilio().onto(account, profile.seed()))
            .await(10, TimeUnit.SECONDS);
    StandInCustomerIo customerIo =
        StandInCustomerIo.start(
                vertx,
                profile
                    .plan()
                    .customerIo()
                    .onto(
                        CustomerIoSettings.of(
                            target.customerIo().id(), target.customerIo().secret())))
            .await(10, TimeUnit.SECONDS);
    ready(target.url());
    Access access =
        new Access(
            target.url(),
            target.bearer(),
            target.smsSender(),
            target.whatsAppSender(),
            "https://shop.example.com",
            target.invite().map(it -> it.substring(it.lastIndexOf('/') + 1)));
    Watched watched =
        new Watched(
            Optional.of(target.url().resolve("/metrics")),
            Optional.of(() -> DriverManager.getConnection(target.database())),
            () -> 0,
            () -> 0);
    return new Ground(
        twilio,
        customerIo,
        access,
        watched,
        policy(target.policy()),
        Optional.empty(),
        Optional.empty(),
        closing);
  }

  private static void ready(URI url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(url.resolve("/health/ready"))
                  .timeout(Duration.ofSeconds(10))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(
            "%s is not ready, it answers %d: %s"
                .formatted(url, answer.statusCode(), answer.body()));
      }
    }
  }

  private static JsonNode policy(Optional<Path> file) throws IOException {
    return file.isPresent() && Files.isRegularFile(file.get())
        ? new YAMLMapper().readTree(file.get().toFile())
        : MissingNode.getInstance();
  }

  // ---- what there is

  StandInTwilio twilio() {
    return twilio;
  }

  StandInCustomerIo customerIo() {
    return customerIo;
  }

  Scene scene() {
    return new Scene(twilio, customerIo, access.sms, access.whatsApp, access.shop);
  }

  URI parley() {
    return access.url;
  }

  String bearer() {
    return access.bearer;
  }

  /// What makes its bearer an admin of the desk; empty where nobody is invited.
  Optional<String> invite() {
    return access.invite;
  }

  Watched watched() {
    return watched;
  }

  /// The stage, where Parley is one's own: it can be killed.
  Optional<Stage> stage() {
    return stage;
  }

  /// Parley's database server, where it is one's own.
  Optional<PostgresServer> postgres() {
    return postgres;
  }

  Connection connect() throws SQLException {
    return watched.database().orElseThrow().connect();
  }

  /// The rules by which the run is judged.
  InForce rules() {
    return new InForce(policy, Set.of(), GRACE, LATENESS);
  }

  /// What everybody but Parley knows.
  Ledgers ledgers(Ledgers.Told told) {
    return Ledgers.of(
        twilio, customerIo, stage.map(it -> it.shop().asked()).orElse(List.of()), told);
  }

  /// Has this closed before all else, also where the run is interrupted.
  <T extends AutoCloseable> T closesFirst(T one) {
    return closing.add(one);
  }

  /// Ends all that was started; may be called again.
  @Override
  public void close() {
    closing.all();
  }
}
