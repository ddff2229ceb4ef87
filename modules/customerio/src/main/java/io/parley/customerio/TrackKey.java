package io.parley.customerio;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/// The credentials of the Track API.
public record TrackKey(String siteId, String apiKey) {

  public TrackKey {
    if (siteId.isBlank() || apiKey.isBlank() || siteId.contains(":")) {
      throw new IllegalArgumentException(
          "the Track API needs a site id (without a colon) and an API key");
    }
  }

  /// The headers of a request with a body of JSON.
  Map<String, String> headers() {
    byte[] pair = (siteId + ":" + apiKey).getBytes(StandardCharsets.UTF_8);
    return Map.of(
        "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair),
        "Content-Type", "application/json; charset=utf-8",
        "User-Agent", "Parley");
  }

  @Override
  public String toString() {
    return "TrackKey[siteId=" + siteId + ", apiKey=…]";
  }
}
