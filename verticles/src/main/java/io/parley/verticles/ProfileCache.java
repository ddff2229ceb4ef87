package io.parley.verticles;

import io.parley.customerio.AppApi.Customer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Profiles that were looked up lately, as they came. Bounded by their length all together; those
/// that were not asked for longest give way. Confined to its owner's context.
final class ProfileCache {

  /// How old a profile may be that a flow is given.
  static final Duration LIFETIME = Duration.ofMinutes(5);

  private static final long MOST_CHARACTERS = 8L * 1024 * 1024;

  private final LongSupplier nanos;
  private final long mostCharacters;
  private final Map<Customer, Kept> profiles = new LinkedHashMap<>(16, 0.75f, true);
  private long characters;

  private record Kept(String body, long at) {}

  ProfileCache() {
    this(System::nanoTime, MOST_CHARACTERS);
  }

  /// @param nanos a clock like [System#nanoTime]
  ProfileCache(LongSupplier nanos, long mostCharacters) {
    this.nanos = nanos;
    this.mostCharacters = mostCharacters;
  }

  Optional<String> find(Customer customer) {
    Optional<Kept> kept = Optional.ofNullable(profiles.get(customer));
    if (kept.filter(it -> nanos.getAsLong() - it.at() >= LIFETIME.toNanos()).isPresent()) {
      forget(customer);
      return Optional.empty();
    }
    return kept.map(Kept::body);
  }

  void keep(Customer customer, String body) {
    forget(customer);
    profiles.put(customer, new Kept(body, nanos.getAsLong()));
    characters += body.length();
    Iterator<Kept> oldest = profiles.values().iterator();
    while (characters > mostCharacters && oldest.hasNext()) {
      characters -= oldest.next().body().length();
      oldest.remove();
    }
  }

  private void forget(Customer customer) {
    Kept kept = profiles.remove(customer);
    if (kept != null) {
      characters -= kept.body().length();
    }
  }
}
