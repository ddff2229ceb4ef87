package io.parley.loadtest.drive;

import io.parley.loadtest.oracle.Ledgers;
import io.parley.loadtest.oracle.Ledgers.Acknowledged;
import io.parley.loadtest.oracle.Ledgers.OptOut;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What Parley was told and has acknowledged. Safe for any thread.
final class Told {

  private final Set<Acknowledged> acknowledged = ConcurrentHashMap.newKeySet();
  private final Map<String, Instant> stops = new ConcurrentHashMap<>();

  void acknowledged(String source, String sourceId) {
    acknowledged.add(new Acknowledged(source, sourceId, ""));
  }

  void stopped(String address) {
    stops.putIfAbsent(address, Instant.now());
  }

  Ledgers.Told ledger() {
    return new Ledgers.Told(
        acknowledged,
        stops.entrySet().stream()
            .map(stop -> new OptOut(stop.getKey(), stop.getValue(), Optional.empty()))
            .toList());
  }
}
