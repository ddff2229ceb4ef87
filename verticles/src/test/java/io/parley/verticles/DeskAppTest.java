package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The desk's web app as browsers get it.
class DeskAppTest {

  private static final Vertx WORLD = Vertx.vertx();
  private static final HttpServer BUILT = serving("desk-sample");
  private static final HttpServer LEFT_OUT = serving("desk-that-is-not-there");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static HttpServer serving(String folder) {
    Router router = Router.router(WORLD);
    new DeskApp(WORLD, folder).accept(router);
    return Service.await(WORLD.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
  }

  @AfterAll
  static void close() {
    HTTP.close();
    Service.await(WORLD.close());
  }

  private static HttpResponse<byte[]> get(HttpServer server, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray()).join();
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/desk",
        "/desk/",
        "/desk/inbox/mine",
        "/desk/inbox/topic:care/0190f5a0-0000-8000-8000-000000000001",
        "/desk/flows/cart.v2",
        "/desk/invite/abc",
        "/desk/nothing.svg"
      })
  void everyViewHasAnAddress(String path) {
    HttpResponse<byte[]> answer = get(BUILT, path);

    if (path.endsWith(".svg")) {
      assertThat(answer.statusCode()).isEqualTo(404);
    } else {
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(text(answer)).contains("<title>Desk</title>");
      assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
    }
  }

  @Test
  void assetsAreKeptForEver() {
    HttpResponse<byte[]> answer = get(BUILT, "/desk/assets/app-1a2b.js");

    assertThat(text(answer)).contains("Desk, which is here");
    assertThat(header(answer, "Content-Type")).startsWith("text/javascript");
    assertThat(header(answer, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
  }

  @Test
  void otherFilesAreAskedForAnew() {
    HttpResponse<byte[]> answer = get(BUILT, "/desk/icon.svg");
    HttpResponse<byte[]> again =
        get(BUILT, "/desk/icon.svg", "If-None-Match", header(answer, "ETag"));

    assertThat(header(answer, "Content-Type")).isEqualTo("image/svg+xml");
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void filesAreCompressedForWhoTakesThem() throws IOException {
    HttpResponse<byte[]> answer =
        get(BUILT, "/desk/assets/app-1a2b.js", "Accept-Encoding", "gzip, br");

    assertThat(header(answer, "Content-Encoding")).isEqualTo("gzip");
    assertThat(header(answer, "Vary")).isEqualTo("Accept-Encoding");
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
      assertThat(new String(gzip.readAllBytes(), StandardCharsets.UTF_8))
          .contains("Desk, which is here");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/desk/assets/none.js",
        "/desk/assets/..%2f..%2fjunit-platform.properties",
        "/desk/assets/..%2findex.html",
        "/desk/assets/..%5cindex.html",
        "/desk/assets/.hidden",
        "/desk/assets/",
        "/desk/api/nothing",
        "/desk/oidc/nothing",
        "/deskevil"
      })
  void whatIsNotThereIsNotFound(String path) {
    assertThat(get(BUILT, path).statusCode()).isEqualTo(404);
  }

  @Test
  void aBuildWithoutItSaysSo() {
    HttpResponse<byte[]> answer = get(LEFT_OUT, "/desk/inbox/mine");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(text(answer)).contains("made without Node", "mvn -q package", "parley.jar");
    assertThat(text(get(LEFT_OUT, "/desk/assets/app-1a2b.js"))).contains("made without Node");
  }
}
