package io.parley.networks;

import java.util.Map;

/// A request to be made of a network. Its headers may hold credentials, and so is printed without.
public record NetworkRequest(String method, String url, Map<String, String> headers, String body) {

  public NetworkRequest {
    headers = Map.copyOf(headers);
  }

  @Override
  public String toString() {
    return "NetworkRequest[" + method + " " + url + "]";
  }
}
