package io.parley.networks;

import io.parley.engine.Json;
import io.parley.engine.offers.Money;
import io.parley.networks.Parcel.Item;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Tells Google what was bought, by `POST /events:ingest` of its Data Manager API: enhanced
/// conversions for leads for everybody who has not sent them by the Google Ads API before.
///
/// ```
/// {"destinations": [{"reference": "77", "productDestinationId": "77",
///                    "operatingAccount": {
///                       "accountType": "GOOGLE_ADS", "accountId": "1234567890"}}],
///  "events": [{"destinationReferences": ["77"], "transactionId": "1001",
///              "eventTimestamp": "2026-03-01T10:15:00Z", "eventSource": "WEB",
///              "conversionValue": 82.5, "currency": "USD",
///              "userData": {"userIdentifiers": [{"emailAddress": "8f..."}]}}],
///  "encoding": "HEX"}
/// ```
///
/// Google takes a request whole or not at all, and matches it later: what it then finds wrong shows
/// in its diagnostics alone. Repeats are safe by the transaction's id.
public final class GoogleEvents extends ConversionSink {

  public static final URI BASE = URI.create("https://datamanager.googleapis.com/v1");

  /// Google's own limit.
  static final int MAX_EVENTS = 2_000;

  /// The longest time after a click in which Google Ads gives an ad the credit.
  private static final Limits LIMITS =
      new Limits(new ConversionReader.Recency("Google Ads", Duration.ofDays(90)), MAX_EVENTS);

  private static final int MAX_DESTINATIONS = 10;

  private final Settings settings;
  private final Supplier<String> accessToken;

  /// @param activation its events are ids of conversion actions, ten at most
  public record Settings(
      Activation activation,
      GoogleAccount account,
      EventSource source,
      GoogleConsent consent,
      URI base) {

    public Settings {
      requireActions(activation);
      if (activation.events().values().stream().distinct().count() > MAX_DESTINATIONS) {
        throw new IllegalArgumentException(
            "destination %s has more than %d conversion actions: make two of it"
                .formatted(activation.destination(), MAX_DESTINATIONS));
      }
    }

    /// Conversions that took place in a web shop.
    ///
    /// @param conversionAction its id
    public static Settings of(String destination, GoogleAccount account, String conversionAction) {
      return new Settings(
          Activation.ofConversions(destination, conversionAction),
          account,
          EventSource.WEB,
          GoogleConsent.UNSPECIFIED,
          BASE);
    }
  }

  /// Where an event took place.
  public enum EventSource {
    WEB,
    APP,
    IN_STORE,
    PHONE,
    OTHER
  }

  /// @param accessToken answers with one that is valid now, of the scope `datamanager`; see
  ///     [GoogleAccess]
  public GoogleEvents(Settings settings, Supplier<String> accessToken, InstantSource clock) {
    super(Network.GOOGLE, settings.activation(), LIMITS, clock);
    this.settings = settings;
    this.accessToken = accessToken;
  }

  static void requireActions(Activation activation) {
    activation
        .events()
        .forEach(
            (outcome, action) -> {
              if (!action.matches("[0-9]{1,19}")) {
                throw new IllegalArgumentException(
                    "destination %s: %s needs the id of a conversion action (digits), not '%s'"
                        .formatted(activation.destination(), outcome, action));
              }
            });
  }

  @Override
  Composed request(Parcel parcel) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("destinations", destinations());
    body.put("events", parcel.items());
    if (!settings.consent().ofDataManager().isEmpty()) {
      body.put("consent", settings.consent().ofDataManager());
    }
    body.put("encoding", "HEX");
    return parcel.post(
        Requests.at(settings.base(), "events:ingest"),
        Requests.json("Authorization", "Bearer " + accessToken.get()),
        Json.print(body));
  }

  private List<Map<String, Object>> destinations() {
    return settings.activation().events().values().stream()
        .distinct()
        .sorted()
        .map(action -> settings.account().destination(action, action))
        .toList();
  }

  @Override
  Item item(Conversion conversion) {
    List<Map<String, Object>> people = identifiers(identifiers, conversion.who());
    if (people.isEmpty()) {
      return new Item.Unfit("the person has neither e-mail address nor phone number");
    }
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("destinationReferences", List.of(conversion.event()));
    event.put("transactionId", conversion.id());
    event.put("eventTimestamp", conversion.at().toString());
    event.put("eventSource", settings.source().name());
    conversion.worth().map(Money::amount).ifPresent(it -> event.put("conversionValue", it));
    conversion.worth().map(Money::currency).ifPresent(it -> event.put("currency", it));
    event.put("userData", Map.of("userIdentifiers", people));
    return new Item.Fit(event);
  }

  /// As the Data Manager API takes a person.
  static List<Map<String, Object>> identifiers(Identifiers identifiers, Member who) {
    List<Map<String, Object>> identified = new ArrayList<>();
    who.email()
        .flatMap(identifiers::email)
        .ifPresent(it -> identified.add(Map.of("emailAddress", it)));
    who.phone()
        .flatMap(identifiers::phone)
        .ifPresent(it -> identified.add(Map.of("phoneNumber", it)));
    return identified;
  }

  @Override
  Meaning meaning(Composed composed, Response response) {
    return DataManagerAnswer.of(response, "events");
  }
}
