package io.parley.calls;

import java.util.Optional;
import java.util.regex.Pattern;

/// Hosts by name: `api.example.com`, or `*.example.com` for all below it. In lower case.
public record HostPattern(String text) {

  private static final Pattern FORM =
      Pattern.compile("(?:\\*\\.)?[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?|[0-9a-f:]+");

  /// Empty where the text names no host.
  public static Optional<HostPattern> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new HostPattern(text)) : Optional.empty();
  }

  public boolean matches(String host) {
    return text.startsWith("*.") ? host.endsWith(text.substring(1)) : host.equals(text);
  }
}
