package io.parley.verticles;

import io.parley.destinations.SignedWebhook;
import io.parley.edge.OutcomeTaker;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The types of destinations by name. One is a class that implements [OutcomeSink] or
/// [OutcomeFiles] and a line in [#types].
final class DestinationTypes {

  static final Map<String, DestinationType> ALL = types();

  private static final int WEBHOOK_BATCH = 100;

  private DestinationTypes() {}

  private static Map<String, DestinationType> types() {
    Map<String, DestinationType> types = new TreeMap<>();
    types.put(
        "webhook",
        new DestinationType(List.of("url", "secret", "batch"), 10, DestinationTypes::webhook));
    return types;
  }

  private static OutcomeTaker webhook(DestinationEntry entry) {
    return new SignedWebhook(
        entry.name(),
        new SignedWebhook.Receiver(
            entry.url("url"),
            entry.secrets("secret"),
            entry.whole("batch", WEBHOOK_BATCH, SignedWebhook.MAX_BATCH)),
        entry.clock());
  }
}
