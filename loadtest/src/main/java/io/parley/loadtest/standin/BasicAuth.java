package io.parley.loadtest.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.util.Base64;

/// The user and password that a service expects in `Authorization: Basic`.
public record BasicAuth(String user, String password) {

  public boolean allows(HttpServerRequest request) {
    String given = request.getHeader(HttpHeaders.AUTHORIZATION);
    return given != null && MessageDigest.isEqual(header().getBytes(UTF_8), given.getBytes(UTF_8));
  }

  /// The value of the header, as a client sends it.
  public String header() {
    String pair = user + ":" + password;
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  @Override
  public String toString() {
    return "BasicAuth[" + user + "]";
  }
}
