package io.parley.customerio.segment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.customerio.StrictJson;
import io.parley.engine.Values;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One call of Segment's specification: who did what, or what is true of somebody.
///
/// Source of names and meanings: Customer.io's Data Pipelines specification and Segment's.
///
/// @param name the event of `track`, the name of `page` and `screen`; empty where there is none
/// @param properties of the event, the page or the screen
/// @param traits of the person, in `group` of the group
/// @param cleared the traits that the call says are no longer so: those that it has as null
/// @param context what the client knew of where it ran; that of a batch is in it
/// @param messageId tells a repeat from a new call
/// @param timestamp when it happened by our clock, never later than it was received
public record SegmentCall(
    CallType type,
    Identity who,
    String name,
    Values properties,
    Values traits,
    List<String> cleared,
    Optional<String> groupId,
    Optional<String> previousId,
    Values context,
    Values integrations,
    String messageId,
    Instant timestamp) {

  private static final JsonMapper MAPPER = new JsonMapper();

  public SegmentCall {
    cleared = List.copyOf(cleared);
  }

  /// Whom a call is about; at least one of the three is there.
  ///
  /// @param userId the id in Customer.io
  /// @param anonymousId what a browser or a phone is known by whose user is not
  /// @param email a trait by which somebody is known who has neither id
  public record Identity(
      Optional<String> userId, Optional<String> anonymousId, Optional<String> email) {

    /// The name that the person's traits are kept under and that puts calls in order:
    /// `id:42`, `anonymous:507f191e`, `email:ann@example.com`.
    public String subject() {
      return userId
          .map(Identity::user)
          .or(() -> anonymousId.map(Identity::anonymous))
          .or(() -> email.map(it -> "email:" + it.toLowerCase(Locale.ROOT)))
          .orElseThrow();
    }

    /// The other names that the same person had before they were known by the subject.
    private List<String> formerly() {
      List<String> names = new ArrayList<>();
      if (userId.isPresent()) {
        anonymousId.map(Identity::anonymous).ifPresent(names::add);
      }
      return names;
    }

    static String user(String id) {
      return "id:" + id;
    }

    static String anonymous(String id) {
      return "anonymous:" + id;
    }
  }

  /// The names that turn out to be the subject's own: by `identify` with both ids, and by `alias`.
  public List<String> merged() {
    List<String> names = new ArrayList<>(type == CallType.IDENTIFY ? who.formerly() : List.of());
    if (type == CallType.ALIAS) {
      previousId.ifPresent(
          id -> {
            names.add(Identity.user(id));
            names.add(Identity.anonymous(id));
          });
    }
    names.remove(who.subject());
    return names;
  }

  /// What the call tells as an event: the event of `track`, and what Segment's own destinations
  /// make of the others: `Viewed Home Page`, `Viewed Home Screen`. Empty where it tells of none.
  public Optional<String> event() {
    return switch (type) {
      case TRACK -> Optional.of(name);
      case PAGE -> Optional.of(name).filter(it -> !it.isEmpty()).map("Viewed %s Page"::formatted);
      case SCREEN ->
          Optional.of(name).filter(it -> !it.isEmpty()).map("Viewed %s Screen"::formatted);
      case IDENTIFY, GROUP, ALIAS -> Optional.empty();
    };
  }

  /// The call as its specification writes it, for templates and flows: `event`, `properties.total`,
  /// `userId`, `context.ip` ...
  public Values readable() {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("type", type.word());
    if (!name.isEmpty()) {
      entries.put(type == CallType.TRACK ? "event" : "name", name);
    }
    who.userId().ifPresent(it -> entries.put("userId", it));
    who.anonymousId().ifPresent(it -> entries.put("anonymousId", it));
    groupId.ifPresent(it -> entries.put("groupId", it));
    previousId.ifPresent(it -> entries.put("previousId", it));
    entries.put("properties", properties);
    entries.put("traits", traits);
    entries.put("context", context);
    entries.put("messageId", messageId);
    entries.put("timestamp", timestamp.toString());
    return new Values(entries);
  }

  /// The call as it is stored.
  public String json() {
    Map<String, Object> entries = new LinkedHashMap<>(readable().entries());
    entries.put("name", name);
    who.email().ifPresent(it -> entries.put("email", it));
    entries.put("cleared", cleared);
    entries.put("integrations", integrations.entries());
    try {
      return MAPPER.writeValueAsString(entries);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a call is JSON", e);
    }
  }

  /// Reads what [#json] wrote; throws [IllegalArgumentException] on anything else.
  public static SegmentCall stored(String json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no stored call", e);
    }
    List<String> cleared = new ArrayList<>();
    root.path("cleared").forEach(item -> cleared.add(item.asText()));
    return new SegmentCall(
        CallType.parse(root.path("type").asText())
            .orElseThrow(() -> new IllegalArgumentException("a stored call of no known type")),
        new Identity(text(root, "userId"), text(root, "anonymousId"), text(root, "email")),
        root.path("name").asText(""),
        StrictJson.values(root.path("properties")),
        StrictJson.values(root.path("traits")),
        cleared,
        text(root, "groupId"),
        text(root, "previousId"),
        StrictJson.values(root.path("context")),
        StrictJson.values(root.path("integrations")),
        root.path("messageId").asText(),
        Instant.parse(root.path("timestamp").asText()));
  }

  private static Optional<String> text(JsonNode root, String name) {
    return root.path(name).isTextual()
        ? Optional.of(root.path(name).textValue())
        : Optional.empty();
  }
}
