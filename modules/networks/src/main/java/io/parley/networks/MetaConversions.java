package io.parley.networks;

import io.parley.engine.Json;
import io.parley.networks.Parcel.Item;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells Meta what was bought, by `POST /{dataset}/events` of its Conversions API.
///
/// ```
/// {"data": [{"event_name": "Purchase", "event_time": 1772360100, "event_id": "1001",
///            "action_source": "chat",
///            "user_data": {"em": ["8f..."], "ph": ["5e..."], "external_id": ["8a..."]},
///            "custom_data": {"value": 82.5, "currency": "USD", "order_id": "1001"}}]}
/// ```
///
/// Repeats are safe for 48 hours: Meta counts one event of a name and an id. One event that it does
/// not take fails all of a request, so that the courier asks again with halves.
public final class MetaConversions extends ConversionSink {

  /// The version of Graph that this was written for.
  public static final URI BASE = URI.create("https://graph.facebook.com/v25.0");

  /// Meta's own limit.
  static final int MAX_EVENTS = 1_000;

  /// Meta refuses the whole request for one event that is older.
  private static final Limits LIMITS =
      new Limits(new ConversionReader.Recency("Meta", Duration.ofDays(7)), MAX_EVENTS);

  private static final String PURCHASE = "Purchase";

  private final Settings settings;

  /// @param dataset the id of the dataset, which was called a pixel
  /// @param token a system user's access token with the right to manage ads
  /// @param testCode marks events that Meta only shows under Test Events
  public record Settings(
      Activation activation,
      String dataset,
      String token,
      ActionSource source,
      Optional<String> testCode,
      URI base) {

    public Settings {
      if (!dataset.matches("[0-9]+") || token.isBlank()) {
        throw new IllegalArgumentException(
            "destination %s needs a dataset (digits) and a token"
                .formatted(activation.destination()));
      }
    }

    /// Conversions as purchases that came of a chat.
    public static Settings of(String destination, String dataset, String token) {
      return new Settings(
          Activation.ofConversions(destination, PURCHASE),
          dataset,
          token,
          ActionSource.CHAT,
          Optional.empty(),
          BASE);
    }

    @Override
    public String toString() {
      return "MetaConversions.Settings[activation=%s, dataset=%s, token=…, source=%s, base=%s]"
          .formatted(activation, dataset, source, base);
    }
  }

  /// Where a conversion took place, which by Meta's terms must be true to the best of one's
  /// knowledge. Its `website` and `app` are not here: Meta wants the browser's user agent or the
  /// device with those, and Parley knows neither.
  public enum ActionSource {
    CHAT("chat"),
    EMAIL("email"),
    PHONE_CALL("phone_call"),
    PHYSICAL_STORE("physical_store"),
    SYSTEM_GENERATED("system_generated"),
    OTHER("other");

    private final String word;

    ActionSource(String word) {
      this.word = word;
    }

    /// As Meta writes it.
    public String word() {
      return word;
    }
  }

  public MetaConversions(Settings settings, InstantSource clock) {
    super(Network.META_CONVERSIONS, settings.activation(), LIMITS, clock);
    this.settings = settings;
  }

  @Override
  Composed request(Parcel parcel) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("data", parcel.items());
    settings.testCode().ifPresent(code -> body.put("test_event_code", code));
    return parcel.post(
        Requests.at(settings.base(), settings.dataset() + "/events"),
        Requests.json("Authorization", "Bearer " + settings.token()),
        Json.print(body));
  }

  @Override
  Item item(Conversion conversion) {
    if (conversion.event().equals(PURCHASE) && conversion.worth().isEmpty()) {
      return new Item.Unfit(
          "the order has no value with a currency, and Meta takes no Purchase without");
    }
    Map<String, Object> user = user(conversion.who());
    if (user.isEmpty()) {
      return new Item.Unfit(
          "the person has neither e-mail address nor phone number nor external id");
    }
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event_name", conversion.event());
    event.put("event_time", conversion.at().getEpochSecond());
    event.put("event_id", conversion.id());
    event.put("action_source", settings.source().word());
    event.put("user_data", user);
    Map<String, Object> custom = conversion.bought();
    if (!custom.isEmpty()) {
      event.put("custom_data", custom);
    }
    return new Item.Fit(event);
  }

  private Map<String, Object> user(Member who) {
    Map<String, Object> user = new LinkedHashMap<>();
    who.email().flatMap(identifiers::email).ifPresent(it -> user.put("em", List.of(it)));
    who.phone().flatMap(identifiers::phone).ifPresent(it -> user.put("ph", List.of(it)));
    who.externalId()
        .flatMap(identifiers::externalId)
        .ifPresent(it -> user.put("external_id", List.of(it)));
    return user;
  }

  @Override
  public Optional<Receipt> receipt(Composed composed, Response response) {
    return Answer.number(Answer.of(response).json(), "events_received")
        .map(it -> new Receipt(it, 0));
  }

  /// `{"events_received": 2, "messages": [], "fbtrace_id": "..."}` says how many were taken.
  @Override
  Meaning meaning(Composed composed, Response response) {
    Judgement judgement = MetaAnswer.judge(response);
    int sent = composed.effects().size();
    long received =
        Answer.number(Answer.of(response).json(), "events_received").orElse((long) sent);
    return judgement instanceof Judgement.Taken && received < sent
        ? new Judgement.Faulty("Meta took %d of %d events".formatted(received, sent))
        : judgement;
  }
}
