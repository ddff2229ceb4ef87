package io.parley.calls;

import io.parley.calls.CallRequest.Chosen;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.engine.flow.BuiltInFunction;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Makes a request of a call.
///
/// Each carries `Idempotency-Key`, the call's id, so that a server can tell a repeat, and a
/// `User-Agent`. A function gets its parameters as a form, objects as JSON, signed as Twilio signs;
/// without an account there is no token to sign with, and no signature.
public record RequestComposer(FunctionPlaces functions, Optional<TwilioCredentials> twilio) {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

  /// What came of it: a request, or the answer that there is none.
  public sealed interface Composed {
    record Ready(CallRequest request) implements Composed {}

    record Impossible(Event.CallFailed why) implements Composed {}
  }

  public Composed compose(Effect.Call call) {
    return switch (call.request()) {
      case Effect.Request.Http http -> http(call, http);
      case Effect.Request.Function function -> function(call, function);
      case Effect.Request.Conversation _ ->
          impossible(
              call,
              "not_configured",
              "conversations need PARLEY_TWILIO_ACCOUNT_SID and PARLEY_TWILIO_AUTH_TOKEN");
    };
  }

  private Composed http(Effect.Call call, Effect.Request.Http http) {
    Optional<Target> target = Target.parse(http.url());
    if (target.isEmpty()) {
      return impossible(call, "bad_url", "the url is no http or https URL with a host");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, Object> header : http.headers().entries().entrySet()) {
      String value = text(header.getValue());
      if (!HEADER_NAME.matcher(header.getKey()).matches()
          || !HEADER_VALUE.matcher(value).matches()
          || CallRequest.isReserved(header.getKey())) {
        return impossible(
            call, "bad_header", "a flow cannot set the header \"" + header.getKey() + "\"");
      }
      headers.put(header.getKey(), value);
    }
    if (!http.contentType().isEmpty()) {
      if (!HEADER_VALUE.matcher(http.contentType()).matches()) {
        return impossible(call, "bad_header", "the content type is none");
      }
      headers.put("Content-Type", http.contentType());
    }
    if (!target.get().userInfo().isEmpty()) {
      headers.put("Authorization", basic(target.get()));
    }
    CallRequest request =
        new CallRequest(http.method(), target.get(), headers, http.body(), Chosen.BY_FLOW);
    return http.twilioAuth() ? withTwilio(call, request) : ready(call, request);
  }

  private Composed withTwilio(Effect.Call call, CallRequest request) {
    String host = request.target().host();
    boolean trusted =
        request.target().secure() && (host.equals("twilio.com") || host.endsWith(".twilio.com"));
    if (!trusted) {
      return impossible(
          call, "refused_credentials", "add_twilio_auth is only for https urls of twilio.com");
    }
    return twilio.isEmpty()
        ? impossible(
            call, "not_configured", "add_twilio_auth needs PARLEY_TWILIO_ACCOUNT_SID to be set")
        : ready(call, request.with("Authorization", twilio.get().basic()));
  }

  private Composed function(Effect.Call call, Effect.Request.Function function) {
    if (BuiltInFunction.isMeant(function.url())) {
      return impossible(call, "not_configured", unbuilt(function.url()));
    }
    Optional<FunctionPlaces.Place> place = functions.find(function);
    Optional<Target> target = place.flatMap(it -> Target.parse(it.url()));
    if (place.isEmpty() || target.isEmpty()) {
      return impossible(call, "not_configured", unplaced(function));
    }
    String form = form(function.parameters());
    CallRequest bare =
        new CallRequest(
            "POST",
            target.get(),
            Map.of("Content-Type", FORM + ";charset=utf-8"),
            form,
            place.get().chosen());
    CallRequest request =
        target.get().userInfo().isEmpty() ? bare : bare.with("Authorization", basic(target.get()));
    Optional<String> signature = twilio.map(it -> it.signing().sign(target.get().url(), form));
    return ready(call, signature.map(it -> request.with("X-Twilio-Signature", it)).orElse(request));
  }

  private static String unbuilt(String name) {
    return BuiltInFunction.parse(name).isPresent()
        ? name + " needs PARLEY_CUSTOMERIO_APP_KEY"
        : "there is no function %s; there are %s"
            .formatted(name, String.join(", ", BuiltInFunction.words()));
  }

  private static String unplaced(Effect.Request.Function function) {
    String name =
        function.functionSid().isEmpty() ? "the function" : "function " + function.functionSid();
    if (FunctionPlaces.climbs(function)) {
      return name + " has a url with .. in its path, which may be anywhere";
    }
    String why =
        function.url().isEmpty() ? "has no url in the flow" : "has no https url in the flow";
    String example = function.functionSid().isEmpty() ? "ZS..." : function.functionSid();
    return "%s %s; %s=%s=https://... says where it runs"
        .formatted(name, why, FunctionPlaces.SETTING, example);
  }

  /// The parameters as Twilio sends them: fields, in their order.
  static String form(Values parameters) {
    return parameters.entries().entrySet().stream()
        .map(it -> encoded(it.getKey()) + "=" + encoded(text(it.getValue())))
        .collect(Collectors.joining("&"));
  }

  private static String text(Object value) {
    return value instanceof String text ? text : Json.print(value);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Composed ready(Effect.Call call, CallRequest request) {
    CallRequest whole = request.with("Idempotency-Key", call.id().toString());
    whole = whole.headers().containsKey("User-Agent") ? whole : whole.with("User-Agent", "Parley");
    return new Composed.Ready(
        whole.headers().containsKey("Accept") ? whole : whole.with("Accept", "*/*"));
  }

  private static Composed impossible(Effect.Call call, String reason, String message) {
    return new Composed.Impossible(new Event.CallFailed(call.id(), reason, message));
  }

  /// `Authorization` by a URL's user and password, which are percent-encoded there.
  static String basic(Target target) {
    String userInfo = target.userInfo().contains(":") ? target.userInfo() : target.userInfo() + ":";
    // The decoder is for forms, where a plus is a space; here it is itself.
    return TwilioCredentials.basic(
        URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8));
  }
}
