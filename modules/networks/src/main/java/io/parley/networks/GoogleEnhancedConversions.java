package io.parley.networks;

import io.parley.engine.Json;
import io.parley.engine.offers.Money;
import io.parley.networks.Parcel.Item;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Tells Google what was bought, by `uploadClickConversions` of the Google Ads API: enhanced
/// conversions for leads, which find the ad by the person.
///
/// ```
/// {"conversions": [{"conversionAction": "customers/1234567890/conversionActions/77",
///                   "conversionDateTime": "2026-03-01 10:15:00+00:00", "conversionValue": 82.5,
///                   "currencyCode": "USD", "orderId": "1001",
///                   "userIdentifiers": [{"userIdentifierSource": "FIRST_PARTY",
///                                        "hashedEmail": "8f..."}]}],
///  "partialFailure": true}
/// ```
///
/// Since June 2026 Google lets only developer tokens use this that did so before; for all others
/// there is [GoogleEvents]. Repeats are safe: Google takes an order's id once.
public final class GoogleEnhancedConversions extends ConversionSink {

  /// The newest version known.
  public static final URI BASE = URI.create("https://googleads.googleapis.com/v26");

  /// Google takes 2,000; this bounds what one bad answer puts in doubt, and how long an answer is.
  static final int MAX_CONVERSIONS = 500;

  /// The longest time after a click in which Google Ads gives an ad the credit.
  private static final Limits LIMITS =
      new Limits(new ConversionReader.Recency("Google Ads", Duration.ofDays(90)), MAX_CONVERSIONS);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssxxx").withZone(ZoneOffset.UTC);

  private final Settings settings;
  private final Supplier<String> accessToken;

  /// @param activation its events are ids of conversion actions of the kind `UPLOAD_CLICKS`
  public record Settings(
      Activation activation,
      GoogleAccount account,
      String developerToken,
      GoogleConsent consent,
      URI base) {

    public Settings {
      if (developerToken.isBlank()) {
        throw new IllegalArgumentException(
            "destination %s needs a developer token".formatted(activation.destination()));
      }
      GoogleEvents.requireActions(activation);
    }

    @Override
    public String toString() {
      return "GoogleEnhancedConversions.Settings[activation=%s, account=%s, developerToken=…, base=%s]"
          .formatted(activation, account, base);
    }
  }

  /// @param accessToken answers with one that is valid now, of the scope `adwords`; see
  ///     [GoogleAccess]
  public GoogleEnhancedConversions(
      Settings settings, Supplier<String> accessToken, InstantSource clock) {
    super(Network.GOOGLE, settings.activation(), LIMITS, clock);
    this.settings = settings;
    this.accessToken = accessToken;
  }

  @Override
  Composed request(Parcel parcel) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("conversions", parcel.items());
    body.put("partialFailure", true);
    return parcel.post(
        Requests.at(
            settings.base(),
            "customers/%s:uploadClickConversions".formatted(settings.account().customer())),
        headers(),
        Json.print(body));
  }

  private Map<String, String> headers() {
    Map<String, String> headers =
        new HashMap<>(Requests.json("Authorization", "Bearer " + accessToken.get()));
    headers.put("developer-token", settings.developerToken());
    settings.account().login().ifPresent(id -> headers.put("login-customer-id", id));
    return headers;
  }

  @Override
  Item item(Conversion conversion) {
    List<Map<String, Object>> people = identifiers(conversion.who());
    if (people.isEmpty()) {
      return new Item.Unfit("the person has neither e-mail address nor phone number");
    }
    Map<String, Object> click = new LinkedHashMap<>();
    click.put(
        "conversionAction",
        "customers/%s/conversionActions/%s"
            .formatted(settings.account().customer(), conversion.event()));
    click.put("conversionDateTime", TIME.format(conversion.at()));
    conversion.worth().map(Money::amount).ifPresent(it -> click.put("conversionValue", it));
    conversion.worth().map(Money::currency).ifPresent(it -> click.put("currencyCode", it));
    click.put("orderId", conversion.id());
    click.put("userIdentifiers", people);
    if (!settings.consent().ofAdsApi().isEmpty()) {
      click.put("consent", settings.consent().ofAdsApi());
    }
    return new Item.Fit(click);
  }

  private List<Map<String, Object>> identifiers(Member who) {
    List<Map<String, Object>> identified = new ArrayList<>();
    who.email()
        .flatMap(identifiers::email)
        .ifPresent(it -> identified.add(firstParty("hashedEmail", it)));
    who.phone()
        .flatMap(identifiers::phone)
        .ifPresent(it -> identified.add(firstParty("hashedPhoneNumber", it)));
    return identified;
  }

  private static Map<String, Object> firstParty(String kind, String hash) {
    Map<String, Object> identifier = new LinkedHashMap<>();
    identifier.put("userIdentifierSource", "FIRST_PARTY");
    identifier.put(kind, hash);
    return identifier;
  }

  @Override
  Meaning meaning(Composed composed, Response response) {
    return GoogleAdsAnswer.of(response);
  }
}
