package io.parley.loadtest.twilio;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The webhook parameters of a customer's message.
final class InboundParameters {

  private static final List<String> PLACES = List.of("City", "State", "Zip");

  private InboundParameters() {}

  static Map<String, String> of(Inbound message, TwilioSettings settings) {
    String sid = StandInTwilio.newSid(message.extra().containsKey("NumMedia") ? "MM" : "SM");
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("AccountSid", settings.accountSid());
    parameters.put("ApiVersion", StandInTwilio.API_VERSION);
    parameters.put("From", message.from());
    parameters.put("To", message.to());
    parameters.put("Body", message.body());
    parameters.put("NumMedia", "0");
    parameters.put("NumSegments", Integer.toString(Segments.of(message.body())));
    parameters.put("SmsStatus", "received");
    settings.serviceOf(message.to()).ifPresent(mg -> parameters.put("MessagingServiceSid", mg));
    if (Addresses.isWhatsApp(message.from())) {
      parameters.put("WaId", Addresses.number(message.from()).replace("+", ""));
      parameters.put("ReferralNumMedia", "0");
    } else {
      putPlaces(parameters, "From", message.from());
      putPlaces(parameters, "To", message.to());
    }
    parameters.putAll(message.extra());
    String given = parameters.getOrDefault("MessageSid", sid);
    for (String name : List.of("MessageSid", "SmsSid", "SmsMessageSid")) {
      parameters.put(name, given);
    }
    return parameters;
  }

  static SentMessage kept(String sid, Inbound message, Instant now) {
    return new SentMessage(
        sid,
        Direction.INBOUND,
        message.to(),
        message.from(),
        Optional.empty(),
        message.body(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Segments.of(message.body()),
        DeliveryStatus.RECEIVED,
        OptionalInt.empty(),
        now,
        Optional.of(now),
        now);
  }

  private static void putPlaces(Map<String, String> parameters, String end, String number) {
    PLACES.forEach(place -> parameters.put(end + place, ""));
    parameters.put(end + "Country", number.startsWith("+1") ? "US" : "");
  }
}
