package io.parley.loadtest.twilio;

import java.net.ConnectException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/// How a webhook is tried, as the fragment of its URL says (`#rc=5&rp=all`); with Twilio's
/// defaults, by which only a connection that did not come about is tried again, once.
///
/// @param connect how long a connection may take to come about (`ct`)
/// @param read how long an answer may take (`rt`)
/// @param total after which no further attempt begins (`tt`)
/// @param retries how many there are after the first attempt (`rc`)
/// @param policy what is tried again (`rp`): `ct`, `rt`, `4xx`, `5xx`, `all`
record ConnectionOverrides(
    Duration connect, Duration read, Duration total, int retries, Set<String> policy) {

  private static final int MOST_RETRIES = 5;
  private static final int MOST_MILLIS = 15_000;

  static final ConnectionOverrides DEFAULTS =
      new ConnectionOverrides(
          Duration.ofSeconds(5),
          Duration.ofMillis(MOST_MILLIS),
          Duration.ofMillis(MOST_MILLIS),
          1,
          Set.of("ct"));

  ConnectionOverrides {
    policy = Set.copyOf(policy);
  }

  /// @param url with or without a fragment; what is no number there is passed over, as a name is
  ///     that is not known
  static ConnectionOverrides of(String url) {
    ConnectionOverrides overrides = DEFAULTS;
    int fragment = url.indexOf('#');
    if (fragment < 0) {
      return overrides;
    }
    for (String pair : url.substring(fragment + 1).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        overrides = overrides.with(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return overrides;
  }

  private ConnectionOverrides with(String name, String value) {
    return switch (name) {
      case "ct" -> new ConnectionOverrides(millis(value, connect), read, total, retries, policy);
      case "rt" -> new ConnectionOverrides(connect, millis(value, read), total, retries, policy);
      case "tt" -> new ConnectionOverrides(connect, read, millis(value, total), retries, policy);
      case "rc" ->
          new ConnectionOverrides(
              connect, read, total, number(value, retries, MOST_RETRIES), policy);
      case "rp" ->
          new ConnectionOverrides(
              connect, read, total, retries, new HashSet<>(Set.of(value.split(",", -1))));
      default -> this;
    };
  }

  private static Duration millis(String value, Duration otherwise) {
    return Duration.ofMillis(number(value, (int) otherwise.toMillis(), MOST_MILLIS));
  }

  private static int number(String value, int otherwise, int most) {
    return value.matches("\\d{1,6}") ? Math.min(Integer.parseInt(value), most) : otherwise;
  }

  /// Whether an answer with that status is one to be asked for again.
  boolean retries(int status) {
    return status >= 500 ? isRetried("5xx") : status >= 400 && isRetried("4xx");
  }

  /// Whether what went wrong instead of an answer is to be tried again.
  boolean retries(Throwable failure) {
    return switch (failure) {
      case ConnectException _ -> isRetried("ct");
      case TimeoutException _ -> isRetried("rt");
      default -> policy.contains("all");
    };
  }

  private boolean isRetried(String what) {
    return policy.contains(what) || policy.contains("all");
  }
}
