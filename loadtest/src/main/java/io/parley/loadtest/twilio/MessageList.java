package io.parley.loadtest.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// A request to list messages: `To`, `From`, `DateSent` (a GMT day), `DateSent>` and `DateSent<` (a
/// day or a time, both inclusive), `PageSize` up to 1000, `Page` and `PageToken`.
///
/// Newest first. A message that is not sent yet is found by when it was created, so that a client
/// that lost an answer finds what it has already asked for.
record MessageList(
    Map<String, String> filters, Predicate<SentMessage> matching, int pageSize, Paging paging) {

  private static final int DEFAULT_PAGE_SIZE = 50;
  private static final int MAX_PAGE_SIZE = 1000;
  private static final String TOKEN_PREFIX = "PA";

  /// Which page, and the last message of the page before it, where the request names one.
  record Paging(int page, String afterSid) {}

  /// Empty when a parameter cannot be read.
  static Optional<MessageList> read(MultiMap query) {
    try {
      Map<String, String> filters = new LinkedHashMap<>();
      List<Predicate<SentMessage>> all = new ArrayList<>();
      for (String name : List.of("To", "From", "DateSent", "DateSent>", "DateSent<")) {
        String value = query.get(name);
        if (value != null && !value.isEmpty()) {
          filters.put(name, value);
          all.add(filter(name, value));
        }
      }
      int pageSize = Math.clamp(number(query, "PageSize", DEFAULT_PAGE_SIZE), 1, MAX_PAGE_SIZE);
      String token = query.contains("PageToken") ? query.get("PageToken") : TOKEN_PREFIX;
      Paging paging = new Paging(number(query, "Page", 0), token.substring(TOKEN_PREFIX.length()));
      return Optional.of(
          new MessageList(
              filters, message -> all.stream().allMatch(f -> f.test(message)), pageSize, paging));
    } catch (DateTimeException | NumberFormatException | StringIndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  JsonObject page(List<SentMessage> messages, String accountSid) {
    List<SentMessage> found = messages.reversed().stream().filter(matching).toList();
    int start = start(found);
    List<SentMessage> shown = found.subList(start, Math.min(found.size(), start + pageSize));
    boolean more = start + shown.size() < found.size();
    JsonArray array = new JsonArray();
    shown.forEach(message -> array.add(MessageJson.of(message, accountSid)));
    String path = StandInTwilio.messagesPath(accountSid) + ".json";
    int page = paging.page;
    return new JsonObject()
        .put("first_page_uri", path + query(0, ""))
        .put("end", start + Math.max(0, shown.size() - 1))
        .put("previous_page_uri", page == 0 ? null : path + query(page - 1, ""))
        .put("messages", array)
        .put("uri", path + query(page, paging.afterSid))
        .put("page_size", pageSize)
        .put("start", start)
        .put("next_page_uri", more ? path + query(page + 1, shown.getLast().sid()) : null)
        .put("page", page);
  }

  private int start(List<SentMessage> found) {
    if (!paging.afterSid.isEmpty()) {
      for (int i = 0; i < found.size(); i++) {
        if (found.get(i).sid().equals(paging.afterSid)) {
          return i + 1;
        }
      }
    }
    return (int) Math.min(found.size(), (long) paging.page * pageSize);
  }

  private String query(int page, String afterSid) {
    StringBuilder query = new StringBuilder("?");
    filters.forEach(
        (name, value) ->
            query.append(encoded(name)).append('=').append(encoded(value)).append('&'));
    query.append("PageSize=").append(pageSize).append("&Page=").append(page);
    if (!afterSid.isEmpty()) {
      query.append("&PageToken=").append(TOKEN_PREFIX).append(afterSid);
    }
    return query.toString();
  }

  private static Predicate<SentMessage> filter(String name, String value) {
    return switch (name) {
      case "To" -> message -> message.to().equals(value);
      case "From" -> message -> message.from().equals(value);
      case "DateSent" -> {
        LocalDate day = LocalDate.parse(value.substring(0, 10));
        yield message -> day.equals(LocalDate.ofInstant(sent(message), ZoneOffset.UTC));
      }
      case "DateSent>" -> {
        Instant first = instant(value);
        yield message -> !sent(message).isBefore(first);
      }
      case "DateSent<" -> {
        Instant last = instant(value);
        yield message -> !sent(message).isAfter(last);
      }
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Instant sent(SentMessage message) {
    return message.sentAt().orElse(message.receivedAt()).truncatedTo(ChronoUnit.SECONDS);
  }

  private static Instant instant(String value) {
    if (value.length() <= 10) {
      return LocalDate.parse(value).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
    return value.endsWith("Z")
        ? Instant.parse(value)
        : LocalDateTime.parse(value).toInstant(ZoneOffset.UTC);
  }

  private static int number(MultiMap query, String name, int otherwise) {
    String value = query.get(name);
    return value == null || value.isEmpty() ? otherwise : Integer.parseInt(value);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
