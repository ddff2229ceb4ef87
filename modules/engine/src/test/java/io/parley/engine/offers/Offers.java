package io.parley.engine.offers;

import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Offers in few words.
final class Offers {

  static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
  static final ConversationId CONVERSATION =
      ConversationId.parse("0d1a7a4e-9a3c-8c1b-9b1e-0a5d5cf0f4aa");

  private Offers() {}

  static Offer offer(String name, Offer.Kind kind, String worth) {
    return new Offer(
        name,
        kind,
        Worth.parse(worth).orElseThrow(),
        Duration.ofDays(2),
        Duration.ofDays(2),
        Optional.empty(),
        Gate.DEFAULT,
        List.of());
  }

  static Catalogue catalogue(List<String> promises, Offer... offers) {
    Map<String, Offer> byName = new LinkedHashMap<>();
    for (Offer offer : offers) {
      byName.put(offer.name(), offer);
    }
    return new Catalogue(byName, promises);
  }

  static Grant grant(String offer, String code, String worth) {
    return new Grant(offer, code, Worth.parse(worth).orElseThrow(), NOW.plus(Duration.ofDays(2)));
  }

  static EffectId effect(int turn) {
    return new EffectId(CONVERSATION, turn, 0);
  }

  static Instant hours(int hours) {
    return NOW.plus(Duration.ofHours(hours));
  }

  static List<Tag> tags(String... names) {
    return List.of(names).stream().map(name -> new Tag(name, 1, "said " + name)).toList();
  }
}
