package io.parley.loadtest;

import io.parley.loadtest.oracle.Ledgers.Acknowledged;
import io.parley.loadtest.oracle.Ledgers.OptOut;
import io.parley.loadtest.twilio.DeliveryStatus;
import io.parley.loadtest.twilio.Inbound;
import io.parley.loadtest.twilio.InboundResult;
import io.parley.loadtest.twilio.SentMessage;
import io.parley.loadtest.twilio.StandInTwilio;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// People who answer when they get a message, each by a [Plot], and Customer.io that speaks of
/// them. What Parley does not answer with 2xx is told again with the same ids until it does.
///
/// Safe for any thread.
public final class Customers implements AutoCloseable {

  private static final Duration RETRY_PAUSE = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(8);

  private static final int CART = 120;
  private static final int ORDER = 140;

  private final StandInTwilio twilio;
  private final URI parley;
  private final String bearer;
  private final String sender;
  private final String shop;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Customer> customers = new ConcurrentHashMap<>();
  private final Set<String> answered = ConcurrentHashMap.newKeySet();
  private final Set<Acknowledged> acknowledged = ConcurrentHashMap.newKeySet();
  private final Map<String, Instant> stops = new ConcurrentHashMap<>();
  private final Map<Integer, Integer> refusals = new ConcurrentHashMap<>();
  private final AtomicInteger atWork = new AtomicInteger();
  private volatile boolean closed;

  private record Customer(String id, String phone, Plot plot) {
    Shopper shopper() {
      return new Shopper(id, "Customer", phone, CART);
    }
  }

  /// @param bearer the token of triggers
  /// @param sender the address that customers write to
  /// @param shop where carts are, without a slash at its end
  public Customers(StandInTwilio twilio, URI parley, String bearer, String sender, String shop) {
    this.twilio = twilio;
    this.parley = parley;
    this.bearer = bearer;
    this.sender = sender;
    this.shop = shop;
    twilio.onChange(this::got);
  }

  /// Begins a conversation with a new customer; answers their phone number.
  public String begin(Plot plot) {
    int number = customers.size() + 1;
    Customer customer = new Customer("customer-" + number, "+1212555%04d".formatted(number), plot);
    customers.put(customer.phone, customer);
    if (plot.isTriggered()) {
      work(() -> trigger(customer));
    } else {
      work(() -> write(customer, "Hello, a question"));
    }
    return customer.phone;
  }

  /// Which plot each customer plays, by phone number.
  public Map<String, Plot> plots() {
    Map<String, Plot> plots = new LinkedHashMap<>();
    customers.values().forEach(customer -> plots.put(customer.phone, customer.plot));
    return plots;
  }

  /// Whether nothing is on its way to Parley.
  public boolean areQuiet() {
    return atWork.get() == 0;
  }

  /// Everything that Parley acknowledged; status callbacks are in Twilio's ledger.
  public Set<Acknowledged> acknowledged() {
    return Set.copyOf(acknowledged);
  }

  /// Who has opted out, as Parley acknowledged it.
  public List<OptOut> optOuts() {
    return stops.entrySet().stream()
        .map(stop -> new OptOut(stop.getKey(), stop.getValue(), Optional.empty()))
        .toList();
  }

  /// How often Parley did not acknowledge, by HTTP status; 0 stands for no answer.
  public Map<Integer, Integer> refusals() {
    return Map.copyOf(refusals);
  }

  /// Writes as that customer, whatever the plot.
  public void write(String phone, String body) {
    Customer customer = customers.get(phone);
    if (customer != null) {
      work(() -> write(customer, body));
    }
  }

  /// Buys as that customer, whatever the plot.
  public void buy(String phone) {
    Customer customer = customers.get(phone);
    if (customer != null) {
      work(() -> buy(customer));
    }
  }

  private void got(SentMessage message) {
    Customer customer = customers.get(message.to());
    if (customer == null || message.status() != DeliveryStatus.DELIVERED) {
      return;
    }
    Optional<String> answer = answer(customer, message.body());
    if (customer.plot == Plot.BUYS) {
      work(() -> buy(customer));
    } else if (answer.isPresent() && answered.add(customer.phone + message.body())) {
      work(() -> write(customer, answer.get()));
    }
  }

  private static Optional<String> answer(Customer customer, String body) {
    if (body.contains("Need help checking out?") || body.contains("Which size shall we")) {
      return Optional.of(customer.plot.answer()).filter(answer -> !answer.isEmpty());
    }
    if (body.contains("takes 4 to 6 days")) {
      return Optional.of("thanks!");
    }
    return body.contains("What can we help you with") ? Optional.of("sizes") : Optional.empty();
  }

  // ---- telling Parley, until it answers

  private void trigger(Customer customer) throws InterruptedException {
    String key = customer.id + ":cart";
    JsonObject body =
        customer.shopper().trigger(shop, key, customer.plot.flow()).put("source", "customers");
    post("/customerio/triggers", body);
    acknowledged.add(new Acknowledged("customerio_trigger", key, customer.phone));
  }

  private void buy(Customer customer) throws InterruptedException {
    String id = "order-" + customer.id;
    post("/events", customer.shopper().order(id, ORDER));
    acknowledged.add(new Acknowledged("purchase", id, customer.phone));
  }

  private void post(String path, JsonObject body) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(parley.resolve(path))
            .timeout(REQUEST_TIMEOUT)
            .header("Authorization", "Bearer " + bearer)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.encode()))
            .build();
    untilTaken(() -> statusOf(request), status -> status / 100 == 2);
  }

  private int statusOf(HttpRequest request) throws InterruptedException {
    int status;
    try {
      HttpResponse<Void> response = client.send(request, BodyHandlers.discarding());
      status = response.statusCode();
    } catch (IOException _) {
      status = 0;
    }
    if (status / 100 != 2) {
      refusals.merge(status, 1, Integer::sum);
    }
    return status;
  }

  private void write(Customer customer, String text) throws InterruptedException {
    InboundResult first = await(twilio.receive(Inbound.sms(customer.phone, sender, text)));
    InboundResult taken =
        first.accepted()
            ? first
            : untilTaken(() -> await(twilio.receiveAgain(first)), InboundResult::accepted);
    acknowledged.add(new Acknowledged("twilio_message", taken.messageSid(), customer.phone));
    if (text.equals("STOP")) {
      stops.putIfAbsent(customer.phone, Instant.now());
    }
  }

  private static InboundResult await(Future<InboundResult> result) {
    try {
      return result.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the stand-in never fails a message", e);
    }
  }

  private <T> T untilTaken(Attempt<T> attempt, Predicate<T> taken) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!closed && System.nanoTime() < deadline) {
      T answer = attempt.make();
      if (taken.test(answer)) {
        return answer;
      }
      LockSupport.parkNanos(RETRY_PAUSE.toNanos());
    }
    throw new CancellationException("Parley did not take an event within " + PATIENCE);
  }

  private interface Attempt<T> {
    T make() throws InterruptedException;
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private void work(Work work) {
    atWork.incrementAndGet();
    threads.execute(
        () -> {
          try {
            work.run();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          } catch (CancellationException _) {
            // The event was never acknowledged, so nothing is promised of it.
          } finally {
            atWork.decrementAndGet();
          }
        });
  }

  @Override
  public void close() {
    closed = true;
    threads.close();
    client.close();
  }
}
