package io.parley.verticles;

import io.parley.customerio.SegmentBatch;
import io.parley.customerio.SegmentRegion;
import io.parley.destinations.SignedWebhook;
import io.parley.destinations.WarehouseFiles;
import io.parley.edge.OutcomeTaker;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
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
        "csv",
        new DestinationType(
            List.of("folder", "every"), 10, Duration.ofMinutes(1), DestinationTypes::csv));
    types.put(
        "segment",
        new DestinationType(List.of("write_key", "region", "url"), 50, DestinationTypes::segment));
    types.put(
        "webhook",
        new DestinationType(List.of("url", "secret", "batch"), 10, DestinationTypes::webhook));
    return types;
  }

  private static OutcomeTaker csv(DestinationEntry entry) {
    String folder = entry.text("folder", it -> !it.isBlank(), "a folder to keep files in");
    return new WarehouseFiles(entry.name(), Path.of(folder));
  }

  /// An own address takes the place of the region's.
  private static OutcomeTaker segment(DestinationEntry entry) {
    String region =
        entry.text("region", "us", it -> it.equals("us") || it.equals("eu"), "us or eu");
    URI home = URI.create((region.equals("eu") ? SegmentRegion.EU : SegmentRegion.US).url());
    return new SegmentBatch(
        entry.name(),
        entry.place("url").isAbsent() ? home : entry.url("url"),
        entry.secret("write_key"),
        entry.clock());
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
