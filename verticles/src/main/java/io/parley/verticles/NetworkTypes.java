package io.parley.verticles;

import io.parley.edge.AudienceLists;
import io.parley.edge.OutcomeTaker;
import io.parley.engine.Outcomes;
import io.parley.engine.flow.Place;
import io.parley.networks.Activation;
import io.parley.networks.CountedBy;
import io.parley.networks.GoogleAccount;
import io.parley.networks.GoogleConsent;
import io.parley.networks.GoogleCustomerMatch;
import io.parley.networks.GoogleEnhancedConversions;
import io.parley.networks.GoogleEvents;
import io.parley.networks.MetaAudiences;
import io.parley.networks.MetaConversions;
import io.parley.networks.Rule;
import io.parley.networks.TikTokAudiences;
import io.parley.networks.TikTokEvents;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// How entries of the destinations file become sinks of the advertising networks. Where each takes
/// its keys is in `NETWORKS.md`.
final class NetworkTypes {

  private static final String CONSENT = "granted or denied, as the people were asked";

  private NetworkTypes() {}

  static OutcomeTaker metaConversions(DestinationEntry entry) {
    String dataset = digits(entry, "dataset", "the id of a dataset, once called a pixel");
    String token = entry.secret("token");
    return new MetaConversions(
        new MetaConversions.Settings(
            activation(entry, "event", Optional.of("Purchase")),
            dataset,
            token,
            entry.choice(
                "action_source",
                MetaConversions.ActionSource.CHAT,
                List.of(MetaConversions.ActionSource.values()),
                MetaConversions.ActionSource::word),
            entry.literal("test_code"),
            base(entry, MetaConversions.BASE)),
        entry.clock());
  }

  static OutcomeTaker tiktokEvents(DestinationEntry entry) {
    String source =
        entry.text(
            "source_id",
            it -> it.matches("[A-Za-z0-9_-]{1,64}"),
            "the id of an event set, or a pixel's code");
    String token = entry.secret("token");
    return new TikTokEvents(
        new TikTokEvents.Settings(
            activation(entry, "event", Optional.of("Purchase")),
            source.isEmpty() ? "0" : source,
            token,
            entry.choice(
                "source",
                TikTokEvents.EventSource.OFFLINE,
                List.of(TikTokEvents.EventSource.values()),
                TikTokEvents.EventSource::word),
            entry.literal("test_code"),
            base(entry, TikTokEvents.BASE)),
        entry.clock());
  }

  static OutcomeTaker googleConversions(DestinationEntry entry) {
    return new GoogleEvents(
        new GoogleEvents.Settings(
            activation(entry, "conversion_action", Optional.empty()),
            account(entry),
            entry.choice(
                "source",
                GoogleEvents.EventSource.WEB,
                List.of(GoogleEvents.EventSource.values()),
                NetworkTypes::word),
            consent(entry),
            base(entry, GoogleEvents.BASE)),
        entry.googleTokens(),
        entry.clock());
  }

  static OutcomeTaker googleAdsConversions(DestinationEntry entry) {
    return new GoogleEnhancedConversions(
        new GoogleEnhancedConversions.Settings(
            activation(entry, "conversion_action", Optional.empty()),
            account(entry),
            entry.secret("developer_token"),
            consent(entry),
            base(entry, GoogleEnhancedConversions.BASE)),
        entry.googleTokens(),
        entry.clock());
  }

  static OutcomeTaker metaAudience(DestinationEntry entry) {
    return new MetaAudiences(
        new MetaAudiences.Settings(
            lists(entry), entry.secret("token"), rule(entry), base(entry, MetaConversions.BASE)));
  }

  static OutcomeTaker tiktokAudience(DestinationEntry entry) {
    return new TikTokAudiences(
        new TikTokAudiences.Settings(
            lists(entry),
            List.of(
                digits(entry, "advertiser", "the id of the advertiser whose audiences they are")),
            entry.secret("token"),
            rule(entry),
            base(entry, TikTokEvents.BASE)));
  }

  static OutcomeTaker googleAudience(DestinationEntry entry) {
    if (!entry.flag("terms_accepted")) {
      entry
          .place("terms_accepted")
          .problem(
              "must be true: Google is told with each request that the terms of Customer Match are"
                  + " accepted");
    }
    return new GoogleCustomerMatch(
        new GoogleCustomerMatch.Settings(
            lists(entry),
            account(entry),
            consent(entry),
            rule(entry),
            base(entry, GoogleEvents.BASE)),
        entry.googleTokens());
  }

  private static AudienceLists lists(DestinationEntry entry) {
    entry.mayKeepBuyers();
    return new AudienceLists(entry.name(), entry.lists("list"));
  }

  /// Where requests go: the network, unless an entry says otherwise.
  private static URI base(DestinationEntry entry, URI network) {
    return entry.place("url").isAbsent() ? network : entry.url("url");
  }

  private static String digits(DestinationEntry entry, String key, String what) {
    String id = entry.text(key, it -> it.matches("[0-9]{1,30}"), what + ": digits");
    return id.matches("[0-9]+") ? id : "0";
  }

  private static Rule rule(DestinationEntry entry) {
    return entry.flag("as_segment") ? Rule.OF_SEGMENT : Rule.OF_THE_NETWORK;
  }

  /// @param key says what the network calls a conversion, or an object with such a name for each
  ///     outcome that goes there
  /// @param usual what holds where nothing stands there
  private static Activation activation(DestinationEntry entry, String key, Optional<String> usual) {
    Map<String, String> events = new LinkedHashMap<>();
    Place told = entry.place(key);
    for (String outcome : told.names()) {
      if (!DestinationsReader.NAMES.contains(outcome)) {
        told.get(outcome).problem("must be the name of an outcome that is reported");
      }
      events.put(outcome, event(told.get(outcome), usual));
    }
    if (told.isAbsent() && usual.isPresent()) {
      events.put(Outcomes.CONVERSION, usual.get());
    } else if (events.isEmpty()) {
      events.put(Outcomes.CONVERSION, event(told, usual));
    }
    return new Activation(
        entry.name(),
        events,
        rule(entry),
        entry.choice(
            "counted_by", CountedBy.ORDER, List.of(CountedBy.values()), NetworkTypes::word));
  }

  /// @param usual empty where a name is the id of something
  private static String event(Place place, Optional<String> usual) {
    String event = place.literal().strip();
    boolean isRight = usual.isPresent() ? !event.isEmpty() : event.matches("[0-9]{1,19}");
    if (!isRight) {
      place.problem(
          usual
              .map("must be what the network calls it: %s"::formatted)
              .orElse("must be the id of a conversion action: digits"));
    }
    return isRight ? event : "0";
  }

  private static GoogleAccount account(DestinationEntry entry) {
    return new GoogleAccount(
        customer(entry, "customer"),
        entry.place("login").isAbsent() ? Optional.empty() : Optional.of(customer(entry, "login")));
  }

  private static String customer(DestinationEntry entry, String key) {
    String id =
        entry.text(
            key, it -> it.matches("[0-9-]{1,19}"), "a customer id of Google Ads: 123-456-7890");
    return id.matches("[0-9-]*[0-9][0-9-]*") ? id : "0";
  }

  private static GoogleConsent consent(DestinationEntry entry) {
    return new GoogleConsent(agreed(entry, "ad_user_data"), agreed(entry, "ad_personalization"));
  }

  private static Optional<GoogleConsent.State> agreed(DestinationEntry entry, String key) {
    String told = entry.text(key, "", it -> it.equals("granted") || it.equals("denied"), CONSENT);
    return switch (told) {
      case "granted" -> Optional.of(GoogleConsent.State.GRANTED);
      case "denied" -> Optional.of(GoogleConsent.State.DENIED);
      default -> Optional.empty();
    };
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
