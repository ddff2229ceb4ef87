package io.parley.networks;

import java.net.URI;
import java.util.Map;

/// What the requests to all networks have in common.
final class Requests {

  private Requests() {}

  /// A place below a base, which may end with a slash or not.
  static String at(URI base, String path) {
    return base.toString().replaceAll("/+$", "") + "/" + path;
  }

  /// The headers of a JSON body, with one that holds the credentials.
  static Map<String, String> json(String credentialsHeader, String credentials) {
    return Map.of(
        credentialsHeader,
        credentials,
        "Content-Type",
        "application/json; charset=utf-8",
        "User-Agent",
        "Parley");
  }
}
