package io.parley.engine.desk;

import io.parley.engine.Conversation;
import io.parley.engine.Execution;
import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.engine.offers.Bargain;
import io.parley.engine.offers.Friction.Signal;
import io.parley.engine.offers.FrictionRules;
import io.parley.engine.policy.Consent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What whoever takes a conversation has to know of it, as it was when it was handed over.
///
/// ```json
/// {"at": "2026-03-01T12:00:00Z", "reason": "tag:complaint", "topic": "care", "skills": ["care"],
/// "channel": "sms",
///  "person": {"first_name": "Asha"}, "external_id": "42",
///  "cart": {"items": [{"name": "Day cream", "quantity": 1}], "total": 120, "currency": "USD",
///           "url": "https://shop.example.com/cart/c1", "at": "2026-03-01T10:10:00Z"},
///  "friction": {"score": 2.0, "count": 2, "tags": ["shipping", "discount"]},
///  "offers": [{"offer": "second-chance", "value": "15%", "code": "SKIN-3FWTJW9P", "state": "sent",
///  "at": "...",
///              "expires_at": "..."}],
///  "gate": {"live_offer": true, "help_unconverted": false, "bought_at": "..."},
///  "consent": [{"channel": "sms", "programme": "marketing", "granted": true, "at": "...",
///  "source": "checkout"}],
///  "hours": {"quiet_until": "...", "local_time": "2026-03-01T07:00-05:00"},
///  "window": {"open": true, "ends_at": "..."},
///  "flow": {"name": "cart-recovery", "revision": 3, "at": "ask"}, "history": [...],
///  "link": "https://parley.example.com/desk/conversations/..."}
/// ```
public final class HandoffContext {

  /// Bytes that other systems take as metadata of a conversation; Zendesk's limit.
  public static final int MAX_METADATA = 4 * 1024;

  private static final int MAX_TEXT = 200;
  private static final int FEW = 5;

  /// What is left out first where there is no room for everything.
  private static final List<String> DISPENSABLE =
      List.of("history", "consent", "gate", "window", "hours", "person", "friction", "offers");

  private final Values all;

  private HandoffContext(Values all) {
    this.all = all;
  }

  /// What stands in no conversation.
  ///
  /// @param at when it was handed over
  /// @param consents those that hold, or were taken back
  /// @param quietUntil when messages may leave that answer nobody; empty where they may now
  /// @param localTime what the contact's clock shows, where that is known
  /// @param link where the whole conversation is found
  public record Facts(
      Instant at,
      String reason,
      Placement placement,
      List<Consent> consents,
      Optional<Instant> quietUntil,
      Optional<String> localTime,
      FrictionRules friction,
      String link) {
    public Facts {
      consents = List.copyOf(consents);
    }
  }

  /// As it was kept.
  public static HandoffContext kept(Values all) {
    return new HandoffContext(all);
  }

  /// @param frozen the conversation as the turn left it that handed over
  public static HandoffContext of(Conversation frozen, Facts facts) {
    Values all =
        Values.of("at", facts.at().toString())
            .with("reason", facts.reason())
            .with("topic", facts.placement().topic().name())
            .with("skills", List.copyOf(facts.placement().skills()))
            .with("channel", frozen.thread().theirs().channel().word());
    all = all.with("person", frozen.person().attributes());
    all = with(all, "external_id", frozen.person().externalId());
    Values cart = cart(frozen);
    all = cart.isEmpty() ? all : all.with("cart", cart);
    all = all.with("friction", friction(frozen, facts));
    all = all.with("offers", frozen.bargain().held().map(HandoffContext::offer).stream().toList());
    all = all.with("gate", gate(frozen, facts));
    all = all.with("consent", facts.consents().stream().map(HandoffContext::consent).toList());
    Values hours = with(Values.EMPTY, "quiet_until", facts.quietUntil().map(Instant::toString));
    all = all.with("hours", with(hours, "local_time", facts.localTime()));
    Values window = Values.of("open", frozen.traffic().window().isOpen(facts.at()));
    all =
        all.with(
            "window",
            with(window, "ends_at", frozen.traffic().window().until().map(Instant::toString)));
    if (frozen.execution().isPresent()) {
      all = all.with("flow", flow(frozen.execution().get()));
    }
    return new HandoffContext(all.with("history", history(frozen)).with("link", facts.link()));
  }

  /// All of it.
  public Values whole() {
    return all;
  }

  /// As much of it as fits in so many bytes of JSON: long texts are cut and long lists shortened
  /// first, then whole parts are left out, the least telling first. What was left out is named in
  /// `cut`; the link leads to all of it.
  public Values within(int maxBytes) {
    if (fits(all, maxBytes)) {
      return all;
    }
    Values shorter = Values.of("it", shorter(all.entries())).object("it");
    List<String> cut = new ArrayList<>();
    for (String part : DISPENSABLE) {
      Values told = cut.isEmpty() ? shorter : shorter.with("cut", List.copyOf(cut));
      if (fits(told, maxBytes)) {
        return told;
      }
      shorter = without(shorter, part);
      cut.add(part);
    }
    Values told = shorter.with("cut", List.copyOf(cut));
    if (fits(told, maxBytes)) {
      return told;
    }
    return Values.of("link", all.text("link").orElse(""));
  }

  private static boolean fits(Values values, int maxBytes) {
    return Json.print(values.entries()).getBytes(StandardCharsets.UTF_8).length <= maxBytes;
  }

  private static Values without(Values values, String key) {
    Values left = Values.EMPTY;
    for (Map.Entry<String, Object> each : values.entries().entrySet()) {
      left = each.getKey().equals(key) ? left : left.with(each.getKey(), each.getValue());
    }
    return left;
  }

  private static Object shorter(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Values shorter = Values.EMPTY;
        for (Map.Entry<?, ?> each : map.entrySet()) {
          shorter = shorter.with(String.valueOf(each.getKey()), shorter(each.getValue()));
        }
        yield shorter;
      }
      case List<?> list -> list.stream().limit(FEW).map(HandoffContext::shorter).toList();
      case String text when text.length() > MAX_TEXT && !text.startsWith("http") ->
          text.substring(
              0, Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT);
      default -> value;
    };
  }

  private static Values with(Values values, String key, Optional<String> text) {
    return text.map(it -> values.with(key, it)).orElse(values);
  }

  /// The cart as the trigger described it, and when that was.
  private static Values cart(Conversation frozen) {
    Values data = frozen.execution().map(Execution::data).orElse(Values.EMPTY);
    Values commerce = data.object("commerce");
    Values cart = Values.EMPTY;
    for (Map.Entry<String, String> name :
        List.of(
            Map.entry("items", "items"),
            Map.entry("value", "total"),
            Map.entry("currency", "currency"),
            Map.entry("cart_url", "url"),
            Map.entry("cart_snapshot_at", "at"))) {
      Object told = commerce.entries().get(name.getKey());
      cart = told == null ? cart : cart.with(name.getValue(), told);
    }
    return cart;
  }

  private static Values friction(Conversation frozen, Facts facts) {
    var friction = frozen.bargain().friction();
    return Values.of(
            "score", Math.round(friction.score(facts.at(), facts.friction()) * 100) / 100.0)
        .with("count", friction.count(facts.at(), facts.friction()))
        .with("tags", friction.signals().stream().map(Signal::name).distinct().toList());
  }

  private static Values offer(Bargain.Held held) {
    return Values.of("offer", held.grant().offer())
        .with("value", held.grant().value())
        .with("code", held.grant().code())
        .with("state", held.state().name().toLowerCase(Locale.ROOT))
        .with("at", held.grantedAt().toString())
        .with("expires_at", held.grant().expiresAt().toString());
  }

  /// What opens and shuts the gate before offers.
  private static Values gate(Conversation frozen, Facts facts) {
    Bargain bargain = frozen.bargain();
    Values gate =
        Values.of("live_offer", bargain.live(facts.at()).isPresent())
            .with(
                "help_unconverted",
                bargain.friction().isHelpUnconverted(facts.at(), facts.friction()));
    return with(gate, "bought_at", bargain.boughtAt().map(Instant::toString));
  }

  private static Values consent(Consent consent) {
    return Values.of("channel", consent.channel().word())
        .with("programme", consent.programme())
        .with("granted", !consent.isRevoked())
        .with("at", consent.at().toString())
        .with("source", consent.source());
  }

  private static Values flow(Execution execution) {
    return Values.of("name", execution.root().name())
        .with("revision", execution.root().revision())
        .with("at", execution.position().widget());
  }

  private static List<Values> history(Conversation frozen) {
    return frozen.runs().stream()
        .map(
            run ->
                Values.of("flow", run.flow().name()).with("started_at", run.startedAt().toString()))
        .toList();
  }
}
