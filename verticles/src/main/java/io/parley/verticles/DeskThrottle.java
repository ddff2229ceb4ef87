package io.parley.verticles;

import io.parley.engine.Digest;
import io.parley.store.SignInAttempts;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// How often a password may be guessed: by account, wherever the guesses come from, and by address,
/// whichever the account. An attempt is counted before the password is looked at, so that many at
/// once are no way round; one that was right does not count. Thread-safe.
final class DeskThrottle {

  static final int BY_ACCOUNT = 10;
  static final int BY_ADDRESS = 30;

  private final SignInAttempts attempts;
  private final InstantSource clock;

  DeskThrottle(SignInAttempts attempts, InstantSource clock) {
    this.attempts = attempts;
    this.clock = clock;
  }

  /// An attempt, by what it is counted by.
  record Attempt(String account, String address) {

    /// @param email counted whether it is anybody's or not: else the limit would tell
    static Attempt of(String email, String address) {
      String account = email.strip().toLowerCase(Locale.ROOT);
      return new Attempt(
          "account:" + HexFormat.of().formatHex(Digest.sha256(account)),
          "address:" + DeskAddress.network(address));
    }

    private List<String> names() {
      return List.of(account, address);
    }
  }

  /// How long to wait before it is tried again; zero where it may be tried now.
  Future<Duration> take(Attempt attempt) {
    Instant now = clock.instant();
    return attempts.count(attempt.names(), now).map(counts -> pause(attempt, counts, now));
  }

  private static Duration pause(
      Attempt attempt, Map<String, SignInAttempts.Count> counts, Instant now) {
    Duration account = pause(Optional.ofNullable(counts.get(attempt.account())), BY_ACCOUNT, now);
    Duration address = pause(Optional.ofNullable(counts.get(attempt.address())), BY_ADDRESS, now);
    return account.compareTo(address) > 0 ? account : address;
  }

  private static Duration pause(Optional<SignInAttempts.Count> count, int most, Instant now) {
    return count
        .filter(it -> it.tries() > most)
        .map(it -> Duration.between(now, it.until()))
        .orElse(Duration.ZERO);
  }

  /// The password was right.
  Future<Void> forgive(Attempt attempt) {
    return attempts.forgive(attempt.names(), attempt.account());
  }
}
