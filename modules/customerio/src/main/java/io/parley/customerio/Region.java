package io.parley.customerio;

/// Where a Customer.io account lives.
public enum Region {
  US("https://track.customer.io", "https://api.customer.io"),
  EU("https://track-eu.customer.io", "https://api-eu.customer.io");

  private final String trackUrl;
  private final String appUrl;

  Region(String trackUrl, String appUrl) {
    this.trackUrl = trackUrl;
    this.appUrl = appUrl;
  }

  /// The base of the Track API, without a slash at its end.
  public String trackUrl() {
    return trackUrl;
  }

  /// The base of the App API, without a slash at its end.
  public String appUrl() {
    return appUrl;
  }
}
