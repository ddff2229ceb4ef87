package io.parley.engine.flow;

import io.parley.engine.Awaiting;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Json;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// `make-http-request`: asks a web server, and goes on by its answer: `success` for 2xx, else
/// `failed`. What was answered is `widgets.NAME.body`, `content_type`, `status_code`, and `parsed`
/// where it is a JSON object; without an answer there is none of them.
///
/// Beyond Studio: the methods that it lacks, `parley.headers`, and JSON arrays in `parsed` where
/// `parley.parse_arrays` is true.
///
/// @param url a template, as all texts are
/// @param parameters the query of a GET, else the fields of a form
public record MakeHttpRequest(
    String name,
    List<Transition> transitions,
    String method,
    String url,
    String contentType,
    String body,
    List<Parameter> parameters,
    List<Parameter> headers,
    boolean twilioAuth,
    boolean parsesArrays)
    implements Widget {

  static final List<Property> PROPERTIES =
      List.of(
          Property.oneOf("method", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD").required(),
          Property.text("url").required(),
          Property.text("content_type"),
          Property.text("body"),
          Property.entries("parameters"),
          Property.flag("add_twilio_auth"),
          Property.textOrInteger("timeout"),
          Property.entries("parley.headers"),
          Property.flag("parley.parse_arrays"));

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String JSON = "application/json";

  public MakeHttpRequest {
    transitions = List.copyOf(transitions);
    parameters = List.copyOf(parameters);
    headers = List.copyOf(headers);
  }

  static MakeHttpRequest read(String name, List<Transition> transitions, Place properties) {
    return new MakeHttpRequest(
        name,
        transitions,
        properties.get("method").text(),
        properties.get("url").text(),
        properties.get("content_type").text(),
        properties.get("body").text(),
        Parameter.readAll(properties.get("parameters")),
        Parameter.readAll(properties.get("parley.headers")),
        properties.get("add_twilio_auth").isTrue(),
        properties.get("parley.parse_arrays").isTrue());
  }

  @Override
  public Reached enter(Scene scene) {
    String form = form(scene);
    boolean asQuery = method.equals("GET") || method.equals("HEAD");
    String rendered = scene.text(url).strip();
    String target = asQuery && !form.isEmpty() ? withQuery(rendered, form) : rendered;
    Optional<String> problem = problem(target);
    if (problem.isPresent()) {
      scene.warn(new Warning(Warning.HTTP_INTERNAL, "widget " + name + ": " + problem.get()));
      return left("failed", Values.EMPTY);
    }
    boolean isForm = contentType.toLowerCase(Locale.ROOT).startsWith(FORM);
    String content = asQuery ? "" : isForm && body.isBlank() ? form : scene.text(body);
    EffectId call =
        scene.call(
            new Effect.Request.Http(
                method,
                target,
                Parameter.render(headers, name, scene),
                content.isEmpty() ? "" : contentType.isBlank() ? JSON : contentType,
                content,
                twilioAuth));
    return new Reached.Holds(new Awaiting.CallAnswer(call), Values.EMPTY);
  }

  private String form(Scene scene) {
    return parameters.stream()
        .map(it -> encoded(it.key()) + "=" + encoded(text(it.render(name, scene))))
        .collect(Collectors.joining("&"));
  }

  private static String text(Object value) {
    return value instanceof String text ? text : Json.print(value);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String withQuery(String url, String query) {
    String asked = url.split("#", 2)[0];
    return asked + (asked.contains("?") ? "&" : "?") + query;
  }

  /// Why no request is made, if none is.
  private Optional<String> problem(String target) {
    URI uri;
    try {
      uri = new URI(target);
    } catch (URISyntaxException e) {
      return Optional.of("the url is none: " + e.getMessage());
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("https") || scheme.equals("http")) || host.isEmpty()) {
      return Optional.of("the url must begin with https:// or http:// and name a host");
    }
    boolean twilio =
        scheme.equals("https") && (host.equals("twilio.com") || host.endsWith(".twilio.com"));
    return twilioAuth && !twilio
        ? Optional.of("add_twilio_auth is only for https urls of twilio.com: nothing was asked")
        : Optional.empty();
  }

  @Override
  public Reached resume(Scene scene, Awaiting awaiting, Event event) {
    if (!(awaiting instanceof Awaiting.CallAnswer(var call))) {
      return new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    }
    return switch (event) {
      case Event.CallAnswered answer when answer.call().equals(call) -> answered(scene, answer);
      case Event.CallFailed failure when failure.call().equals(call) -> {
        warn(scene, failure.reason() + ": " + failure.message());
        yield left("failed", Values.EMPTY);
      }
      default -> new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    };
  }

  private Reached answered(Scene scene, Event.CallAnswered answer) {
    Values outputs = outputs(answer);
    boolean json = isJson(answer.contentType());
    Optional<Object> parsed = json ? Json.parse(answer.body()) : Optional.empty();
    if (parsed.isPresent() && isTaken(parsed.get())) {
      outputs = outputs.with("parsed", parsed.get());
    }
    boolean unreadable = json && parsed.isEmpty() && !answer.body().isBlank();
    if (answer.status() >= 200 && answer.status() < 300 && !unreadable) {
      return left("success", outputs);
    }
    warn(scene, unreadable ? "the answer is not the JSON it says" : "status " + answer.status());
    return left("failed", outputs);
  }

  private boolean isTaken(Object parsed) {
    return parsed instanceof Map<?, ?> || (parsesArrays && parsed instanceof List<?>);
  }

  /// What every answer of a web server is to a flow.
  static Values outputs(Event.CallAnswered answer) {
    return Values.of("body", answer.body())
        .with("content_type", answer.contentType())
        .with("status_code", answer.status());
  }

  static boolean isJson(String contentType) {
    return contentType.split(";", 2)[0].strip().equalsIgnoreCase(JSON);
  }

  private void warn(Scene scene, String what) {
    scene.warn(
        new Warning(Warning.HTTP_FAILED, "HTTP request failed: widget " + name + ", " + what));
  }

  private Reached left(String event, Values outputs) {
    return new Reached.Left(event, next(event), outputs);
  }
}
