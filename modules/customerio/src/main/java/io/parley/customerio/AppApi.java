package io.parley.customerio;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Requests to Customer.io's App API, and its answers about opt-outs.
///
/// Source: Customer.io's App API reference: opt-outs, customers, transactional messages,
/// broadcasts.
///
/// @param base where the App API stands: `https://api.customer.io`
/// @param key an App API key
public record AppApi(URI base, String key) {

  /// How many people a page of opt-outs has at most.
  static final int PAGE = 1_000;

  /// @param body empty text for none
  public record Request(String method, String url, Map<String, String> headers, String body) {
    public Request {
      headers = Map.copyOf(headers);
    }
  }

  /// Whom a request is about.
  ///
  /// @param type `id`, `phone`, `email` or `cio_id`
  public record Customer(String id, String type) {}

  /// A sender that a person has opted out of.
  ///
  /// @param channel `sms` or `whatsapp`
  /// @param from a number, an alphanumeric sender or a Messaging Service; Customer.io may have it
  ///     in lower case
  public record Sender(String channel, String from) {}

  /// What a person has opted out of.
  public record OptedOut(String customer, List<Sender> senders) {
    public OptedOut {
      senders = List.copyOf(senders);
    }
  }

  /// A page of opt-outs.
  ///
  /// @param next where the next page begins; empty after the last
  public record Page(List<OptedOut> people, Optional<String> next) {
    public Page {
      people = List.copyOf(people);
    }
  }

  /// Asks for a page of all opt-outs.
  ///
  /// @param start where the page begins; empty for the first
  public Request page(Optional<String> start) {
    return new Request(
        "GET",
        url("/v1/optouts?limit=" + PAGE + start.map(it -> "&start=" + encoded(it)).orElse("")),
        headers(),
        "");
  }

  /// Opts a person out of a sender, or in again. Takes effect some time after the answer.
  public Request optOut(Customer customer, Sender sender, boolean isOut) {
    Values entry =
        Values.of("channel", sender.channel()).with("from", sender.from()).with("optout", isOut);
    return new Request(
        "PUT",
        url(
            "/v1/customers/%s/optouts?id_type=%s"
                .formatted(encoded(customer.id()), customer.type())),
        headers(),
        Json.print(Map.of("optouts", List.of(entry.entries()))));
  }

  /// Asks for a person's attributes. By email or phone only where the workspace has these as
  /// identifiers, else it answers 400.
  Request profile(Customer customer) {
    return new Request(
        "GET",
        url(
            "/v1/customers/%s/attributes?id_type=%s"
                .formatted(encoded(customer.id()), customer.type())),
        headers(),
        "");
  }

  /// Sends a transactional e-mail. There is no key by which a repeat would be known.
  Request email(Values body) {
    return new Request("POST", url("/v1/send/email"), headers(), Json.print(body.entries()));
  }

  /// Triggers a broadcast, which may be done once in ten seconds.
  ///
  /// @param broadcast its number
  Request broadcast(String broadcast, Values body) {
    return new Request(
        "POST",
        url("/v1/campaigns/%s/triggers".formatted(encoded(broadcast))),
        headers(),
        Json.print(body.entries()));
  }

  /// Reads a page; empty where the body is none.
  public static Optional<Page> readPage(String body) {
    if (!(StrictJson.parse(body) instanceof StrictJson.Parsed.Tree(JsonNode root))
        || !root.path("optouts").isArray()) {
      return Optional.empty();
    }
    List<OptedOut> people = new ArrayList<>();
    for (JsonNode person : root.path("optouts")) {
      List<Sender> senders = new ArrayList<>();
      for (JsonNode sender : person.path("optouts")) {
        senders.add(new Sender(sender.path("channel").asText("sms"), sender.path("from").asText()));
      }
      customer(person).ifPresent(it -> people.add(new OptedOut(it, senders)));
    }
    return Optional.of(
        new Page(people, Optional.of(root.path("next").asText("")).filter(it -> !it.isEmpty())));
  }

  private static Optional<String> customer(JsonNode person) {
    return Stream.of("/customer_id", "/identifiers/id", "/id", "/cio_id")
        .map(pointer -> person.at(pointer).asText(""))
        .filter(it -> !it.isEmpty())
        .findFirst();
  }

  private String url(String path) {
    return base.toString().replaceAll("/+$", "") + path;
  }

  private Map<String, String> headers() {
    return Map.of(
        "Authorization", "Bearer " + key, "Content-Type", "application/json; charset=utf-8");
  }

  /// A path's part. A plus sign that is left as it is makes Customer.io answer of nobody with 200.
  static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return "AppApi[base=" + base + ", key=…]";
  }
}
