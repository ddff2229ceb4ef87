package io.parley.verticles;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Who asks a Studio API: an account and its token, or an API key and its secret. For the commands
/// that pull and push flows; the service itself has no use for it.
///
/// @param user an account's or an API key's sid
record RemoteLogin(String user, String secret) {

  /// What the help of commands says of them.
  static final String FOOTER =
      "%nWho asks: PARLEY_STUDIO_ACCOUNT_SID (or an API key's sid) and PARLEY_STUDIO_AUTH_TOKEN (or"
          + " its secret); of an environment staging PARLEY_STUDIO_STAGING_ACCOUNT_SID and"
          + " PARLEY_STUDIO_STAGING_AUTH_TOKEN where they are set.";

  private static final String PREFIX = "PARLEY_STUDIO_";
  private static final String USER = "ACCOUNT_SID";
  private static final String SECRET = "AUTH_TOKEN";
  private static final Pattern VARIABLE =
      Pattern.compile(PREFIX + "(\\w+_)?(" + USER + "|" + SECRET + ")");

  /// Whether a name in the environment is one of these, and so no setting of the service.
  static boolean isVariable(String name) {
    return VARIABLE.matcher(name).matches();
  }

  /// Those of an environment (`PARLEY_STUDIO_STAGING_ACCOUNT_SID`), or else the common ones
  /// (`PARLEY_STUDIO_ACCOUNT_SID`); never one half of each.
  ///
  /// @param environment its name; empty text for a URL alone
  static Optional<RemoteLogin> of(String environment, Map<String, String> variables) {
    return read(prefix(environment), variables).or(() -> read(PREFIX, variables));
  }

  private static Optional<RemoteLogin> read(String prefix, Map<String, String> variables) {
    String user = variables.getOrDefault(prefix + USER, "").strip();
    String secret = variables.getOrDefault(prefix + SECRET, "").strip();
    return user.isEmpty() || secret.isEmpty()
        ? Optional.empty()
        : Optional.of(new RemoteLogin(user, secret));
  }

  /// What to set: `PARLEY_STUDIO_STAGING_ACCOUNT_SID and PARLEY_STUDIO_STAGING_AUTH_TOKEN (or both
  /// without STAGING_)`.
  static String names(String environment) {
    String prefix = prefix(environment);
    String names = prefix + USER + " and " + prefix + SECRET;
    return environment.isEmpty()
        ? names
        : names + " (or both without " + prefix.substring(PREFIX.length()) + ")";
  }

  private static String prefix(String environment) {
    return environment.isEmpty()
        ? PREFIX
        : PREFIX + environment.toUpperCase(Locale.ROOT).replaceAll("\\W", "_") + "_";
  }

  /// The value of the header Authorization.
  String basic() {
    byte[] pair = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  @Override
  public String toString() {
    return "RemoteLogin[user=" + user + "]";
  }
}
