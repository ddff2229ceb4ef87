package io.parley.verticles;

import io.parley.engine.Digest;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The desk's web app, which lies on the class path as it was built: `assets/`, whose names change
/// with their content and which browsers keep for ever, other files beside `index.html`, and that
/// page for every other path, so that each view has an address. A build without Node has none of
/// it, and says so.
final class DeskApp implements Consumer<Router> {

  /// Where the app lies on the class path.
  static final String FOLDER = "desk";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("json", "application/json"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("md", "text/plain; charset=utf-8"),
          Map.entry("map", "application/json"));

  private static final Logger LOG = LoggerFactory.getLogger(DeskApp.class);

  private final Vertx vertx;
  private final String folder;
  private final boolean built;

  /// The files that were asked for: few, since only those that exist are kept.
  private final Map<String, Optional<Served>> files = new ConcurrentHashMap<>();

  /// @param folder where the app lies on the class path
  DeskApp(Vertx vertx, String folder) {
    this.vertx = vertx;
    this.folder = folder;
    this.built = DeskApp.class.getClassLoader().getResource(folder + "/index.html") != null;
  }

  /// A file, as it is and compressed.
  private record Served(String type, String tag, Buffer plain, Buffer gzip) {}

  @Override
  public void accept(Router router) {
    router
        .get("/desk/assets/:name")
        .handler(context -> file(context, "assets/", context.pathParam("name")));
    router.get("/desk/assets/*").handler(context -> context.fail(404));
    router.get("/desk").handler(this::page);
    router.get("/desk/*").handler(this::page);
  }

  private void page(RoutingContext context) {
    String path = context.normalizedPath();
    if (path.startsWith("/desk/api/") || path.startsWith("/desk/oidc/")) {
      context.next();
      return;
    }
    String rest = path.length() <= "/desk/".length() ? "" : path.substring("/desk/".length());
    boolean isFile = rest.indexOf('/') < 0 && TYPES.containsKey(extension(rest));
    file(context, "", isFile ? rest : "index.html");
  }

  private static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /// @param name what the browser asks for: it leads nowhere else, since it has no slash
  private void file(RoutingContext context, String within, String name) {
    if (!built) {
      leftOut(context);
      return;
    }
    if (!NAME.matcher(name).matches()) {
      context.fail(404);
      return;
    }
    String path = within + name;
    boolean kept = !within.isEmpty();
    Optional<Served> known = files.getOrDefault(path, Optional.empty());
    if (known.isPresent()) {
      serve(context, known.get(), kept);
      return;
    }
    vertx
        .executeBlocking(() -> read(path), false)
        .onFailure(context::fail)
        .onSuccess(
            read -> {
              if (read.isEmpty()) {
                context.fail(404);
              } else {
                files.put(path, read);
                serve(context, read.get(), kept);
              }
            });
  }

  private Optional<Served> read(String path) throws IOException {
    try (InputStream resource =
        DeskApp.class.getClassLoader().getResourceAsStream(folder + "/" + path)) {
      if (resource == null) {
        LOG.atDebug().addKeyValue("path", path).log("the desk has no such file");
        return Optional.empty();
      }
      byte[] bytes = resource.readAllBytes();
      ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 2);
      try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
        gzip.write(bytes);
      }
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      return Optional.of(
          new Served(
              TYPES.getOrDefault(extension(path), "application/octet-stream"),
              "\"" + HexFormat.of().formatHex(Digest.sha256(text), 0, 12) + "\"",
              Buffer.buffer(bytes),
              Buffer.buffer(compressed.toByteArray())));
    }
  }

  private static void serve(RoutingContext context, Served file, boolean kept) {
    HttpServerResponse response =
        context
            .response()
            .putHeader("Content-Type", file.type())
            .putHeader("ETag", file.tag())
            .putHeader("Vary", "Accept-Encoding")
            .putHeader("Cache-Control", kept ? "public, max-age=31536000, immutable" : "no-cache");
    if (file.tag().equals(context.request().getHeader("If-None-Match"))) {
      response.setStatusCode(304).end();
      return;
    }
    String accepted =
        Optional.ofNullable(context.request().getHeader("Accept-Encoding")).orElse("");
    if (accepted.contains("gzip")) {
      response.putHeader("Content-Encoding", "gzip").end(file.gzip());
    } else {
      response.end(file.plain());
    }
  }

  private static void leftOut(RoutingContext context) {
    context
        .response()
        .setStatusCode(404)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .end(
            """
            The desk's web app is not in this build: it was made without Node. Install Node 20.19 or newer, run
            "mvn -q package -DskipTests" again, and start the new verticles/target/parley.jar. What the app asks for,
            /desk/api, is served nevertheless.
            """);
  }
}
