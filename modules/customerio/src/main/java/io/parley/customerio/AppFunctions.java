package io.parley.customerio;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.customerio.AppApi.Customer;
import io.parley.customerio.AppApi.Request;
import io.parley.edge.Cut;
import io.parley.edge.FlowFunction.Answer;
import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.engine.flow.BuiltInFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The functions that Customer.io's App API carries out for flows. Composes requests and reads
/// answers; what is between the two is a courier's.
///
/// What a flow reads, as `parsed`, is a JSON object that says what came of it: of a message `sent`
/// (`true`, `false`, or `unknown` where nobody can tell), `delivery_id` or `trigger_id`, else
/// `reason` and `message`; of a profile `found`, `id`, `email`, `cio_id`, `unsubscribed` and
/// `attributes`.
///
/// Source: Customer.io's App API reference: customers, transactional messages, broadcasts.
public final class AppFunctions {

  private static final int MAX_QUOTED_BYTES = 300;
  private static final int UNPROCESSABLE = 422;
  private static final int BAD_GATEWAY = 502;
  private static final int GATEWAY_TIMEOUT = 504;

  private static final List<String> TEXTS =
      List.of("from", "reply_to", "bcc", "subject", "preheader", "body", "language");

  private static final List<String> FLAGS =
      List.of("tracked", "queue_draft", "disable_message_retention");

  private final AppApi api;

  public AppFunctions(AppApi api) {
    this.api = api;
  }

  /// For whom a flow asks, as far as is known.
  public record Asker(Optional<String> externalId, Optional<String> email, Optional<String> phone) {

    /// Nobody that Customer.io would know.
    public static final Asker UNKNOWN =
        new Asker(Optional.empty(), Optional.empty(), Optional.empty());

    public Asker {
      externalId = externalId.filter(it -> !it.isBlank());
      email = email.filter(it -> it.contains("@"));
      phone = phone.filter(Phone::isE164);
    }
  }

  /// What a call comes to before anything leaves.
  public sealed interface Composed {

    record Ready(Request request) implements Composed {}

    /// Nothing need be asked.
    record Settled(Answer answer) implements Composed {}
  }

  /// What became of a request.
  public sealed interface Reading {

    /// The flow goes on by it.
    record Settled(Answer answer) implements Reading {}

    /// It surely was not taken, and may be made again.
    ///
    /// @param reason a word: `rate_limited`
    record NotTaken(String reason, String message, Optional<Duration> after) implements Reading {}

    /// It may have been taken.
    record InDoubt(String message) implements Reading {}
  }

  // ---- requests

  public Composed compose(BuiltInFunction function, Values parameters, Asker asker) {
    Optional<Answer> objection = objection(function, parameters);
    if (objection.isPresent()) {
      return new Composed.Settled(objection.get());
    }
    return switch (function) {
      case PROFILE -> profile(parameters, asker);
      case EMAIL -> email(parameters, asker);
      case BROADCAST -> broadcast(parameters, asker);
    };
  }

  private static Optional<Answer> objection(BuiltInFunction function, Values parameters) {
    for (String name : parameters.entries().keySet()) {
      if (!function.takes(name)) {
        return Optional.of(
            refused(
                function,
                "unknown_parameter",
                "%s takes no parameter %s; it takes %s"
                    .formatted(function.word(), name, String.join(", ", function.parameters()))));
      }
    }
    return function.required().stream()
        .filter(it -> text(parameters, it).isEmpty())
        .findFirst()
        .map(
            it ->
                refused(
                    function,
                    "missing_parameter",
                    "%s needs the parameter %s".formatted(function.word(), it)));
  }

  private Composed profile(Values parameters, Asker asker) {
    return profileOf(parameters, asker)
        .<Composed>map(it -> new Composed.Ready(api.profile(it)))
        .orElseGet(() -> nobody(BuiltInFunction.PROFILE));
  }

  /// Whose profile is asked for: whom the parameters name, else the person.
  public static Optional<Customer> profileOf(Values parameters, Asker asker) {
    return named(parameters, List.of("id", "email", "phone", "cio_id"))
        .or(() -> asker.externalId().map(it -> new Customer(it, "id")))
        .or(() -> asker.email().map(it -> new Customer(it, "email")))
        .or(() -> asker.phone().map(it -> new Customer(it, "phone")));
  }

  private static Optional<Customer> named(Values parameters, List<String> types) {
    return types.stream()
        .flatMap(type -> text(parameters, type).map(id -> new Customer(id, type)).stream())
        .findFirst();
  }

  private Composed email(Values parameters, Asker asker) {
    Optional<Customer> whom =
        named(parameters, List.of("id", "email", "cio_id"))
            .or(() -> asker.externalId().map(it -> new Customer(it, "id")))
            .or(() -> emailOf(parameters, asker).map(it -> new Customer(it, "email")));
    Optional<String> to = emailOf(parameters, asker);
    if (whom.isEmpty() || to.isEmpty()) {
      return nobody(BuiltInFunction.EMAIL);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("transactional_message_id", messageId(parameters));
    body.put("to", to.get());
    body.put("identifiers", Map.of(whom.get().type(), whom.get().id()));
    body.put("message_data", ownValues(parameters, "message_data").entries());
    // Customer.io's own default is to send to who has unsubscribed.
    body.put("send_to_unsubscribed", isSentToUnsubscribed(parameters));
    TEXTS.forEach(name -> text(parameters, name).ifPresent(it -> body.put(name, it)));
    FLAGS.forEach(
        name -> text(parameters, name).ifPresent(_ -> body.put(name, flag(parameters, name))));
    text(parameters, "send_at")
        .filter(it -> it.matches("[0-9]{1,18}"))
        .ifPresent(it -> body.put("send_at", Long.parseLong(it)));
    return new Composed.Ready(api.email(new Values(body)));
  }

  /// Where an e-mail goes: to whom the parameters name, else to the person.
  public static Optional<String> emailOf(Values parameters, Asker asker) {
    return text(parameters, "to").or(() -> text(parameters, "email")).or(asker::email);
  }

  /// Whether a flow says that who has unsubscribed shall have the e-mail all the same.
  public static boolean isSentToUnsubscribed(Values parameters) {
    return flag(parameters, "send_to_unsubscribed");
  }

  /// A number where it is one: Customer.io takes an id or a name.
  private static Object messageId(Values parameters) {
    String id = text(parameters, "transactional_message_id").orElse("");
    return id.matches("[0-9]{1,18}") ? (Object) Long.valueOf(id) : id;
  }

  private Composed broadcast(Values parameters, Asker asker) {
    String id = text(parameters, "broadcast_id").orElse("");
    if (!id.matches("[0-9]{1,18}")) {
      return new Composed.Settled(
          refused(
              BuiltInFunction.BROADCAST,
              "bad_parameter",
              "broadcast_id is the number of an API-triggered broadcast"));
    }
    Optional<Customer> whom =
        named(parameters, List.of("id", "email"))
            .or(() -> asker.externalId().map(it -> new Customer(it, "id")))
            .or(() -> asker.email().map(it -> new Customer(it, "email")));
    if (whom.isEmpty()) {
      return nobody(BuiltInFunction.BROADCAST);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("data", ownValues(parameters, "data").entries());
    body.put(whom.get().type().equals("id") ? "ids" : "emails", List.of(whom.get().id()));
    return new Composed.Ready(api.broadcast(id, new Values(body)));
  }

  private static Composed nobody(BuiltInFunction function) {
    return new Composed.Settled(
        refused(
            function,
            "no_recipient",
            switch (function) {
              case PROFILE -> "the person has neither an id, an e-mail address nor a number";
              case EMAIL -> "no e-mail address of the person is known; the parameter to names one";
              case BROADCAST -> "the person has neither an id nor an e-mail address";
            }));
  }

  /// What the message's template reads: an object, and single values beside it.
  private static Values ownValues(Values parameters, String name) {
    Object whole = parameters.entries().get(name);
    Object read = whole instanceof String text ? Json.parse(text).orElse("") : whole;
    Values values =
        read instanceof Map<?, ?> map ? Values.of("it", map).object("it") : Values.EMPTY;
    for (Map.Entry<String, Object> each : parameters.entries().entrySet()) {
      if (each.getKey().startsWith(BuiltInFunction.OWN_VALUE)) {
        values =
            values.with(
                each.getKey().substring(BuiltInFunction.OWN_VALUE.length()), each.getValue());
      }
    }
    return values;
  }

  private static Optional<String> text(Values parameters, String name) {
    Object value = parameters.entries().getOrDefault(name, "");
    String text = value instanceof String it ? it.strip() : Json.print(value);
    return Optional.of(text).filter(it -> !it.isEmpty());
  }

  private static boolean flag(Values parameters, String name) {
    return text(parameters, name).filter(it -> it.equalsIgnoreCase("true")).isPresent();
  }

  // ---- answers

  /// What an answer means.
  public Reading read(BuiltInFunction function, Values parameters, Response response) {
    if (response.isTaken()) {
      return taken(function, parameters, response);
    }
    int status = response.status();
    if (status == 429) {
      return new Reading.NotTaken(
          "rate_limited", "Customer.io asks for fewer requests (429)", response.retryAfter());
    }
    if (status >= 500) {
      String message = "Customer.io answered " + status;
      return function == BuiltInFunction.PROFILE
          ? new Reading.NotTaken("unavailable", message, response.retryAfter())
          : new Reading.InDoubt(message);
    }
    // By a status below 400 a flow would go on as if it were done.
    int told = status < 400 ? BAD_GATEWAY : status;
    return new Reading.Settled(refused(function, told, reason(status), words(response)));
  }

  private static Reading taken(BuiltInFunction function, Values parameters, Response response) {
    Optional<JsonNode> root =
        StrictJson.parse(response.body()) instanceof StrictJson.Parsed.Tree(JsonNode tree)
            ? Optional.of(tree)
            : Optional.empty();
    return switch (function) {
      case PROFILE ->
          root.filter(it -> it.path("customer").path("attributes").isObject())
              .<Reading>map(it -> new Reading.Settled(found(it.path("customer"), parameters)))
              .orElseGet(
                  () ->
                      new Reading.Settled(
                          refused(function, 404, "not_found", "Customer.io told of nobody (200)")));
      case EMAIL ->
          new Reading.Settled(
              Answer.json(
                  Values.of("sent", true)
                      .with("delivery_id", told(root, "delivery_id"))
                      .with("queued_at", told(root, "queued_at"))));
      case BROADCAST ->
          new Reading.Settled(
              Answer.json(Values.of("sent", true).with("trigger_id", told(root, "id"))));
    };
  }

  private static String told(Optional<JsonNode> root, String name) {
    return root.map(it -> it.path(name).asText("")).orElse("");
  }

  private static Answer found(JsonNode customer, Values parameters) {
    JsonNode attributes = customer.path("attributes");
    List<String> chosen =
        Stream.of(text(parameters, "attributes").orElse("").split(",", -1))
            .map(String::strip)
            .filter(it -> !it.isEmpty())
            .toList();
    List<String> names = new ArrayList<>();
    attributes.fieldNames().forEachRemaining(names::add);
    Values shown = Values.EMPTY;
    for (String name : names) {
      if (chosen.isEmpty() || chosen.contains(name)) {
        JsonNode value = attributes.path(name);
        Object read = Json.parse(value.toString()).orElse("");
        shown = shown.with(name, value.isTextual() ? value.asText() : read);
      }
    }
    return Answer.json(
        Values.of("found", true)
            .with("id", customer.path("id").asText(attributes.path("id").asText("")))
            .with("email", attributes.path("email").asText(""))
            .with("cio_id", attributes.path("cio_id").asText(""))
            .with(
                "unsubscribed",
                isTrue(customer.path("unsubscribed")) || isTrue(attributes.path("unsubscribed")))
            .with("attributes", shown));
  }

  private static boolean isTrue(JsonNode value) {
    return value.asText("").equalsIgnoreCase("true") || value.asText("").equals("1");
  }

  private static String reason(int status) {
    return switch (status) {
      case 401, 403 -> "unauthorized";
      case 404 -> "not_found";
      default -> "refused";
    };
  }

  private static String words(Response response) {
    return switch (response.status()) {
      case 401, 403 ->
          "Customer.io refuses our App API key (%d): compare key and region"
              .formatted(response.status());
      default ->
          "Customer.io refused it (%d): %s"
              .formatted(response.status(), Cut.text(response.body(), MAX_QUOTED_BYTES));
    };
  }

  /// The answer to who asked for what may have been taken, and will not be asked again.
  public static Answer inDoubt(BuiltInFunction function, String message) {
    return failed(function, GATEWAY_TIMEOUT, "in_doubt", message, "unknown");
  }

  /// The answer to who asked for what was not taken, and is given up.
  public static Answer givenUp(BuiltInFunction function, Reading.NotTaken why) {
    return refused(
        function, why.reason().equals("rate_limited") ? 429 : 503, why.reason(), why.message());
  }

  /// The answer where the person may not be written to.
  public static Answer unsubscribed(BuiltInFunction function) {
    return refused(
        function,
        403,
        "unsubscribed",
        "the person has taken back e-mail; send_to_unsubscribed sends what is no advertisement");
  }

  private static Answer refused(BuiltInFunction function, String reason, String message) {
    return refused(function, UNPROCESSABLE, reason, message);
  }

  private static Answer refused(
      BuiltInFunction function, int status, String reason, String message) {
    return failed(function, status, reason, message, false);
  }

  private static Answer failed(
      BuiltInFunction function, int status, String reason, String message, Object done) {
    Values body =
        Values.of(function == BuiltInFunction.PROFILE ? "found" : "sent", done)
            .with("reason", reason)
            .with("message", message);
    return new Answer(status, "application/json", Json.print(body.entries()));
  }
}
