package io.parley.verticles;

/// Whether the service is up, as its wiring tells. Thread-safe.
final class Readiness {

  private volatile boolean deployed;
  private final String twilioCourier;
  private final String customerIoCourier;

  Readiness(boolean twilio, boolean customerIo) {
    this.twilioCourier = twilio ? "on" : "off: no PARLEY_TWILIO_ACCOUNT_SID";
    this.customerIoCourier = customerIo ? "on" : "off: no PARLEY_CUSTOMERIO_SITE_ID";
  }

  void deployed(boolean now) {
    deployed = now;
  }

  boolean deployed() {
    return deployed;
  }

  String twilioCourier() {
    return deployed ? twilioCourier : "starting";
  }

  String customerIoCourier() {
    return deployed ? customerIoCourier : "starting";
  }
}
