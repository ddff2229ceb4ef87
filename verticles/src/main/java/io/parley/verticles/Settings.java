package io.parley.verticles;

import io.parley.calls.CallRules;
import io.parley.customerio.CustomerIoSignature;
import io.parley.customerio.Defaults;
import io.parley.customerio.Region;
import io.parley.customerio.TrackKey;
import io.parley.customerio.TriggerCredentials;
import io.parley.customerio.segment.WriteKeys;
import io.parley.engine.Address;
import io.parley.engine.Channel;
import io.parley.store.Seal;
import io.parley.twilio.TwilioAccount;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Everything that can be set, read once at start from `PARLEY_*` and checked whole. Each has a
/// default that lets the service start; what needs a credential that is not there is off, and says
/// so.
///
/// @param databaseUrl `postgresql://user:password@host:port/name`; empty for the embedded Postgres
/// @param dataDir where the embedded Postgres keeps its data
/// @param databaseStart how long a start waits for a database that does not answer
/// @param bindings which flow a reply starts when none runs, by our address
/// @param senders our address by channel, for triggers that name none
/// @param lanes how many writers commit turns, each over a connection of its own
/// @param conversations which messages of conversations move a flow, and which one they start
/// @param idle after which a conversation's verticle is undeployed
/// @param relay where messages that Twilio posts are passed on to
/// @param policy where the brand's rules are
/// @param deskRules where the desk's rules are
/// @param rules where the rules are by which calls about persons start flows
/// @param offerSecrets what the policy's requests to shops carry, by name
/// @param deadLetterSeal keeps the bodies of dead letters
/// @param destinations where is written who else is told what came of conversations
/// @param destinationSecrets what the destinations file names, by name
/// @param targetSecrets what targets of handoffs name, by name
/// @param tagger what replies are tagged by
/// @param writeKeys who may tell of persons by Segment's calls
/// @param desk who signs in at the desk, and for how long
/// @param linkUrl what short links begin with, before `/r/`
/// @param linkLifetime how long a short link leads on; empty for ever
record Settings(
    String httpHost,
    int httpPort,
    URI publicUrl,
    Optional<String> databaseUrl,
    Path dataDir,
    int databasePool,
    Duration databaseStart,
    int lanes,
    Duration idle,
    Path flowsDir,
    Path tagsDir,
    Map<Address, String> bindings,
    Map<Channel, Address> senders,
    String defaultRegion,
    Optional<TwilioAccount> twilio,
    TwilioCourier.Pace pace,
    Optional<CustomerIo> customerIo,
    OptOutSettings optOuts,
    RelaySettings relay,
    CallRules calls,
    TriggerCredentials triggerCredentials,
    ReportRoutes.Rules reports,
    URI linkUrl,
    Optional<Duration> linkLifetime,
    Optional<String> operatorToken,
    ConversationRoutes.Rules conversations,
    StudioSettings studio,
    PolicyFile policy,
    DeskFile deskRules,
    RulesFile rules,
    Map<String, String> offerSecrets,
    Seal deadLetterSeal,
    DestinationsFile destinations,
    Map<String, String> destinationSecrets,
    Map<String, String> targetSecrets,
    Tagging.By tagger,
    WriteKeys writeKeys,
    DeskSettings desk) {

  Settings {
    bindings = Map.copyOf(bindings);
    senders = Map.copyOf(senders);
    offerSecrets = Map.copyOf(offerSecrets);
    destinationSecrets = Map.copyOf(destinationSecrets);
    targetSecrets = Map.copyOf(targetSecrets);
  }

  /// Where outcomes go.
  record CustomerIo(URI trackUrl, TrackKey key, SinkCourier.Pace pace) {}

  /// What came of reading the settings: all of them, or everything that is wrong with them.
  sealed interface Reading {
    /// @param shown every setting in force by name, secrets redacted
    record Usable(Settings settings, Map<String, String> shown) implements Reading {}

    record Unusable(List<String> problems) implements Reading {}
  }

  /// @param environment what is set, `PARLEY_*` and others
  static Reading read(Map<String, String> environment) {
    SettingsReader reader = new SettingsReader(environment);
    Optional<List<String>> signingKeys = reader.secrets(SettingName.CUSTOMERIO_SIGNING_KEY);
    Duration freshness = reader.duration(SettingName.TRIGGER_FRESHNESS);
    Optional<CustomerIoSignature> signature =
        signingKeys.map(keys -> new CustomerIoSignature(keys, freshness));
    Optional<TwilioAccount> twilio = twilio(reader);
    TwilioCourier.Pace pace =
        new TwilioCourier.Pace(
            reader.positive(SettingName.SEGMENTS_PER_SECOND),
            reader.duration(SettingName.IN_DOUBT_SETTLE),
            longestRequest(reader.duration(SettingName.TWILIO_TIMEOUT)));
    Map<Address, String> bindings = reader.bindings(SettingName.FLOW_BINDINGS);
    Optional<String> basic =
        reader.secret(SettingName.TRIGGER_BASIC).filter(reader::isUserAndPassword);
    Optional<String> bearer = reader.secret(SettingName.TRIGGER_BEARER);
    Duration reportFreshness = reader.duration(SettingName.REPORT_FRESHNESS);
    ReportRoutes.Rules reports =
        new ReportRoutes.Rules(
            new TriggerCredentials(
                signingKeys.map(keys -> new CustomerIoSignature(keys, reportFreshness)),
                basic,
                bearer),
            topics(reader));
    Settings settings =
        new Settings(
            reader.text(SettingName.HTTP_HOST),
            (int) reader.whole(SettingName.HTTP_PORT, 0, 65_535),
            reader.url(SettingName.PUBLIC_URL),
            reader.secret(SettingName.DATABASE_URL).filter(reader::isDatabaseUrl),
            Path.of(reader.text(SettingName.DATA_DIR)),
            (int) reader.whole(SettingName.DATABASE_POOL, 1, 200),
            reader.duration(SettingName.DATABASE_START_TIMEOUT),
            (int) reader.whole(SettingName.LANES, 1, 64),
            reader.duration(SettingName.IDLE),
            Path.of(reader.text(SettingName.FLOWS_DIR)),
            Path.of(reader.text(SettingName.TAGS_DIR)),
            bindings,
            reader.senders(),
            reader.oneOf(
                SettingName.DEFAULT_REGION, Defaults::knows, "an ISO 3166 region such as US"),
            twilio,
            pace,
            customerIo(reader),
            OptOutSettings.read(reader),
            RelaySettings.read(reader),
            CallSettings.read(reader),
            new TriggerCredentials(signature, basic, bearer),
            reports,
            linkUrl(reader),
            reader
                .optional(SettingName.LINK_LIFETIME)
                .map(_ -> reader.duration(SettingName.LINK_LIFETIME)),
            reader.secret(SettingName.OPERATOR_TOKEN),
            new ConversationRoutes.Rules(bindings, reader.texts(SettingName.CONVERSATION_AGENTS)),
            StudioSettings.read(reader),
            PolicyFile.named(reader.optional(SettingName.POLICY)),
            DeskFile.named(reader.optional(SettingName.DESK)),
            RulesFile.named(reader.optional(SettingName.RULES)),
            namedSecrets(reader, SettingName.OFFER_SECRETS),
            deadLetterSeal(reader),
            DestinationsFile.named(reader.optional(SettingName.DESTINATIONS)),
            destinationSecrets(reader),
            targetSecrets(reader),
            Tagging.By.read(reader),
            writeKeys(reader),
            DeskSettings.read(reader));
    reader.refuseUnknownNames();
    return reader.problems().isEmpty()
        ? new Reading.Usable(settings, new TreeMap<>(reader.shown()))
        : new Reading.Unusable(reader.problems());
  }

  private static Map<String, String> topics(SettingsReader reader) {
    Map<String, String> topics = new TreeMap<>();
    for (String pair : reader.texts(SettingName.CUSTOMERIO_TOPICS)) {
      if (pair.matches("[0-9]+=[^\\s*]+")) {
        int equals = pair.indexOf('=');
        topics.put(pair.substring(0, equals), pair.substring(equals + 1).toLowerCase(Locale.ROOT));
      } else {
        reader.refuse(SettingName.CUSTOMERIO_TOPICS, pair, "number=programme, such as 7=marketing");
      }
    }
    return topics;
  }

  private static Seal deadLetterSeal(SettingsReader reader) {
    return switch (DeadLetterKeys.read(
        reader.secrets(SettingName.DEAD_LETTER_KEY).orElse(List.of()))) {
      case DeadLetterKeys.Reading.Usable(var seal) -> seal;
      case DeadLetterKeys.Reading.Unusable(var problem) -> {
        reader.problem(SettingName.DEAD_LETTER_KEY, problem);
        yield Seal.NONE;
      }
    };
  }

  /// What the destinations file names, by name.
  static Map<String, String> destinationSecrets(SettingsReader reader) {
    return namedSecrets(reader, SettingName.DESTINATION_SECRETS);
  }

  /// What targets of handoffs name, by name.
  static Map<String, String> targetSecrets(SettingsReader reader) {
    return namedSecrets(reader, SettingName.TARGET_SECRETS);
  }

  private static Map<String, String> namedSecrets(SettingsReader reader, SettingName name) {
    Map<String, String> secrets = new TreeMap<>();
    List<String> pairs = reader.secrets(name).orElse(List.of());
    for (int i = 0; i < pairs.size(); i++) {
      String pair = pairs.get(i);
      int equals = pair.indexOf('=');
      if (pair.substring(0, Math.max(0, equals)).matches("[A-Z][A-Z0-9_]{2,63}")) {
        secrets.put(pair.substring(0, equals), pair.substring(equals + 1));
      } else {
        reader.problem(
            name,
            "value %d of %d is not NAME=value, the name in capitals; a comma ends a value"
                .formatted(i + 1, pairs.size()));
      }
    }
    return secrets;
  }

  private static WriteKeys writeKeys(SettingsReader reader) {
    Map<String, String> keys = new TreeMap<>();
    for (String pair : reader.secrets(SettingName.WRITE_KEYS).orElse(List.of())) {
      int equals = pair.indexOf('=');
      String source = pair.substring(0, Math.max(0, equals));
      String key = pair.substring(equals + 1);
      if (!source.matches("[a-z][a-z0-9_-]{0,31}") || key.isBlank() || key.contains(":")) {
        reader.refuse(
            SettingName.WRITE_KEYS,
            "(set)",
            "name=key, the name in small letters, digits, - and _, the key without a colon");
      } else if (keys.putIfAbsent(source, key) != null) {
        reader.refuse(SettingName.WRITE_KEYS, source, "named once; give each source one key");
      }
    }
    return new WriteKeys(keys);
  }

  private static URI linkUrl(SettingsReader reader) {
    return reader
        .optional(SettingName.LINK_URL)
        .map(_ -> reader.baseUrl(SettingName.LINK_URL))
        .orElseGet(() -> reader.url(SettingName.PUBLIC_URL));
  }

  /// Connecting and answering may take the time-out each.
  private static Duration longestRequest(Duration timeout) {
    return timeout.multipliedBy(2).plusMillis(500);
  }

  private static Optional<TwilioAccount> twilio(SettingsReader reader) {
    Optional<String> sid = reader.optional(SettingName.TWILIO_ACCOUNT_SID);
    Optional<List<String>> tokens = reader.secrets(SettingName.TWILIO_AUTH_TOKEN);
    URI apiUrl = reader.url(SettingName.TWILIO_API_URL);
    URI conversationsUrl = reader.url(SettingName.TWILIO_CONVERSATIONS_URL);
    Duration timeout = reader.duration(SettingName.TWILIO_TIMEOUT);
    reader.together(SettingName.TWILIO_ACCOUNT_SID, SettingName.TWILIO_AUTH_TOKEN);
    if (sid.isEmpty() || tokens.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new TwilioAccount(
            sid.get(),
            tokens.get(),
            Optional.empty(),
            apiUrl,
            conversationsUrl,
            reader.url(SettingName.PUBLIC_URL),
            new TwilioAccount.Timeouts(timeout, timeout)));
  }

  private static Optional<CustomerIo> customerIo(SettingsReader reader) {
    Optional<String> siteId =
        reader.optional(SettingName.CUSTOMERIO_SITE_ID).filter(reader::isSiteId);
    Optional<String> apiKey = reader.secret(SettingName.CUSTOMERIO_API_KEY);
    String region =
        reader.oneOf(
            SettingName.CUSTOMERIO_REGION, it -> it.equals("us") || it.equals("eu"), "us or eu");
    Optional<String> trackUrl = reader.optional(SettingName.CUSTOMERIO_TRACK_URL);
    SinkCourier.Pace pace =
        new SinkCourier.Pace(
            reader.positive(SettingName.CUSTOMERIO_REQUESTS_PER_SECOND),
            reader.duration(SettingName.CUSTOMERIO_TIMEOUT),
            Duration.ZERO,
            reader.duration(SettingName.CUSTOMERIO_LONGEST_PAUSE));
    reader.together(SettingName.CUSTOMERIO_SITE_ID, SettingName.CUSTOMERIO_API_KEY);
    if (siteId.isEmpty() || apiKey.isEmpty()) {
      return Optional.empty();
    }
    URI url =
        trackUrl
            .map(_ -> reader.url(SettingName.CUSTOMERIO_TRACK_URL))
            .orElseGet(() -> URI.create((region.equals("eu") ? Region.EU : Region.US).trackUrl()));
    return Optional.of(new CustomerIo(url, new TrackKey(siteId.get(), apiKey.get()), pace));
  }
}
