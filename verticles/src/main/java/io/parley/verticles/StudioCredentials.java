package io.parley.verticles;

import io.parley.engine.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Who may use the Studio API: the Twilio account by its sid and one of its auth tokens, or an API
/// key by its sid and secret. Printed without its secrets.
///
/// @param accountSid the account whose resources the API shows, where one is configured
/// @param keys what authenticates
record StudioCredentials(Optional<String> accountSid, List<Key> keys) {

  private static final String SCHEME = "Basic ";

  StudioCredentials {
    keys = List.copyOf(keys);
  }

  /// A user name and a password of HTTP Basic.
  record Key(String user, String password) {

    private byte[] digest() {
      return Digest.sha256(user + ":" + password);
    }

    @Override
    public String toString() {
      return "Key[user=" + user + "]";
    }
  }

  static StudioCredentials of(Optional<io.parley.twilio.TwilioAccount> account, List<Key> apiKeys) {
    List<Key> keys = new ArrayList<>(apiKeys);
    account.ifPresent(
        it -> it.authTokens().forEach(token -> keys.add(new Key(it.accountSid(), token))));
    return new StudioCredentials(account.map(it -> it.accountSid()), keys);
  }

  /// Whether the API is on.
  boolean configured() {
    return !keys.isEmpty();
  }

  /// Whether an `Authorization` header is one of the keys'. Takes as long for each that is not.
  boolean admit(String header) {
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    String pair;
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
      pair = new String(decoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return false;
    }
    byte[] given = Digest.sha256(pair);
    boolean admitted = false;
    for (Key key : keys) {
      admitted |= MessageDigest.isEqual(key.digest(), given);
    }
    return admitted;
  }
}
