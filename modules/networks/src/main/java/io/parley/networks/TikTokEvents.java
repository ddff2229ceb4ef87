package io.parley.networks;

import io.parley.engine.Json;
import io.parley.networks.Parcel.Item;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Tells TikTok what was bought, by `POST /event/track/` of its Events API.
///
/// ```
/// {"event_source": "offline", "event_source_id": "7041",
///  "data": [{"event": "Purchase", "event_time": 1772360100, "event_id": "1001",
///            "user": {"email": "8f...", "phone": "40...", "external_id": "8a..."},
///            "properties": {"value": 82.5, "currency": "USD", "order_id": "1001"}}]}
/// ```
///
/// Repeats are safe for 48 hours: TikTok counts one event of a name and an id. One event that it
/// does not take fails all of a request, so that the courier asks again with halves.
public final class TikTokEvents extends ConversionSink {

  public static final URI BASE = URI.create("https://business-api.tiktok.com/open_api/v1.3");

  /// TikTok's own limit.
  static final int MAX_EVENTS = 1_000;

  /// The longest time after a click in which TikTok gives an ad the credit.
  private static final Limits LIMITS =
      new Limits(new ConversionReader.Recency("TikTok", Duration.ofDays(28)), MAX_EVENTS);

  private final Settings settings;

  /// @param sourceId the id of the offline or CRM event set, or a pixel's code
  /// @param testCode marks events that TikTok only shows under Test Events
  public record Settings(
      Activation activation,
      String sourceId,
      String token,
      EventSource source,
      Optional<String> testCode,
      URI base) {

    public Settings {
      if (sourceId.isBlank() || token.isBlank()) {
        throw new IllegalArgumentException(
            "destination %s needs the id of an event set or pixel, and a token"
                .formatted(activation.destination()));
      }
    }

    /// Conversions as purchases of an offline event set.
    public static Settings of(String destination, String sourceId, String token) {
      return new Settings(
          Activation.ofConversions(destination, "Purchase"),
          sourceId,
          token,
          EventSource.OFFLINE,
          Optional.empty(),
          BASE);
    }

    @Override
    public String toString() {
      return "TikTokEvents.Settings[activation=%s, sourceId=%s, token=…, source=%s, base=%s]"
          .formatted(activation, sourceId, source, base);
    }
  }

  /// What kind of place events are sent to.
  public enum EventSource {
    OFFLINE("offline"),
    CRM("crm"),
    WEB("web");

    private final String word;

    EventSource(String word) {
      this.word = word;
    }

    /// As TikTok writes it.
    public String word() {
      return word;
    }
  }

  public TikTokEvents(Settings settings, InstantSource clock) {
    super(Network.TIKTOK_EVENTS, settings.activation(), LIMITS, clock);
    this.settings = settings;
  }

  @Override
  Composed request(Parcel parcel) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("event_source", settings.source().word());
    body.put("event_source_id", settings.sourceId());
    settings.testCode().ifPresent(code -> body.put("test_event_code", code));
    body.put("data", parcel.items());
    return parcel.post(
        Requests.at(settings.base(), "event/track/"),
        Requests.json("Access-Token", settings.token()),
        Json.print(body));
  }

  @Override
  Item item(Conversion conversion) {
    Map<String, Object> user = user(conversion.who());
    if (user.isEmpty()) {
      return new Item.Unfit(
          "the person has neither e-mail address nor phone number nor external id");
    }
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event", conversion.event());
    event.put("event_time", conversion.at().getEpochSecond());
    event.put("event_id", conversion.id());
    event.put("user", user);
    Map<String, Object> properties = conversion.bought();
    if (!properties.isEmpty()) {
      event.put("properties", properties);
    }
    return new Item.Fit(event);
  }

  private Map<String, Object> user(Member who) {
    Map<String, Object> user = new LinkedHashMap<>();
    who.email().flatMap(identifiers::email).ifPresent(it -> user.put("email", it));
    who.phone().flatMap(identifiers::phone).ifPresent(it -> user.put("phone", it));
    who.externalId().flatMap(identifiers::externalId).ifPresent(it -> user.put("external_id", it));
    return user;
  }

  @Override
  Meaning meaning(Composed composed, Response response) {
    return TikTokAnswer.judge(response);
  }
}
