package io.parley.loadtest.faults;

import io.parley.loadtest.customerio.CustomerIoSettings;

/// How the stand-in Customer.io behaves all the time: the profile's `customerio:`.
///
/// ```yaml
/// customerio:
///   requests_per_second: 1000   # of the Track API; more are answered with 429
///   triggers_twice: 0.01        # share of the Journey's webhooks made again though answered
///   port: 0                     # 0 for any free one
/// ```
public record CustomerIoConduct(int requestsPerSecond, double triggersTwice, int port) {

  private static final int MAX_PORT = 65_535;
  private static final int MAX_REQUESTS_PER_SECOND = 1_000_000;

  static CustomerIoConduct read(Entry entry) {
    CustomerIoConduct conduct =
        new CustomerIoConduct(
            entry.whole(
                "requests_per_second",
                1,
                MAX_REQUESTS_PER_SECOND,
                CustomerIoSettings.of("", "").requestsPerSecond()),
            entry.share("triggers_twice", 0),
            entry.whole("port", 0, MAX_PORT, 0));
    entry.finish();
    return conduct;
  }

  /// The workspace with this conduct.
  public CustomerIoSettings onto(CustomerIoSettings workspace) {
    return workspace.withRequestsPerSecond(requestsPerSecond).withPort(port);
  }
}
