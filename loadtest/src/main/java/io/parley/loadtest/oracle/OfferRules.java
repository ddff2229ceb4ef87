package io.parley.loadtest.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// What a policy says of friction and of when it opens the gate, as the documentation has it.
///
/// @param halfLives of the signals that count
record OfferRules(
    JsonNode policy, Map<String, Duration> halfLives, double countsFrom, JsonNode usualGate) {

  private static final String UNCONVERTED = "help_unconverted";
  private static final String SILENCE = "silence_after_help";
  private static final int USUAL_SIGNALS = 2;

  static OfferRules of(JsonNode policy) {
    Map<String, Duration> halfLives = new HashMap<>();
    for (String name :
        new String[] {
          "discount",
          "shipping",
          "product_question",
          "size_help",
          "return_refund",
          UNCONVERTED,
          SILENCE
        }) {
      halfLives.put(name, Duration.ofDays(3));
    }
    for (String name : new String[] {"not_interested", "no", "pause", "repeated_question"}) {
      halfLives.put(name, Duration.ofDays(1));
    }
    halfLives.put("complaint", Duration.ofDays(7));
    JsonNode friction = policy.path("friction");
    friction
        .path("signals")
        .properties()
        .forEach(
            signal -> {
              JsonNode rule = signal.getValue();
              double weight = rule.isObject() ? rule.path("weight").asDouble(1) : rule.asDouble();
              if (weight <= 0) {
                halfLives.remove(signal.getKey());
              } else {
                Duration usual = halfLives.getOrDefault(signal.getKey(), Duration.ofDays(3));
                halfLives.put(signal.getKey(), length(rule.path("half_life").asText(""), usual));
              }
            });
    return new OfferRules(
        policy,
        Map.copyOf(halfLives),
        friction.path("counts_from").asDouble(0.25),
        policy.path("offers").path("gate"));
  }

  /// `90s`, `15m`, `36h`, `2d`; what cannot be read is as usual.
  private static Duration length(String text, Duration usual) {
    if (!text.matches("[0-9]{1,6}[smhd]")) {
      return usual;
    }
    long count = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(count);
      case 'm' -> Duration.ofMinutes(count);
      case 'h' -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  /// Whether the policy has an offer of that name; where there is no policy none is asked for.
  boolean knows(String offer) {
    return policy.isMissingNode() || policy.path("offers").path("catalogue").has(offer);
  }

  /// What an offer takes off, as the policy has it; empty text where it does not say.
  String worth(String offer) {
    return policy.path("offers").path("catalogue").path(offer).path("value").asText("");
  }

  /// The beginnings of generated codes, and codes that are everybody's.
  boolean looksLikeCode(String word) {
    for (JsonNode offer : policy.path("offers").path("catalogue")) {
      String prefix = offer.path("prefix").asText("");
      String code = offer.path("code").asText("");
      if ((!prefix.isEmpty() && word.startsWith(prefix.toUpperCase(Locale.ROOT)))
          || (!code.isEmpty() && word.equalsIgnoreCase(code))) {
        return true;
      }
    }
    return false;
  }

  /// Why friction does not open an offer's gate; empty text where it does.
  ///
  /// @param friction as a state has it
  String shut(String offer, JsonObject friction, Instant at) {
    Map<Instant, Double> moments = new HashMap<>();
    boolean unconverted = false;
    for (Object each : friction.getJsonArray("signals", new JsonArray())) {
      JsonObject signal = (JsonObject) each;
      double left = left(signal, at);
      moments.merge(Instant.parse(signal.getString("at")), left, Math::max);
      String name = signal.getString("name");
      unconverted |= (name.equals(UNCONVERTED) || name.equals(SILENCE)) && left >= countsFrom;
    }
    JsonNode gate = policy.path("offers").path("catalogue").path(offer).path("gate");
    boolean afterHelp =
        gate.path("after_help").asBoolean(usualGate.path("after_help").asBoolean(true));
    if (afterHelp && unconverted) {
      return "";
    }
    JsonNode opensAt = gate.has("opens_at") ? gate.path("opens_at") : usualGate.path("opens_at");
    int least = opensAt.path("signals").asInt(opensAt.isMissingNode() ? USUAL_SIGNALS : 1);
    double lowest = opensAt.path("score").asDouble(0);
    return shut(moments.values(), least, lowest);
  }

  private String shut(Collection<Double> moments, int least, double lowest) {
    long count = moments.stream().filter(left -> left >= countsFrom).count();
    double score = moments.stream().mapToDouble(Double::doubleValue).sum();
    return count >= least && score >= lowest
        ? ""
        : "friction %d, score %.2f, where the gate opens at %d and %.2f"
            .formatted(count, score, least, lowest);
  }

  private double left(JsonObject signal, Instant at) {
    Duration halfLife = halfLives.get(signal.getString("name"));
    if (halfLife == null) {
      return 0;
    }
    double age =
        Math.max(0, Duration.between(Instant.parse(signal.getString("at")), at).toMillis());
    return Objects.requireNonNullElse(signal.getDouble("weight"), 0.0)
        * Math.pow(0.5, age / halfLife.toMillis());
  }
}
