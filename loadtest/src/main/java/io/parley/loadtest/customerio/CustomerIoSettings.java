package io.parley.loadtest.customerio;

/// The workspace that the stand-in plays; `port` is 0 for any free one. Requests above
/// `requestsPerSecond` get 429: Customer.io documents 1000, "not strictly enforced", and older
/// pages 100.
public record CustomerIoSettings(String siteId, String apiKey, int port, int requestsPerSecond) {

  private static final int DOCUMENTED_REQUESTS_PER_SECOND = 1_000;

  /// A workspace on any free port, with the documented limit.
  public static CustomerIoSettings of(String siteId, String apiKey) {
    return new CustomerIoSettings(siteId, apiKey, 0, DOCUMENTED_REQUESTS_PER_SECOND);
  }

  public CustomerIoSettings withPort(int newPort) {
    return new CustomerIoSettings(siteId, apiKey, newPort, requestsPerSecond);
  }

  public CustomerIoSettings withRequestsPerSecond(int limit) {
    return new CustomerIoSettings(siteId, apiKey, port, limit);
  }

  @Override
  public String toString() {
    return "CustomerIoSettings[" + siteId + "]";
  }
}
