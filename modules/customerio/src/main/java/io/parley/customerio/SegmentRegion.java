package io.parley.customerio;

/// Where a Segment workspace lives.
public enum SegmentRegion {
  US("https://api.segment.io"),
  EU("https://events.eu1.segmentapis.com");

  private final String url;

  SegmentRegion(String url) {
    this.url = url;
  }

  /// The base of the tracking API, without a slash at its end.
  public String url() {
    return url;
  }
}
