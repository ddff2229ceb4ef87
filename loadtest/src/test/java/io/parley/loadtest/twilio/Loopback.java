package io.parley.loadtest.twilio;

import com.twilio.http.HttpMethod;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;

/// Sends what is meant for Twilio's host to the stand-in.
final class Loopback extends NetworkHttpClient {
  private final String baseUrl;

  Loopback(String baseUrl) {
    this.baseUrl = baseUrl;
  }

  @Override
  public Response makeRequest(Request request) {
    String url = request.getUrl().replaceFirst("https://[a-z]+\\.twilio\\.com", baseUrl);
    Request local = new Request(request.getMethod(), url);
    local.setAuth(request.getUsername(), request.getPassword());
    request
        .getQueryParams()
        .forEach((name, values) -> values.forEach(value -> local.addQueryParam(name, value)));
    if (request.getMethod() != HttpMethod.GET) {
      request
          .getPostParams()
          .forEach((name, values) -> values.forEach(value -> local.addPostParam(name, value)));
    }
    return super.makeRequest(local);
  }
}
