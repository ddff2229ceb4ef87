package io.parley.verticles;

import io.parley.codec.FlowDocument;
import io.parley.engine.flow.FlowProblem;
import io.parley.verticles.Asked.Given;
import io.parley.verticles.Asked.Refusal;
import io.parley.verticles.Asked.Refused;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Asks a Studio API v2, Twilio's or Parley's, for flows and changes them there. A call that was
/// answered by 429 is made again when `Retry-After` has passed; no other call is, since a flow that
/// is made twice is two flows. It calls no other host than the one it was made for, whatever an
/// answer names as its next page. Blocks its caller.
final class RemoteStudio implements AutoCloseable {

  private static final int TRIES = 5;
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /// Longer than this it is for a person to decide.
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

  private static final String PAGE_SIZE = "100";

  /// Waits; its own type, so that a test need not.
  @FunctionalInterface
  interface Pause {
    void of(Duration duration) throws InterruptedException;
  }

  /// @param environment the name that remedies call it by; empty text where it has none
  /// @param url scheme, host and port
  /// @param timeout of each call
  record Place(String environment, String url, RemoteLogin credentials, Duration timeout) {}

  private final Place place;
  private final Pause pause;
  private final HttpClient http;

  RemoteStudio(Place place) {
    this(place, Thread::sleep);
  }

  RemoteStudio(Place place, Pause pause) {
    this.place = place;
    this.pause = pause;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();
  }

  /// A flow as it was last saved, published or not.
  Asked<RemoteFlow> flow(String sid) {
    return get("/v2/Flows/" + encode(sid)).map(RemoteFlow::of);
  }

  /// @param revision a number, `LatestPublished` or `LatestRevision`
  Asked<RemoteFlow> revision(String sid, String revision) {
    return get("/v2/Flows/" + encode(sid) + "/Revisions/" + encode(revision)).map(RemoteFlow::of);
  }

  /// The sids of the flows of a name, of which there may be several.
  Asked<List<String>> named(String name) {
    return named("/v2/Flows?PageSize=" + PAGE_SIZE, name, List.of());
  }

  private Asked<List<String>> named(String path, String name, List<String> before) {
    return get(path)
        .then(
            body -> {
              List<String> found = new ArrayList<>(before);
              for (Object item : body.get("flows") instanceof List<?> flows ? flows : List.of()) {
                if (item instanceof Map<?, ?> flow && name.equals(flow.get("friendly_name"))) {
                  found.add(String.valueOf(flow.get("sid")));
                }
              }
              return nextPage(body)
                  .map(next -> named(next, name, found))
                  .orElseGet(() -> new Given<>(List.copyOf(found)));
            });
  }

  /// Path and query alone: the credentials are for no other host.
  private static Optional<String> nextPage(Map<?, ?> body) {
    return body.get("meta") instanceof Map<?, ?> meta
            && meta.get("next_page_url") instanceof String next
            && !next.isBlank()
        ? Optional.of(next.replaceFirst("^https?://[^/]*", ""))
        : Optional.empty();
  }

  /// Whether a flow could be saved; `true`, or a refusal with its problems.
  Asked<Boolean> validate(Map<String, String> form) {
    return post("/v2/Flows/Validate", form).map(body -> !Boolean.FALSE.equals(body.get("valid")));
  }

  /// @param form FriendlyName, Status, Definition, and perhaps CommitMessage
  Asked<RemoteFlow> create(Map<String, String> form) {
    return post("/v2/Flows", form).map(RemoteFlow::of);
  }

  /// @param form Status, and what else is to change
  Asked<RemoteFlow> update(String sid, Map<String, String> form) {
    return post("/v2/Flows/" + encode(sid), form).map(RemoteFlow::of);
  }

  private Asked<Map<?, ?>> get(String path) {
    return ask(request(path).GET().build());
  }

  private Asked<Map<?, ?>> post(String path, Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(it -> encode(it.getKey()) + "=" + encode(it.getValue()))
            .collect(Collectors.joining("&"));
    return ask(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(place.url() + path))
        .header("Accept", "application/json")
        .header("Authorization", place.credentials().basic());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private Asked<Map<?, ?>> ask(HttpRequest request) {
    try {
      for (int attempt = 1; ; attempt++) {
        HttpResponse<String> response = send(request);
        Duration wait = retryAfter(response, attempt);
        boolean again =
            response.statusCode() == 429 && attempt < TRIES && wait.compareTo(LONGEST_PAUSE) <= 0;
        if (!again) {
          return read(request, response);
        }
        pause.of(wait);
      }
    } catch (IOException e) {
      return Asked.refused(said(request) + why(e), remedy(request, e));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Asked.refused(said(request) + " was interrupted", unknown(request));
    }
  }

  /// Waits for the whole answer; the JDK's own time-out ends with the headers.
  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(request, BodyHandlers.ofString());
    try {
      return answer.get(place.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      answer.cancel(true);
      throw new HttpTimeoutException("no whole answer in time");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    }
  }

  /// Whole seconds; twice as long each time where none are said.
  private static Duration retryAfter(HttpResponse<?> response, int attempt) {
    return response
        .headers()
        .firstValue("Retry-After")
        .map(String::strip)
        .filter(seconds -> seconds.matches("\\d{1,6}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
        .orElse(Duration.ofSeconds(1L << (attempt - 1)));
  }

  private Asked<Map<?, ?>> read(HttpRequest request, HttpResponse<String> response) {
    int status = response.statusCode();
    Optional<Map<?, ?>> body = object(response.body());
    if (status / 100 == 2) {
      return body.isPresent()
          ? new Given<>(body.get())
          : Asked.refused(
              said(request) + " answered " + status + " without a JSON object", wrongUrl());
    }
    Map<?, ?> error = body.orElse(Map.of());
    long code = error.get("code") instanceof Long number ? number : 0;
    String message = error.get("message") instanceof String text ? ": " + text : "";
    String sentence =
        "%s answered %d%s%s"
            .formatted(said(request), status, code == 0 ? "" : ", code " + code, message);
    return new Refused<>(
        new Refusal(status, sentence, remedy(request, status, code), problems(error)));
  }

  private static Optional<Map<?, ?>> object(String text) {
    return FlowDocument.parse(text) instanceof FlowDocument.Parsing.Parsed(var document)
            && document.tree() instanceof Map<?, ?> map
        ? Optional.of(map)
        : Optional.empty();
  }

  private static List<FlowProblem> problems(Map<?, ?> error) {
    @Nullable Object details = error.get("details");
    return RemoteFlow.problems(details instanceof Map<?, ?> map ? map.get("errors") : details);
  }

  private static String said(HttpRequest request) {
    return request.method() + " " + request.uri();
  }

  private String remedy(HttpRequest request, int status, long code) {
    if (code == 81021) {
      return "Take a number, LatestPublished or LatestRevision; a flow that was never published has"
          + " no LatestPublished.";
    }
    return switch (status) {
      case 400 -> "Correct what it names.";
      case 401 ->
          "Set " + RemoteLogin.names(place.environment()) + " to what this account accepts.";
      case 403 -> "Take an account's token, or an API key that may use Studio.";
      case 404 ->
          code == 0
              ? wrongUrl()
              : "Name the flow by --flow, or correct its sid in the sids file; a flow that was never"
                  + " published has no LatestPublished.";
      case 409 -> "Somebody else changes it now: look at it by flow diff, and try again.";
      case 429 -> "It takes no more requests for now: try again later.";
      default -> status >= 500 ? unknown(request) : wrongUrl();
    };
  }

  private String wrongUrl() {
    return "Correct the URL: there is no Studio API at " + place.url() + ".";
  }

  private static String unknown(HttpRequest request) {
    return request.method().equals("GET")
        ? "Try again."
        : "Whether the flow was saved is not known: look by flow diff --with, and try again.";
  }

  private static String why(IOException e) {
    return switch (e) {
      case HttpConnectTimeoutException _ -> " found no connection in time";
      case HttpTimeoutException _ -> " had no answer in time";
      case ConnectException _ -> " found nobody there";
      default -> " broke off: " + (e.getMessage() == null ? e.toString() : e.getMessage());
    };
  }

  private String remedy(HttpRequest request, IOException e) {
    return e instanceof ConnectException || e instanceof HttpConnectTimeoutException
        ? "Correct the URL, or start what should answer at " + place.url() + "."
        : unknown(request);
  }

  @Override
  public void close() {
    http.close();
  }
}
