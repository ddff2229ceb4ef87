package io.parley.verticles;

import io.parley.store.Slice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A page of a list as Twilio pages: `PageSize`, `Page`, and a `PageToken` that names the row to go
/// on from, so that what comes or goes meanwhile moves no row to another page. A `Page` without a
/// token is counted from the newest row.
///
/// @param token the row to go on from: its key; empty on a page that was asked for by its number
/// @param backwards whether the page before that row is asked for
/// @param filters the other parameters of the query, which the next page has too
record StudioPage(
    String url, int size, long number, Optional<String> token, boolean backwards, String filters) {

  private static final int USUAL_SIZE = 50;
  private static final int MAX_SIZE = 1_000;
  private static final String AFTER = "PA";
  private static final String BEFORE = "PB";

  /// What a list is made of: how its rows are keyed and shown.
  ///
  /// @param name what the list is called in the body: `flows`
  record Listing<T>(String name, Function<T, String> key, Function<T, JsonObject> shape) {}

  /// The page that a query asks for.
  ///
  /// @param url the list's address
  static StudioPage of(RoutingContext context, StudioParameters query, String url) {
    int size = (int) query.whole("PageSize", 1, MAX_SIZE, USUAL_SIZE);
    long number = query.whole("Page", 0, Integer.MAX_VALUE, 0);
    Optional<String> given = query.optional("PageToken").filter(it -> !it.isBlank());
    Optional<String> token = given.flatMap(StudioPage::key);
    if (given.isPresent() && token.isEmpty()) {
      query.refuse("PageToken", "one that a page of this list named");
    }
    boolean backwards = given.isPresent() && given.get().startsWith(BEFORE);
    return new StudioPage(url, size, number, token, backwards, filters(context));
  }

  private static String filters(RoutingContext context) {
    StringBuilder filters = new StringBuilder();
    for (Map.Entry<String, String> each : context.queryParams()) {
      if (!each.getKey().startsWith("Page")) {
        filters.append(encode(each.getKey())).append('=').append(encode(each.getValue()));
        filters.append('&');
      }
    }
    return filters.toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Optional<String> key(String token) {
    if (!token.startsWith(AFTER) && !token.startsWith(BEFORE)) {
      return Optional.empty();
    }
    try {
      byte[] key = Base64.getUrlDecoder().decode(token.substring(AFTER.length()));
      return Optional.of(new String(key, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static String token(String kind, String key) {
    return kind
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  /// The rows to read: one more than are shown tells whether there are more.
  ///
  /// @param parse reads a key; empty where it is none of this list, which the query then refuses
  <K> Slice<K> slice(StudioParameters query, Function<String, Optional<K>> parse) {
    Optional<K> beyond = token.flatMap(parse);
    if (token.isPresent() && beyond.isEmpty()) {
      query.refuse("PageToken", "one that a page of this list named");
    }
    return new Slice<>(size + 1, token.isPresent() ? 0 : number * size, beyond, backwards);
  }

  /// The page's body, of the rows that [#slice] asked for.
  <T> JsonObject body(List<T> rows, Listing<T> listing) {
    boolean more = rows.size() > size;
    List<T> page = rows;
    if (more) {
      page = backwards ? rows.subList(1, rows.size()) : rows.subList(0, size);
    }
    boolean hasNext = backwards ? !page.isEmpty() : more;
    boolean hasPrevious = number > 0 && !page.isEmpty() && (!backwards || more);
    List<String> keys = new ArrayList<>(page.size());
    JsonArray items = new JsonArray();
    for (T row : page) {
      keys.add(listing.key().apply(row));
      items.add(listing.shape().apply(row));
    }
    JsonObject meta =
        new JsonObject()
            .put("page", number)
            .put("page_size", size)
            .put("first_page_url", address(0, ""))
            .put(
                "previous_page_url",
                hasPrevious ? address(number - 1, token(BEFORE, keys.getFirst())) : null)
            .put("url", address(number, token.map(this::sameToken).orElse("")))
            .put(
                "next_page_url", hasNext ? address(number + 1, token(AFTER, keys.getLast())) : null)
            .put("key", listing.name());
    return new JsonObject().put(listing.name(), items).put("meta", meta);
  }

  private String sameToken(String key) {
    return token(backwards ? BEFORE : AFTER, key);
  }

  private String address(long page, String pageToken) {
    return url
        + "?"
        + filters
        + "PageSize="
        + size
        + "&Page="
        + page
        + (pageToken.isEmpty() ? "" : "&PageToken=" + pageToken);
  }
}
