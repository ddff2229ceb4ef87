package io.parley.twilio;

import com.twilio.Twilio;
import com.twilio.http.HttpUtility;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import io.parley.twilio.CallFailed.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.core5.http.Header;

/// Makes twilio-java's calls. Unlike its own client it never repeats a call (twilio-java sends a
/// message three times where Twilio answers 5xx), tells a request that never left from one that may
/// have, and can be pointed at another host than api.twilio.com. It calls no other host than that
/// one, whatever an answer names as its next page.
///
/// Blocks its caller, so it is called on virtual threads only.
final class ApiCalls extends com.twilio.http.HttpClient implements AutoCloseable {

  private static final Header[] NO_HEADERS = {};

  private final HttpClient http;
  private final String twilio;
  private final URI baseUrl;
  private final Duration deadline;

  /// @param twilio the host that twilio-java means
  /// @param baseUrl the one that is called instead
  ApiCalls(TwilioAccount account, URI twilio, URI baseUrl) {
    this.twilio = twilio + "/";
    this.baseUrl = baseUrl;
    this.deadline = account.timeouts().connect().plus(account.timeouts().answer());
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(account.timeouts().connect())
            .build();
  }

  /// twilio-java's client over these calls.
  TwilioRestClient client(TwilioAccount account) {
    String username = account.apiKey().map(TwilioAccount.ApiKey::sid).orElse(account.accountSid());
    String password =
        account.apiKey().map(TwilioAccount.ApiKey::secret).orElse(account.authTokens().getFirst());
    return new TwilioRestClient.Builder(username, password)
        .accountSid(account.accountSid())
        .httpClient(this)
        .build();
  }

  @Override
  public Response reliableRequest(Request request) {
    return makeRequest(request);
  }

  @Override
  public Response reliableRequest(Request request, int[] codes, int retries, long delayMillis) {
    return makeRequest(request);
  }

  /// Answers a 2xx; throws [CallFailed] for everything else.
  @Override
  public Response makeRequest(Request request) {
    HttpResponse<byte[]> response =
        await(http.sendAsync(translate(request), BodyHandlers.ofByteArray()));
    String body = new String(response.body(), StandardCharsets.UTF_8);
    if (response.statusCode() / 100 != 2) {
      throw new CallFailed(new Outcome.Answered(response.statusCode(), body, retryAfter(response)));
    }
    return new Response(body, response.statusCode(), NO_HEADERS);
  }

  /// Waits for the whole answer; the JDK's own time-out ends with the headers.
  private HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> answer) {
    try {
      return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      answer.cancel(true);
      throw new CallFailed(new Outcome.Unknown("no answer within " + deadline.toMillis() + " ms"));
    } catch (InterruptedException _) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new CallFailed(new Outcome.Unknown("interrupted while waiting for the answer"));
    } catch (ExecutionException e) {
      throw new CallFailed(outcome(e.getCause() == null ? e : e.getCause()));
    }
  }

  private static Outcome outcome(Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException _ -> new Outcome.NeverSent("no connection in time");
      case ConnectException _ -> new Outcome.NeverSent("no connection");
      case UnresolvedAddressException _ -> new Outcome.NeverSent("the host's name is unknown");
      case SSLHandshakeException e -> new Outcome.NeverSent("no TLS: " + e.getMessage());
      case IOException e -> new Outcome.Unknown("the connection broke: " + e.getMessage());
      default -> new Outcome.Unknown(cause.toString());
    };
  }

  private HttpRequest translate(Request request) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(target(request))
            .header("Accept", "application/json")
            .header("X-Twilio-Client", "java-" + Twilio.VERSION)
            .header(
                "User-Agent",
                HttpUtility.getUserAgentString(request.getUserAgentExtensions(), true));
    if (request.requiresAuthentication()) {
      builder.header("Authorization", request.getAuthString());
    }
    return switch (request.getMethod()) {
      case GET -> builder.GET().build();
      case POST ->
          builder
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString(request.encodeFormBody()))
              .build();
      case PUT, PATCH, DELETE, HEAD, OPTIONS ->
          throw new IllegalArgumentException("not a call of ours: " + request.getMethod());
    };
  }

  private URI target(Request request) {
    String url = request.constructURL().toString();
    if (!url.startsWith(twilio)) {
      throw new CallFailed(new Outcome.NeverSent("an answer named a host that is not Twilio's"));
    }
    return URI.create(baseUrl + "/" + url.substring(twilio.length()));
  }

  /// Whole seconds only; a date would need a clock.
  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .map(String::strip)
        .filter(seconds -> seconds.matches("\\d{1,6}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
  }

  /// Waits for the calls that are under way, each of which has a deadline.
  @Override
  public void close() {
    http.close();
  }
}
