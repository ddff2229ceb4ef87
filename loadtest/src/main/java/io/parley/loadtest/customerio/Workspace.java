package io.parley.loadtest.customerio;

import io.parley.loadtest.standin.Ledger;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// The people of a workspace and their events; applies items that were checked. Written on one
/// context, read on any thread.
final class Workspace {

  private static final Pattern ULID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");

  private final Ledger<Profile> profiles = new Ledger<>();
  private final Ledger<ReceivedEvent> events = new Ledger<>();
  private final Ledger<ReceivedEvent> repeats = new Ledger<>();
  private final Map<Identifier, String> cioIds = new ConcurrentHashMap<>();
  private final Set<Identifier> suppressed = ConcurrentHashMap.newKeySet();
  private final Consumer<ReceivedEvent> eventTaken;

  Workspace(Consumer<ReceivedEvent> eventTaken) {
    this.eventTaken = eventTaken;
  }

  Ledger<Profile> profiles() {
    return profiles;
  }

  Ledger<ReceivedEvent> events() {
    return events;
  }

  Ledger<ReceivedEvent> repeats() {
    return repeats;
  }

  Set<Identifier> suppressed() {
    return Set.copyOf(suppressed);
  }

  Optional<Profile> profile(Identifier identifier) {
    return Optional.ofNullable(cioIds.get(identifier)).flatMap(profiles::find);
  }

  /// Applies an item of v2; one of an object or a delivery, or of an action that changes neither
  /// people nor events, is only accepted.
  void apply(JsonObject item) {
    if (!"person".equals(item.getString("type")) || !item.containsKey("identifiers")) {
      return;
    }
    Identifier person = Identifiers.of(item);
    switch (item.getString("action")) {
      case "identify" -> identify(person, ItemCheck.attributes(item));
      case "event" -> event(person, item);
      case "delete" -> delete(person);
      case "suppress" -> suppress(person);
      case "unsuppress" -> suppressed.remove(person);
      default -> {}
    }
  }

  private void identify(Identifier person, JsonObject attributes) {
    boolean updateOnly = Boolean.TRUE.equals(attributes.getValue("_update"));
    JsonObject changes = attributes.copy();
    changes.remove("_update");
    if (suppressed.contains(person) || (updateOnly && !cioIds.containsKey(person))) {
      return;
    }
    find(person).ifPresent(profile -> keep(profile.with(changes, Instant.now())));
  }

  private void event(Identifier person, JsonObject item) {
    if (suppressed.contains(person)) {
      return;
    }
    if (!person.kind().equals("anonymous_id") && !cioIds.containsKey(person)) {
      find(person).ifPresent(this::keep);
    }
    Optional<String> id =
        item.getValue("id") instanceof String text ? Optional.of(text) : Optional.empty();
    ReceivedEvent event =
        new ReceivedEvent(
            id,
            person,
            item.getString("name").strip(),
            ItemCheck.attributes(item),
            item.getValue("timestamp") instanceof Number seconds
                ? OptionalLong.of(seconds.longValue())
                : OptionalLong.empty(),
            Instant.now());
    String key =
        id.map(text -> text.toUpperCase(Locale.ROOT)).filter(this::isUlid).orElse(random());
    if (events.find(key).isPresent()) {
      repeats.put(random(), event);
      return;
    }
    events.put(key, event);
    eventTaken.accept(event);
  }

  private boolean isUlid(String text) {
    return ULID.matcher(text).matches();
  }

  private void suppress(Identifier person) {
    profile(person)
        .ifPresent(
            profile ->
                profile
                    .identifiers()
                    .forEach((kind, value) -> suppressed.add(new Identifier(kind, value))));
    suppressed.add(person);
    delete(person);
  }

  private void delete(Identifier person) {
    String cioId = cioIds.get(person);
    if (cioId != null) {
      cioIds.values().removeIf(cioId::equals);
      profiles.remove(cioId);
    }
  }

  /// The profile so identified, or a new one; none for an unknown `cio_id`, which Customer.io
  /// drops.
  private Optional<Profile> find(Identifier person) {
    Optional<Profile> known = profile(person);
    if (known.isPresent() || person.kind().equals("cio_id")) {
      return known;
    }
    return Optional.of(
        new Profile(
            random(), Map.of(person.kind(), person.value()), new JsonObject(), Instant.now()));
  }

  private void keep(Profile profile) {
    cioIds.put(new Identifier("cio_id", profile.cioId()), profile.cioId());
    profile
        .identifiers()
        .forEach((kind, value) -> cioIds.put(new Identifier(kind, value), profile.cioId()));
    profiles.put(profile.cioId(), profile);
  }

  private static String random() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
