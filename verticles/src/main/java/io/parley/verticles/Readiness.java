package io.parley.verticles;

import io.parley.store.Outbox;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Whether the service is up, as its wiring tells, and what trouble its couriers last had, as they
/// tell. A vendor that is down leaves the service ready: conversations go on, and what is for the
/// vendor waits in the outbox. Thread-safe.
final class Readiness {

  private static final String CUSTOMERIO = "customerio";

  private volatile boolean deployed;
  private volatile String tagger = "starting";
  private volatile String offers = "";
  private final String twilioCourier;
  private final String customerIoCourier;
  private final Clock clock;
  private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();

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
    return courier(customerIoCourier, CUSTOMERIO);
  }

  private String courier(String configured, String destination) {
    if (!deployed) {
      return "starting";
    }
    Trouble trouble = troubles.get(destination);
    return trouble == null
        ? configured
        : configured + ": " + trouble.what() + " since " + trouble.since();
  }
}
