package io.parley.loadtest;

import io.parley.loadtest.customerio.CustomerIoSettings;
import io.parley.loadtest.customerio.StandInCustomerIo;
import io.parley.loadtest.oracle.Case;
import io.parley.loadtest.oracle.Evidence;
import io.parley.loadtest.oracle.Ledgers;
import io.parley.loadtest.postgres.PostgresProxy;
import io.parley.loadtest.postgres.PostgresServer;
import io.parley.loadtest.shop.StandInShop;
import io.parley.loadtest.twilio.DeliveryStatus;
import io.parley.loadtest.twilio.SentMessage;
import io.parley.loadtest.twilio.StandInTwilio;
import io.parley.loadtest.twilio.StatusCallback;
import io.parley.loadtest.twilio.TwilioSettings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Parley as a process between a Postgres that it reaches through a proxy and the stand-ins, with
/// customers to talk to. It keeps its port, its database and the stand-ins over every restart.
public final class Stage implements AutoCloseable {

  private static final String ACCOUNT = "AC00000000000000000000000000000001";
  private static final String TOKEN = "stage-token";

  /// What triggers carry.
  public static final String BEARER = "stage-secret";

  public static final String SENDER = "+14155550199";
  public static final String WHATSAPP_SENDER = "whatsapp:" + SENDER;

  /// Approved for WhatsApp; the variable is a first name.
  private static final Map<String, String> TEMPLATES =
      Map.of(
          "HX00000000000000000000000000000001",
          "Hi {{1}}, your order is on its way.",
          "HX00000000000000000000000000000002",
          "Hi {{1}}, can we still help you?",
          "HX00000000000000000000000000000003",
          "Hi {{1}}, the Day cream is back. Shall we put one aside for you?");

  private static final Duration LOOK = Duration.ofMillis(100);

  private final Vertx vertx;
  private final PostgresServer postgres;
  private final PostgresProxy proxy;
  private final String database;
  private final StandInTwilio twilio;
  private final StandInCustomerIo customerIo;
  private final StandInShop shop;
  private final Customers customers;
  private final ParleyProcess.Launch launch;
  private volatile ParleyProcess parley;

  /// What a stage is made of.
  ///
  /// @param folder for the log, and for flows and policy where the settings name none
  /// @param database created, empty
  /// @param settings `PARLEY_*` beside those that the stage itself sets
  public record Props(
      Path jar,
      Path folder,
      PostgresServer postgres,
      String database,
      List<String> jvmOptions,
      Map<String, String> settings) {

    public Props {
      jvmOptions = List.copyOf(jvmOptions);
      settings = Map.copyOf(settings);
    }
  }

  private Stage(
      Props props,
      Vertx vertx,
      StandInTwilio twilio,
      StandInCustomerIo customerIo,
      StandInShop shop,
      PostgresProxy proxy,
      ParleyProcess.Launch launch,
      ParleyProcess parley) {
    this.vertx = vertx;
    this.postgres = props.postgres();
    this.database = props.database();
    this.proxy = proxy;
    this.twilio = twilio;
    this.customerIo = customerIo;
    this.shop = shop;
    this.launch = launch;
    this.parley = parley;
    this.customers = new Customers(twilio, parley.baseUrl(), BEARER, SENDER, shop.baseUrl());
  }

  /// How the stand-ins behave.
  ///
  /// @param twilio makes of the usual account the one that is played
  /// @param customerIo the same of the workspace
  public record Conduct(
      UnaryOperator<TwilioSettings> twilio, UnaryOperator<CustomerIoSettings> customerIo) {

    public static final Conduct USUAL =
        new Conduct(UnaryOperator.identity(), UnaryOperator.identity());
  }

  /// Starts everything and waits until Parley is ready.
  public static Stage set(Props props) throws IOException, InterruptedException, TimeoutException {
    return set(props, Conduct.USUAL);
  }

  /// Starts everything, with stand-ins that behave so, and waits until Parley is ready.
  public static Stage set(Props props, Conduct conduct)
      throws IOException, InterruptedException, TimeoutException {
    int port = ParleyProcess.freePort();
    Vertx vertx = Vertx.vertx();
    StandInTwilio twilio =
        StandInTwilio.start(
                vertx,
                conduct
                    .twilio()
                    .apply(account())
                    .withMessagesWebhook(ParleyProcess.messagesWebhook(ParleyProcess.url(port))))
            .await(10, TimeUnit.SECONDS);
    StandInCustomerIo customerIo =
        StandInCustomerIo.start(
                vertx, conduct.customerIo().apply(CustomerIoSettings.of("site", "key")))
            .await(10, TimeUnit.SECONDS);
    StandInShop shop = StandInShop.start(vertx).await(10, TimeUnit.SECONDS);
    PostgresProxy proxy = PostgresProxy.start(props.postgres().port());
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(
        "PARLEY_DATABASE_URL",
        "postgresql://postgres:postgres@127.0.0.1:" + proxy.port() + "/" + props.database());
    if (!props.settings().containsKey("PARLEY_FLOWS_DIR")) {
      settings.put("PARLEY_FLOWS_DIR", flowsOfPlots(props.folder()).toString());
    }
    if (!props.settings().containsKey("PARLEY_POLICY")) {
      // It is played at any time of day, to numbers of the United States.
      Path policy = props.folder().resolve("policy.yaml");
      Files.writeString(policy, "hours: {quiet: off}\n");
      settings.put("PARLEY_POLICY", policy.toString());
    }
    // No flow here reads a tag but opt-outs by keyword; what the model takes to load and to read is
    // no part of what is proven, and each restart would load it again.
    settings.put("PARLEY_TAGGER", "rules");
    settings.put("PARLEY_FLOW_BINDINGS", SENDER + "=" + Plot.CART);
    settings.put("PARLEY_SMS_SENDER", SENDER);
    settings.put("PARLEY_TWILIO_ACCOUNT_SID", ACCOUNT);
    settings.put("PARLEY_TWILIO_AUTH_TOKEN", TOKEN);
    settings.put("PARLEY_TWILIO_API_URL", twilio.baseUrl());
    settings.put("PARLEY_TWILIO_CONVERSATIONS_URL", twilio.baseUrl());
    settings.put("PARLEY_CALLS_ALLOWED_PRIVATE", "127.0.0.1");
    settings.put("PARLEY_FUNCTIONS", "https://shop-1234.twil.io=" + shop.baseUrl());
    settings.put("PARLEY_SEGMENTS_PER_SECOND", "100");
    settings.put("PARLEY_CUSTOMERIO_SITE_ID", "site");
    settings.put("PARLEY_CUSTOMERIO_API_KEY", "key");
    settings.put("PARLEY_CUSTOMERIO_TRACK_URL", customerIo.baseUrl());
    settings.put("PARLEY_TRIGGER_BEARER", BEARER);
    settings.putAll(props.settings());
    // Each start appends to it; what another stage wrote there is none of this one's.
    Path log = props.folder().resolve("parley.log");
    Files.deleteIfExists(log);
    ParleyProcess.Launch launch =
        new ParleyProcess.Launch(props.jar(), props.jvmOptions(), port, settings, log);
    return new Stage(
        props, vertx, twilio, customerIo, shop, proxy, launch, ParleyProcess.start(launch));
  }

  private static TwilioSettings account() {
    TwilioSettings account = TwilioSettings.of(ACCOUNT, TOKEN, List.of(SENDER, WHATSAPP_SENDER));
    for (Map.Entry<String, String> template : TEMPLATES.entrySet()) {
      account = account.withTemplate(template.getKey(), template.getValue());
    }
    return account;
  }

  private static Path flowsOfPlots(Path folder) throws IOException {
    Path flows = Files.createDirectories(folder.resolve("flows"));
    for (String name : Plot.FLOWS) {
      Bundled.copyFlow(name, flows);
    }
    return flows;
  }

  public StandInTwilio twilio() {
    return twilio;
  }

  public StandInCustomerIo customerIo() {
    return customerIo;
  }

  public StandInShop shop() {
    return shop;
  }

  public PostgresProxy proxy() {
    return proxy;
  }

  public Customers customers() {
    return customers;
  }

  public ParleyProcess parley() {
    return parley;
  }

  public Path log() {
    return launch.log();
  }

  /// The `PARLEY_*` settings that Parley runs by.
  public Map<String, String> settings() {
    return launch.settings();
  }

  public Connection connect() throws SQLException {
    return postgres.connect(database);
  }

  /// kill -9, and waits until it is dead.
  public void kill() {
    parley.kill();
    try {
      parley.awaitEnd();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Starts Parley again after its end and waits until it is ready.
  public void restart() throws IOException, InterruptedException {
    parley = ParleyProcess.start(launch);
  }

  /// Waits until every customer's plot has come to its end and nothing is on its way anywhere;
  /// answers what is left behind, at the latest after `patience` and whatever it is then.
  public Evidence awaitRest(Duration patience) throws SQLException {
    long deadline = System.nanoTime() + patience.toNanos();
    for (int rests = 0; ; ) {
      boolean over = System.nanoTime() >= deadline;
      // All that is left behind is read only once nobody says anything any more.
      if (over || (customers.areQuiet() && openRooms().isEmpty())) {
        Evidence evidence = evidence();
        rests = isAtRest(evidence) ? rests + 1 : 0;
        // Twice in a row: what a report that came in during the first look set off shows in the
        // second.
        if (over || rests == 2) {
          return evidence;
        }
      } else {
        rests = 0;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private boolean isAtRest(Evidence evidence) throws SQLException {
    return customers.areQuiet()
        && evidence.leftOver().isEmpty()
        && areReported(evidence.ledgers().twilio())
        && openRooms().isEmpty()
        && departures(evidence).isEmpty();
  }

  private static boolean areReported(Ledgers.Twilio ledger) {
    Set<String> delivered =
        ledger.callbacks().stream()
            .filter(callback -> callback.status() == DeliveryStatus.DELIVERED)
            .map(StatusCallback::messageSid)
            .collect(Collectors.toSet());
    return ledger.messages().stream().map(SentMessage::sid).allMatch(delivered::contains);
  }

  /// The conversations at Twilio that are still open: no plot leaves one.
  public List<String> openRooms() {
    return twilio.conversations().entrySet().stream()
        .filter(room -> !room.getValue().equals("closed"))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// The customers whose conversation is not where their plot ends.
  public List<String> departures(Evidence evidence) throws SQLException {
    Map<String, String> standing = evidence.standing();
    Set<String> begun = evidence.all().stream().map(Case::theirs).collect(Collectors.toSet());
    return customers.plots().entrySet().stream()
        .filter(
            customer ->
                !begun.contains(customer.getKey())
                    || !Optional.ofNullable(standing.get(customer.getKey()))
                        .equals(customer.getValue().waitsAt()))
        .map(
            customer ->
                "%s, who %s, stands at %s"
                    .formatted(
                        customer.getKey(), customer.getValue(), standing.get(customer.getKey())))
        .toList();
  }

  public Evidence evidence() throws SQLException {
    try (Connection connection = connect()) {
      return Evidence.gather(connection, this::ledgers);
    }
  }

  /// What everybody but Parley knows.
  public Ledgers ledgers() {
    return Ledgers.of(
        twilio,
        customerIo,
        shop.asked(),
        new Ledgers.Told(customers.acknowledged(), customers.optOuts()));
  }

  @Override
  public void close() {
    if (parley.isAlive()) {
      kill();
    }
    customers.close();
    proxy.close();
    vertx.close().await();
  }
}
