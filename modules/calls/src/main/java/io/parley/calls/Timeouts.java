package io.parley.calls;

import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// How long a call may take in all, from the look-up of the host's address to the answer's last
/// byte.
///
/// @param usual Studio's own is 10 s
/// @param byHost those of some hosts; the first that matches counts
public record Timeouts(Duration usual, Map<HostPattern, Duration> byHost) {

  public Timeouts {
    byHost = Collections.unmodifiableMap(new LinkedHashMap<>(byHost));
  }

  public Duration of(String host) {
    return byHost.entrySet().stream()
        .filter(it -> it.getKey().matches(host))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(usual);
  }

  /// After which a call surely has no holder.
  public Duration longest() {
    return Stream.concat(Stream.of(usual), byHost.values().stream())
        .max(Comparator.naturalOrder())
        .orElse(usual);
  }
}
