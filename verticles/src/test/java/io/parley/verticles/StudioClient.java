package io.parley.verticles;

import com.twilio.http.HttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import io.parley.verticles.Service.Answer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.Header;

/// twilio-java with Parley in the place of studio.twilio.com. Each answer that is no refusal is
/// held against Twilio's description of it, where that is at hand.
final class StudioClient extends HttpClient {

  private static final Header[] NO_HEADERS = {};

  private final Service service;
  private final Optional<StudioSpec> spec;

  StudioClient(Service service, Optional<StudioSpec> spec) {
    this.service = service;
    this.spec = spec;
  }

  /// The client as an application has it.
  TwilioRestClient rest() {
    return rest(Service.ACCOUNT_SID, Service.AUTH_TOKEN);
  }

  TwilioRestClient rest(String user, String password) {
    return new TwilioRestClient.Builder(user, password)
        .accountSid(Service.ACCOUNT_SID)
        .httpClient(this)
        .build();
  }

  @Override
  public Response reliableRequest(Request request) {
    return makeRequest(request);
  }

  @Override
  public Response makeRequest(Request request) {
    URI url = URI.create(request.constructURL().toString());
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(service.uri(url.getRawPath() + query))
            .header("Authorization", request.getAuthString());
    Answer answer =
        switch (request.getMethod()) {
          case GET -> service.send(builder.GET()).join();
          case DELETE -> service.send(builder.DELETE()).join();
          case POST ->
              service
                  .send(
                      builder
                          .header("Content-Type", "application/x-www-form-urlencoded")
                          .POST(BodyPublishers.ofString(request.encodeFormBody())))
                  .join();
          case PUT, PATCH, HEAD, OPTIONS ->
              throw new AssertionError("no call of Studio's: " + request.getMethod());
        };
    if (answer.status() < 400) {
      spec.ifPresent(
          it ->
              it.check(request.getMethod().name(), url.getPath(), answer.status(), answer.body()));
    }
    return new Response(answer.body(), answer.status(), NO_HEADERS);
  }

  // ---- requests by hand

  static Map<String, String> account() {
    return basic(Service.ACCOUNT_SID, Service.AUTH_TOKEN);
  }

  static Map<String, String> basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
  }

  Answer send(String method, String path, String form, Map<String, String> headers) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(service.uri(path))
            .method(
                method, form.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(form));
    if (!form.isEmpty() && !headers.containsKey("Content-Type")) {
      builder.header("Content-Type", "application/x-www-form-urlencoded");
    }
    headers.forEach(builder::header);
    return service.send(builder).join();
  }

  Answer get(String path) {
    return send("GET", path, "", account());
  }

  Answer post(String path, String form) {
    return send("POST", path, form, account());
  }
}
