package io.parley.verticles;

import io.parley.customerio.TrackBatch;
import io.parley.store.Outbox;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Whether the service is up, as its wiring tells, and what trouble its couriers last had, as they
/// tell. A vendor that is down leaves the service ready: conversations go on, and what is for the
/// vendor waits in the outbox. Thread-safe.
final class Readiness {

  private static final String OFF = "off";

  /// How it stands with a destination that was taken out of the file.
  private static final String UNKNOWN = "off: not in the destinations file";

  private volatile boolean deployed;
  private volatile String tagger = "starting";
  private volatile String offers = "";
  private final String twilioCourier;
  private final String customerIoCourier;
  private final Clock clock;
  private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();

  /// How it stands with each destination of the destinations file, by name.
  private volatile Map<String, String> destinations = Map.of();

  /// How many reports wait at each destination that they do not leave for.
  private volatile Map<String, Long> stranded = Map.of();

  private record Trouble(String what, Instant since) {}

  Readiness(boolean twilio, boolean customerIo, Clock clock) {
    this.twilioCourier = twilio ? "on" : "off: no PARLEY_TWILIO_ACCOUNT_SID";
    this.customerIoCourier = customerIo ? "on" : "off: no PARLEY_CUSTOMERIO_SITE_ID";
    this.clock = clock;
  }

  void deployed(boolean now) {
    deployed = now;
  }

  boolean deployed() {
    return deployed;
  }

  /// What replies are tagged by.
  void tagger(String now) {
    tagger = now;
  }

  String tagger() {
    return tagger;
  }

  /// Which pools of codes are in trouble; empty text for none.
  void offers(String now) {
    offers = now;
  }

  /// `on`, or which pools run low or are empty: `pool spring is low: 12 left`.
  String offers() {
    return offers.isEmpty() ? "on" : offers;
  }

  /// A courier cannot deliver.
  ///
  /// @param destination the courier's, as the outbox names it
  /// @param what in a word or two: `unreachable`
  void troubled(String destination, String what) {
    troubles.compute(
        destination,
        (_, known) ->
            known != null && known.what().equals(what)
                ? known
                : new Trouble(what, clock.instant().truncatedTo(ChronoUnit.SECONDS)));
  }

  /// A courier delivers.
  void mended(String destination) {
    troubles.remove(destination);
  }

  /// `on`, `on: unreachable since 2026-02-03T04:05:06Z`, `off: ` and why, or `starting`.
  String twilioCourier() {
    return courier(twilioCourier, Outbox.TWILIO);
  }

  /// As [#twilioCourier].
  String customerIoCourier() {
    return courier(customerIoCourier, TrackBatch.DESTINATION);
  }

  /// Those of the destinations file, and Customer.io.
  void destinations(List<Destination> known) {
    Map<String, String> states = new LinkedHashMap<>();
    known.forEach(it -> states.put(it.name(), it.state()));
    destinations = Collections.unmodifiableMap(states);
  }

  /// Takes note of what waits, and answers how many reports wait for whom nobody hands over to: a
  /// destination that is off, or that the file knows no more.
  Map<String, Long> depths(List<Outbox.Depth> depths) {
    Map<String, Long> waiting = new TreeMap<>();
    depths.stream()
        .filter(it -> !Outbox.isOurs(it.destination()))
        .filter(it -> destinations.getOrDefault(it.destination(), OFF).startsWith(OFF))
        .forEach(it -> waiting.put(it.destination(), it.rows()));
    stranded = Collections.unmodifiableMap(waiting);
    return stranded;
  }

  /// As [#twilioCourier], of each destination of the destinations file, and of those that it knows
  /// no more and that reports wait for.
  Map<String, String> destinations() {
    Map<String, String> states = new LinkedHashMap<>();
    destinations.forEach((name, state) -> states.put(name, courier(state, name)));
    stranded.keySet().forEach(name -> states.putIfAbsent(name, courier(UNKNOWN, name)));
    states.remove(TrackBatch.DESTINATION);
    return states;
  }

  private String courier(String configured, String destination) {
    if (!deployed) {
      return "starting";
    }
    Long waiting = stranded.get(destination);
    if (waiting != null) {
      return configured + "; reports that wait: " + waiting;
    }
    Trouble trouble = troubles.get(destination);
    return trouble == null
        ? configured
        : configured + ": " + trouble.what() + " since " + trouble.since();
  }
}
