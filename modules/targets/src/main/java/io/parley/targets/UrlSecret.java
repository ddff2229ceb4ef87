package io.parley.targets;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A secret in the query of the URL that a target was told to call: `?secret=...`.
final class UrlSecret {

  private static final Pattern SECRET = Pattern.compile("[?&]secret=([^&#]*)");

  private UrlSecret() {}

  /// Whether a path with its query carries one of the secrets.
  static boolean isCarried(String target, List<String> secrets) {
    return given(target).map(given -> isOne(given, secrets)).orElse(false);
  }

  /// Compares as long as it takes whatever was given.
  static boolean isOne(String given, List<String> secrets) {
    boolean found = false;
    for (String secret : secrets) {
      found |=
          MessageDigest.isEqual(
              secret.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
    return found;
  }

  private static Optional<String> given(String target) {
    Matcher matcher = SECRET.matcher(target);
    try {
      return matcher.find()
          ? Optional.of(URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
