package io.parley.engine.rules;

import io.parley.engine.Address;
import io.parley.engine.Channel;
import io.parley.engine.flow.Place;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a rule starts.
///
/// ```yaml
/// start:
///   flow: cart-recovery
///   channel: sms                    # or whatsapp
///   from: "+15550001111"            # else the sender of the channel
///   parameters: {code: "{{event.properties.code}}"}
///   cooling_off: 60s
///   purchase_check: true
///   cohort: "{{traits.experiment}}"
///   programme: marketing
///   frequency_cap: cart
///   within: 72h
/// ```
///
/// @param flow its name or sid
/// @param from our sender
/// @param parameters what the flow reads as `flow.data`, beside the event
/// @param coolingOff how long ago the flow must have begun last for the person
/// @param purchaseCheck whether an order since the event, or a short time ago, keeps the flow from
///     beginning
/// @param cohort the arm of the person's experiment
/// @param programme what the messages are about, as consents name it
/// @param frequencyCap the key that triggers are counted by
/// @param within how long ago the event may have happened
public record Start(
    String flow,
    Channel channel,
    Optional<Address> from,
    Map<String, Object> parameters,
    Duration coolingOff,
    boolean purchaseCheck,
    Optional<Template> cohort,
    Optional<String> programme,
    Optional<Template> frequencyCap,
    Duration within) {

  /// Source: the destination Twilio Studio's documentation, Cooling-off Period.
  static final Duration USUAL_COOLING_OFF = Duration.ofMinutes(1);

  /// Source: how old an event may be that triggers a campaign in Customer.io.
  static final Duration USUAL_AGE = Duration.ofDays(3);

  private static final Duration LONGEST_COOLING_OFF = Duration.ofDays(30);
  private static final Duration LONGEST_AGE = Duration.ofDays(30);
  private static final String WHATSAPP = "whatsapp:";
  private static final String NUMBER = "\\+[1-9][0-9]{6,14}";

  public Start {
    parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  static Start read(Place place) {
    if (place.isAbsent()) {
      place.problem("is missing: say which flow to start, such as {flow: cart-recovery}");
    }
    place.holdsOnly(
        "flow",
        "channel",
        "from",
        "parameters",
        "cooling_off",
        "purchase_check",
        "cohort",
        "programme",
        "frequency_cap",
        "within");
    String flow = place.get("flow").text().strip();
    if (flow.isEmpty() && place.isObject()) {
      place.get("flow").problem("must be the name of a flow, or its sid");
    }
    Channel channel = channel(place);
    return new Start(
        flow,
        channel,
        from(place.get("from"), channel),
        parameters(place.get("parameters")),
        place
            .get("cooling_off")
            .duration(
                USUAL_COOLING_OFF,
                it -> it.compareTo(LONGEST_COOLING_OFF) <= 0,
                "must be a duration of at most 30d, such as 60s or 2h, or 0"),
        purchaseCheck(place.get("purchase_check")),
        template(place.get("cohort")),
        Optional.of(place.get("programme").literal().strip()).filter(it -> !it.isEmpty()),
        template(place.get("frequency_cap")),
        place
            .get("within")
            .duration(
                USUAL_AGE,
                it -> !it.isZero() && it.compareTo(LONGEST_AGE) <= 0,
                "must be a duration of at most 30d, such as 2h or 72h"));
  }

  private static Channel channel(Place place) {
    Place named = place.get("channel");
    boolean prefixed = place.get("from").text().strip().startsWith(WHATSAPP);
    String word = named.text().strip();
    if (!named.isAbsent() && !List.of("sms", "whatsapp").contains(word)) {
      named.problem("must be sms or whatsapp");
    }
    if (prefixed && word.equals("sms")) {
      named.problem("is sms, but from is a WhatsApp sender; change one of them");
    }
    return prefixed || word.equals("whatsapp") ? Channel.WHATSAPP : Channel.SMS;
  }

  private static Optional<Address> from(Place place, Channel channel) {
    String written = place.literal().strip();
    if (place.isAbsent()) {
      return Optional.empty();
    }
    String bare = written.startsWith(WHATSAPP) ? written.substring(WHATSAPP.length()) : written;
    boolean number = bare.matches(NUMBER);
    boolean other = channel == Channel.SMS && bare.matches("[0-9]{3,8}|MG[0-9a-fA-F]{32}");
    if (!number && !other) {
      place.problem(
          "must be a sender that a reply can reach, in quotes: \"+15550001111\","
              + " \"whatsapp:+15550001111\", a short code or MG...");
      return Optional.empty();
    }
    return Optional.of(new Address(number && channel == Channel.WHATSAPP ? WHATSAPP + bare : bare));
  }

  private static boolean purchaseCheck(Place place) {
    if (!place.isAbsent() && !(place.value() instanceof Boolean)) {
      place.problem("must be true or false");
    }
    return place.isAbsent() || place.isTrue();
  }

  private static Optional<Template> template(Place place) {
    if (place.isAbsent()) {
      return Optional.empty();
    }
    if (place.literal().isBlank()) {
      place.problem("must be a text, which may read event and traits");
    }
    return Optional.of(Template.read(place));
  }

  private static Map<String, Object> parameters(Place place) {
    if (!place.isAbsent() && !place.isObject()) {
      place.problem("must be an object, such as {code: \"{{event.properties.code}}\"}");
      return Map.of();
    }
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (String name : place.names()) {
      if (RESERVED.contains(name)) {
        place
            .get(name)
            .problem("is what the flow has of the event or the rule; choose another name");
      }
      parameters.put(name, Template.any(place.get(name)));
    }
    return parameters;
  }

  /// What a flow has of the event and the rule.
  static final List<String> RESERVED =
      List.of(
          "type",
          "event",
          "name",
          "userId",
          "anonymousId",
          "groupId",
          "previousId",
          "properties",
          "traits",
          "context",
          "messageId",
          "timestamp",
          "customer",
          "controls",
          "rule");
}
