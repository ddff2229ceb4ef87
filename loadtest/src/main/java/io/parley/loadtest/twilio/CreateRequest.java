package io.parley.loadtest.twilio;

import io.vertx.core.MultiMap;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a request to create a message asks for, read and checked.
sealed interface CreateRequest {

  /// Twilio refuses it.
  record Refused(Refusal refusal) implements CreateRequest {}

  /// Twilio takes it, the state of the account (opt-outs, queues) permitting.
  record Valid(
      String to,
      String from,
      Optional<String> messagingServiceSid,
      String body,
      List<String> mediaUrls,
      Optional<String> contentSid,
      Optional<String> contentVariables,
      Optional<String> statusCallback)
      implements CreateRequest {}

  int MAX_BODY_CHARACTERS = 1600;
  int MAX_MEDIA = 10;
  Pattern UNUSABLE_SPACE = Pattern.compile("[\\v\\t]| {5}");
  Pattern CONTENT_SID = Pattern.compile("HX[0-9a-fA-F]{32}");

  /// Reads the form; `settings` tell which senders, services and templates there are.
  static CreateRequest read(MultiMap form, TwilioSettings settings) {
    String to = text(form, "To");
    return refuseRecipient(to)
        .or(() -> refuseUnsupported(form))
        .map(CreateRequest::refused)
        .orElseGet(() -> readSender(form, to, settings));
  }

  private static CreateRequest readSender(MultiMap form, String to, TwilioSettings settings) {
    String from = text(form, "From");
    String service = text(form, "MessagingServiceSid");
    if (from.isEmpty() && service.isEmpty()) {
      return refused(Refusal.bad(21603, "A 'From' phone number is required."));
    }
    if (!service.isEmpty() && !settings.messagingServices().containsKey(service)) {
      return refused(Refusal.bad(21701, "The Messaging Service does not exist."));
    }
    if (from.isEmpty()) {
      Optional<String> chosen =
          pick(settings.messagingServices().getOrDefault(service, List.of()), to);
      return chosen
          .map(sender -> readContent(form, new Route(to, sender, Optional.of(service)), settings))
          .orElseGet(
              () ->
                  refused(
                      Refusal.bad(
                          21703, "The Messaging Service does not have a sender for " + to)));
    }
    return refuseSender(from, to, settings)
        .map(CreateRequest::refused)
        .orElseGet(
            () ->
                readContent(
                    form,
                    new Route(to, from, Optional.of(service).filter(sid -> !sid.isEmpty())),
                    settings));
  }

  private static CreateRequest readContent(MultiMap form, Route route, TwilioSettings settings) {
    Optional<String> contentSid = optional(form, "ContentSid");
    Optional<String> variables = optional(form, "ContentVariables");
    String body = text(form, "Body");
    List<String> media = form.getAll("MediaUrl");
    Optional<Refusal> refusal =
        refuseContent(contentSid, variables, settings)
            .or(() -> refuseBody(body, media, contentSid))
            .or(() -> refuseCallback(text(form, "StatusCallback")));
    if (refusal.isPresent()) {
      return refused(refusal.get());
    }
    String shown =
        contentSid
            .map(sid -> rendered(settings.templates().getOrDefault(sid, ""), variables))
            .orElse(body);
    return new Valid(
        route.to,
        route.from,
        route.service,
        shown,
        media,
        contentSid,
        variables,
        optional(form, "StatusCallback"));
  }

  private static Optional<Refusal> refuseRecipient(String to) {
    if (to.isEmpty()) {
      return Optional.of(Refusal.bad(21604, "A 'To' phone number is required."));
    }
    return Addresses.isRecipient(to)
        ? Optional.empty()
        : Optional.of(
            Refusal.bad(21211, "The 'To' number " + to + " is not a valid phone number."));
  }

  private static Optional<Refusal> refuseUnsupported(MultiMap form) {
    return form.contains("SendAt") || form.contains("ScheduleType")
        ? Optional.of(Refusal.bad(20001, "This stand-in does not schedule messages."))
        : Optional.empty();
  }

  private static Optional<Refusal> refuseSender(String from, String to, TwilioSettings settings) {
    if (!Addresses.isSender(from)) {
      return Optional.of(
          Refusal.bad(
              21212,
              "The 'From' number "
                  + from
                  + " is not a valid phone number, shortcode, or alphanumeric sender ID."));
    }
    if (Addresses.isWhatsApp(from) != Addresses.isWhatsApp(to)) {
      return Optional.of(
          Refusal.bad(
              21910, "Invalid From and To pair. From and To should be of the same channel"));
    }
    if (settings.senders().contains(from)) {
      return from.equals(to)
          ? Optional.of(Refusal.bad(21266, "'To' and 'From' number cannot be the same"))
          : Optional.empty();
    }
    return Optional.of(
        Addresses.isWhatsApp(from)
            ? Refusal.bad(63007, "Twilio could not find a Channel with the specified From address")
            : Refusal.bad(
                21606,
                "The 'From' phone number provided ("
                    + from
                    + ") is not a valid message-capable Twilio phone number for this"
                    + " destination."));
  }

  private static Optional<Refusal> refuseContent(
      Optional<String> contentSid, Optional<String> variables, TwilioSettings settings) {
    if (contentSid.isPresent()) {
      boolean known =
          settings.templates().isEmpty() || settings.templates().containsKey(contentSid.get());
      if (!known || !CONTENT_SID.matcher(contentSid.get()).matches()) {
        return Optional.of(Refusal.bad(21655, "The ContentSid is Invalid"));
      }
    }
    return variables.isEmpty() || json(variables.get()).filter(CreateRequest::isUsable).isPresent()
        ? Optional.empty()
        : Optional.of(Refusal.bad(21656, "The Content Variables parameter is invalid"));
  }

  /// Whether each variable has a value, on one line, without long spaces (error 21656).
  private static boolean isUsable(JsonObject variables) {
    return variables.stream()
        .map(variable -> variable.getValue() == null ? "" : variable.getValue().toString())
        .noneMatch(value -> value.isEmpty() || UNUSABLE_SPACE.matcher(value).find());
  }

  private static Optional<Refusal> refuseBody(
      String body, List<String> media, Optional<String> contentSid) {
    if (body.isEmpty() && media.isEmpty() && contentSid.isEmpty()) {
      return Optional.of(Refusal.bad(21602, "Message body is required."));
    }
    if (body.length() > MAX_BODY_CHARACTERS) {
      return Optional.of(
          Refusal.bad(21617, "The concatenated message body exceeds the 1600 character limit"));
    }
    if (media.size() > MAX_MEDIA) {
      return Optional.of(Refusal.bad(21623, "Number of media files exceeds allowed limit"));
    }
    return media.stream().allMatch(CreateRequest::isWebUrl)
        ? Optional.empty()
        : Optional.of(Refusal.bad(21620, "Invalid media URL(s)"));
  }

  private static Optional<Refusal> refuseCallback(String url) {
    return url.isEmpty() || isWebUrl(url)
        ? Optional.empty()
        : Optional.of(
            Refusal.bad(21609, "The 'StatusCallback' URL " + url + " is not a valid URL."));
  }

  /// The sender of a service for a recipient: always the same one, of the recipient's channel.
  private static Optional<String> pick(List<String> senders, String to) {
    List<String> fitting =
        senders.stream()
            .filter(sender -> Addresses.isWhatsApp(sender) == Addresses.isWhatsApp(to))
            .toList();
    return fitting.isEmpty()
        ? Optional.empty()
        : Optional.of(fitting.get(Math.floorMod(to.hashCode(), fitting.size())));
  }

  private static String rendered(String template, Optional<String> variables) {
    String text = template;
    for (Map.Entry<String, Object> variable :
        variables.flatMap(CreateRequest::json).orElseGet(JsonObject::new)) {
      text = text.replace("{{" + variable.getKey() + "}}", String.valueOf(variable.getValue()));
    }
    return text;
  }

  private static Optional<JsonObject> json(String text) {
    try {
      return Optional.of(new JsonObject(text));
    } catch (DecodeException _) {
      return Optional.empty();
    }
  }

  private static boolean isWebUrl(String text) {
    try {
      URI uri = new URI(text);
      return uri.getHost() != null && ("http".equals(uri.getScheme()) || isHttps(uri));
    } catch (URISyntaxException _) {
      return false;
    }
  }

  private static boolean isHttps(URI uri) {
    return "https".equals(uri.getScheme());
  }

  private static CreateRequest refused(Refusal refusal) {
    return new Refused(refusal);
  }

  private static String text(MultiMap form, String name) {
    String value = form.get(name);
    return value == null ? "" : value;
  }

  private static Optional<String> optional(MultiMap form, String name) {
    return Optional.of(text(form, name)).filter(value -> !value.isEmpty());
  }

  /// From whom to whom.
  record Route(String to, String from, Optional<String> service) {}
}
