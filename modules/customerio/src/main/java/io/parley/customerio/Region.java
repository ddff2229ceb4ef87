package io.parley.customerio;

/// Where a Customer.io account lives.
public enum Region {
  US("https://track.customer.io"),
  EU("https://track-eu.customer.io");

  private final String trackUrl;

  Region(String trackUrl) {
    this.trackUrl = trackUrl;
  }

  /// The base of the Track API, without a slash at its end.
  public String trackUrl() {
    return trackUrl;
  }
}
