package io.parley.verticles;

import io.parley.customerio.AppApi.Customer;
import io.parley.customerio.AppApi.Request;
import io.parley.customerio.TrackErasure;
import io.parley.customerio.TrackErasure.Way;
import io.parley.edge.Cut;
import io.parley.engine.Address;
import io.parley.store.Dossier;
import io.parley.store.Who;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Destroys a person's profiles in Customer.io, one request each. What was done can be done again,
/// to no further effect. Confined to its context.
final class CustomerIoErasure {

  private static final int TRIES = 3;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_ANSWER_BYTES = 4096;
  private static final int MAX_QUOTED_BYTES = 300;

  private final Vertx vertx;
  private final TrackErasure erasure;
  private final Way way;
  private final WebClient client;

  CustomerIoErasure(Vertx vertx, TrackErasure erasure, Way way) {
    this.vertx = vertx;
    this.erasure = erasure;
    this.way = way;
    this.client = WebClient.create(vertx);
  }

  /// What became of one profile.
  ///
  /// @param why it is not gone; empty text where it is
  record Gone(Customer customer, String why) {

    boolean isGone() {
      return why.isEmpty();
    }
  }

  /// The names by which Customer.io may know a person: the ids; where none is known the e-mail
  /// addresses, or else the numbers.
  static List<Customer> profiles(Who who, Dossier dossier) {
    Set<String> ids = new LinkedHashSet<>(dossier.externalIds());
    Set<String> addresses = new LinkedHashSet<>();
    switch (who) {
      case Who.Known(var id) -> ids.add(id);
      case Who.Addressed(var address) -> addresses.add(bare(address));
    }
    if (!ids.isEmpty()) {
      return ids.stream().map(id -> new Customer(id, "id")).toList();
    }
    dossier.addresses().forEach(address -> addresses.add(bare(address)));
    List<Customer> emails =
        addresses.stream()
            .filter(it -> it.contains("@"))
            .map(it -> new Customer(it, "email"))
            .toList();
    return emails.isEmpty()
        ? addresses.stream().map(it -> new Customer(it, "phone")).toList()
        : emails;
  }

  private static String bare(Address address) {
    return address.value().replaceFirst("^whatsapp:", "");
  }

  /// Goes on after one that fails.
  Future<List<Gone>> erase(List<Customer> customers) {
    Future<List<Gone>> all = Future.succeededFuture(new ArrayList<>());
    for (Customer customer : customers) {
      all =
          all.compose(
              sofar ->
                  ask(erasure.erase(customer, way), 1)
                      .map(
                          why -> {
                            sofar.add(new Gone(customer, why));
                            return sofar;
                          }));
    }
    return all.onComplete(_ -> client.close());
  }

  /// Why it failed; empty text where it did not.
  private Future<String> ask(Request request, int attempt) {
    HttpRequest<String> composed =
        client
            .requestAbs(HttpMethod.valueOf(request.method()), request.url())
            .as(() -> new BoundedBody(MAX_ANSWER_BYTES))
            .timeout(TIMEOUT.toMillis());
    request.headers().forEach(composed::putHeader);
    return composed
        .sendBuffer(Buffer.buffer(request.body()))
        .map(CustomerIoErasure::objection)
        .otherwise(failure -> "unreachable: " + failure.getMessage())
        .compose(
            why ->
                attempt < TRIES && isPassing(why)
                    ? vertx
                        .timer(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                        .compose(_ -> ask(request, attempt + 1))
                    : Future.succeededFuture(why));
  }

  private static boolean isPassing(String why) {
    return why.startsWith("unreachable") || why.matches("(?s)answers (429|5..).*");
  }

  private static String objection(HttpResponse<String> response) {
    int status = response.statusCode();
    if (status / 100 == 2) {
      return "";
    }
    return status == 401
        ? "answers 401: compare site id, API key and region"
        : "answers %d: %s"
            .formatted(status, Cut.text(String.valueOf(response.body()), MAX_QUOTED_BYTES));
  }
}
