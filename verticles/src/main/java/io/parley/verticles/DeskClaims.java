package io.parley.verticles;

import io.parley.store.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What an id token says. Pure; whether the token is genuine is another question.
record DeskClaims(JsonObject claims) {

  /// By how much the provider's clock may differ from ours.
  private static final Duration SKEW = Duration.ofMinutes(1);

  private static final int MOST_TOPICS = 100;
  private static final int LONGEST_TOPIC = 100;

  /// The first that is wrong with a token.
  enum Problem {
    WRONG_ISSUER("the identity provider's answer is another provider's"),
    WRONG_AUDIENCE("the identity provider's answer was not made for this desk"),
    EXPIRED("the identity provider's answer came too late, or a clock is wrong"),
    WRONG_NONCE("the identity provider's answer belongs to another sign-in"),
    NO_SUBJECT("the identity provider does not say who this is");

    private final String sentence;

    Problem(String sentence) {
      this.sentence = sentence;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    String sentence() {
      return sentence;
    }
  }

  /// What is wrong with them (OpenID Connect Core 3.1.3.7); empty where they can be believed, once
  /// the signature is the provider's.
  ///
  /// @param nonce what was asked with
  Optional<Problem> problem(DeskSettings.Provider provider, String nonce, Instant now) {
    if (!plain(text("iss")).equals(plain(provider.issuer().toString()))) {
      return Optional.of(Problem.WRONG_ISSUER);
    }
    List<String> audience = at("aud").map(DeskClaims::texts).orElse(List.of());
    String party = text("azp");
    if (!audience.contains(provider.clientId())
        || (party.isEmpty() ? audience.size() > 1 : !party.equals(provider.clientId()))) {
      return Optional.of(Problem.WRONG_AUDIENCE);
    }
    if (!isInTime(now)) {
      return Optional.of(Problem.EXPIRED);
    }
    if (!MessageDigest.isEqual(
        text("nonce").getBytes(StandardCharsets.UTF_8), nonce.getBytes(StandardCharsets.UTF_8))) {
      return Optional.of(Problem.WRONG_NONCE);
    }
    return text("sub").isEmpty() ? Optional.of(Problem.NO_SUBJECT) : Optional.empty();
  }

  private boolean isInTime(Instant now) {
    return claims.getValue("exp") instanceof Number end
        && now.minus(SKEW).isBefore(Instant.ofEpochSecond(end.longValue()))
        && isPast("iat", now)
        && isPast("nbf", now);
  }

  private boolean isPast(String claim, Instant now) {
    return !(claims.getValue(claim) instanceof Number at)
        || !Instant.ofEpochSecond(at.longValue()).isAfter(now.plus(SKEW));
  }

  private static String plain(String issuer) {
    return issuer.replaceAll("/+$", "");
  }

  String subject() {
    return text("sub");
  }

  String email() {
    return text("email");
  }

  String name() {
    return Stream.of("name", "preferred_username", "email", "sub")
        .map(this::text)
        .filter(it -> !it.isEmpty())
        .findFirst()
        .orElse("");
  }

  /// The strongest of the roles that a claim names; empty where it names none.
  Optional<Role> role(String claim) {
    return at(claim).map(DeskClaims::texts).orElse(List.of()).stream()
        .map(word -> word.toLowerCase(Locale.ROOT).replaceFirst("^parley-", ""))
        .flatMap(word -> Role.of(word).stream())
        .max(Comparator.comparingInt(DeskClaims::strength));
  }

  private static int strength(Role role) {
    return switch (role) {
      case AUDITOR -> 0;
      case AGENT -> 1;
      case LEAD -> 2;
      case ADMIN -> 3;
    };
  }

  /// The topics that a claim names; empty where there is no such claim.
  Optional<List<String>> topics(String claim) {
    return at(claim)
        .map(
            value ->
                texts(value).stream()
                    .filter(it -> !it.isBlank() && it.length() <= LONGEST_TOPIC)
                    .limit(MOST_TOPICS)
                    .toList());
  }

  /// A claim by its own name, which may have dots, or by a way through objects.
  private Optional<Object> at(String claim) {
    if (claims.containsKey(claim)) {
      return Optional.ofNullable(claims.getValue(claim));
    }
    Optional<Object> value = Optional.of(claims);
    for (String step : claim.split("\\.", -1)) {
      value =
          value
              .filter(JsonObject.class::isInstance)
              .map(object -> ((JsonObject) object).getValue(step));
    }
    return value;
  }

  private String text(String claim) {
    return claims.getValue(claim) instanceof String text ? text.strip() : "";
  }

  private static List<String> texts(Object value) {
    if (value instanceof String text) {
      return List.of(text.split("[\\s,]+", -1));
    }
    return value instanceof JsonArray array
        ? array.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }
}
