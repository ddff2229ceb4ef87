package io.parley.customerio;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The credentials of the Track API.
public record TrackKey(String siteId, String apiKey) {

  public TrackKey {
    if (siteId.isBlank() || apiKey.isBlank() || siteId.contains(":")) {
      throw new IllegalArgumentException(
          "the Track API needs a site id (without a colon) and an API key");
    }
  }

  String authorization() {
    byte[] pair = (siteId + ":" + apiKey).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  @Override
  public String toString() {
    return "TrackKey[siteId=" + siteId + ", apiKey=…]";
  }
}
