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
import java.util.Objects;

/// How often a password may be guessed: by account, wherever the guesses come from, and by address,
/// whichever the account. An attempt is counted before the password is looked at, so that many at
/// once are no way round; one that was right does not count.
///
/// It says, too, which of those that are refused go on record. Each that was tried does; of those
/// that are held up the first, second, fourth, eighth ... by what they are counted by, with how
/// many there have been: so many guesses fill no audit. Thread-safe.
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

  /// What an attempt may do.
  ///
  /// @param pause how long to wait before it is tried again; zero where it may be tried now
  /// @param tries how many there have been by what holds it up
  /// @param isOfNote whether it goes on record where it is refused
  record Ruling(Duration pause, int tries, boolean isOfNote) {

    private static Ruling of(SignInAttempts.Count count, int most, Instant now) {
      Duration pause = count.tries() > most ? Duration.between(now, count.until()) : Duration.ZERO;
      return new Ruling(pause, count.tries(), DeskThrottle.isOfNote(count.tries() - most));
    }

    private Ruling with(Ruling other) {
      if (pause.isZero() || other.pause.isZero()) {
        return pause.isZero() ? other : this;
      }
      return new Ruling(
          pause.compareTo(other.pause) > 0 ? pause : other.pause,
          Math.max(tries, other.tries),
          isOfNote || other.isOfNote);
    }
  }

  Future<Ruling> take(Attempt attempt) {
    Instant now = clock.instant();
    return attempts
        .count(attempt.names(), now)
        .map(
            counts ->
                Ruling.of(counted(counts, attempt.account()), BY_ACCOUNT, now)
                    .with(Ruling.of(counted(counts, attempt.address()), BY_ADDRESS, now)));
  }

  /// Counts what was refused without a password, by where it came from.
  Future<Ruling> refused(String address) {
    Instant now = clock.instant();
    String name = "refused:" + DeskAddress.network(address);
    return attempts
        .count(List.of(name), now)
        .map(counts -> Ruling.of(counted(counts, name), BY_ADDRESS, now));
  }

  /// What was counted has a count.
  private static SignInAttempts.Count counted(
      Map<String, SignInAttempts.Count> counts, String name) {
    return Objects.requireNonNull(counts.get(name));
  }

  /// @param over how many more there have been than are open
  private static boolean isOfNote(int over) {
    return over <= 0 || Integer.bitCount(over) == 1;
  }

  /// The password was right.
  Future<Void> forgive(Attempt attempt) {
    return attempts.forgive(attempt.names(), attempt.account());
  }
}
