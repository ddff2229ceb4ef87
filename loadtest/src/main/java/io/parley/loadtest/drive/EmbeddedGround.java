package io.parley.loadtest.drive;

import io.parley.loadtest.Stage;
import io.parley.loadtest.customerio.StandInCustomerIo;
import io.parley.loadtest.faults.Processes;
import io.parley.loadtest.postgres.PostgresServer;
import io.parley.loadtest.profile.Profile;
import io.parley.loadtest.profile.Profile.Flows;
import io.parley.loadtest.profile.Target;
import io.parley.loadtest.twilio.StandInTwilio;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Parley that the run starts, with a Postgres of its own.
final class EmbeddedGround implements Ground {

  private static final Pattern INVITE = Pattern.compile("/desk/invite/([A-Za-z0-9_-]+)");
  private static final List<String> FLOWS = List.of("international-cart", "back-in-stock");

  private final PostgresServer postgres;
  private final Stage stage;

  private EmbeddedGround(PostgresServer postgres, Stage stage) {
    this.postgres = postgres;
    this.stage = stage;
  }

  /// @param folder for the data, the flows and the log; empty or missing
  static EmbeddedGround start(Profile profile, Target.Embedded target, Path folder)
      throws IOException, InterruptedException, SQLException, TimeoutException {
    Path flows = Files.createDirectories(folder.resolve("own-flows"));
    for (String flow : FLOWS) {
      copy("/flows/" + flow + ".json", flows.resolve(flow + ".json"));
    }
    if (profile.flows().folder().isPresent()) {
      copyAll(profile.flows().folder().get(), flows);
    }
    copy("/policy.yaml", folder.resolve("shop-policy.yaml"));
    copy("/desk.yaml", folder.resolve("desk.yaml"));
    PostgresServer postgres = PostgresServer.start(folder.resolve("postgres"));
    try {
      postgres.createDatabase("parley");
      return new EmbeddedGround(
          postgres,
          Stage.set(
              new Stage.Props(
                  target.jar(),
                  folder,
                  postgres,
                  "parley",
                  target.jvm(),
                  settings(profile.flows(), target, folder),
                  profile.plan(),
                  profile.seed())));
    } catch (IOException | InterruptedException | SQLException | TimeoutException e) {
      postgres.close();
      throw e;
    }
  }

  private static Map<String, String> settings(Flows flows, Target.Embedded target, Path folder) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("PARLEY_FLOWS_DIR", folder.resolve("own-flows").toString());
    settings.put("PARLEY_POLICY", folder.resolve("shop-policy.yaml").toString());
    settings.put("PARLEY_DESK", folder.resolve("desk.yaml").toString());
    settings.put("PARLEY_FLOW_BINDINGS", Stage.SENDER + "=" + flows.sms());
    settings.put("PARLEY_WHATSAPP_SENDER", Stage.WHATSAPP_SENDER);
    settings.put("PARLEY_TAGGER", "model");
    settings.put("PARLEY_SEGMENTS_PER_SECOND", "1000");
    settings.putAll(target.settings());
    return settings;
  }

  private static void copy(String resource, Path to) throws IOException {
    try (InputStream file = EmbeddedGround.class.getResourceAsStream(resource)) {
      if (file == null) {
        throw new IOException("not in this jar: " + resource);
      }
      Files.copy(file, to);
    }
  }

  private static void copyAll(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".json")).toList()) {
        Files.write(to.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
  }

  Stage stage() {
    return stage;
  }

  @Override
  public Optional<Processes> processes() {
    return Optional.of(new Started());
  }

  /// What was started, for faults to strike.
  private final class Started implements Processes {

    @Override
    public void killParley() {
      stage.kill();
    }

    @Override
    public void stopParley() throws InterruptedException {
      stage.parley().stop();
    }

    @Override
    public void startParley() throws IOException, InterruptedException {
      stage.restart();
    }

    @Override
    public void crashPostgres() throws IOException, InterruptedException {
      postgres.crash();
    }

    @Override
    public void restartPostgres() throws IOException {
      postgres.close();
      postgres.restart();
    }

    @Override
    public void startPostgres() throws IOException {
      postgres.restart();
    }

    @Override
    public void refusePostgres(boolean refuse) {
      stage.proxy().refuse(refuse);
    }

    @Override
    public void delayPostgres(Duration by) {
      stage.proxy().delay(by);
    }
  }

  @Override
  public URI parley() {
    return stage.parley().baseUrl();
  }

  @Override
  public String bearer() {
    return Stage.BEARER;
  }

  @Override
  public String smsSender() {
    return Stage.SENDER;
  }

  @Override
  public String whatsAppSender() {
    return Stage.WHATSAPP_SENDER;
  }

  @Override
  public StandInTwilio twilio() {
    return stage.twilio();
  }

  @Override
  public StandInCustomerIo customerIo() {
    return stage.customerIo();
  }

  @Override
  public Connection connect() throws SQLException {
    return stage.connect();
  }

  @Override
  public long parleyPid() {
    return stage.parley().isAlive() ? stage.parley().pid() : 0;
  }

  @Override
  public long postgresPid() {
    try {
      return postgres.pid();
    } catch (IOException _) {
      return 0; // It is down.
    }
  }

  @Override
  public Optional<String> invite() {
    try {
      Matcher invite = INVITE.matcher(Files.readString(stage.log()));
      return invite.find() ? Optional.of(invite.group(1)) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty(); // It has not begun to write.
    }
  }

  @Override
  public void close() {
    stage.close();
    try {
      postgres.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("Postgres did not end", e);
    }
  }
}
