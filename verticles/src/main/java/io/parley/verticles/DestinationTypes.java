package io.parley.verticles;

import io.parley.customerio.EngageAudiences;
import io.parley.customerio.ManualSegments;
import io.parley.customerio.Region;
import io.parley.customerio.SegmentBatch;
import io.parley.customerio.SegmentRegion;
import io.parley.customerio.TrackKey;
import io.parley.destinations.SignedWebhook;
import io.parley.destinations.WarehouseFiles;
import io.parley.edge.AudienceLists;
import io.parley.edge.OutcomeTaker;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The types of destinations by name. One is a class that implements [OutcomeSink] or
/// [OutcomeFiles] and a line in [#types].
final class DestinationTypes {

  private static final int WEBHOOK_BATCH = 100;

  /// Stands where nobody has a space of Engage's.
  private static final String SPACE = "spa_parley";

  /// Lists are changed by whole batches: networks count requests, and match within hours.
  private static final Duration GATHERING = Duration.ofSeconds(5);

  static final Map<String, DestinationType> ALL = types();

  private DestinationTypes() {}

  private static Map<String, DestinationType> types() {
    Map<String, DestinationType> types = new TreeMap<>();
    types.put("csv", new DestinationType(10, Duration.ofMinutes(1), DestinationTypes::csv));
    types.put("segment", new DestinationType(50, DestinationTypes::segment));
    types.put("webhook", new DestinationType(10, DestinationTypes::webhook));
    types.put("meta_conversions", new DestinationType(10, NetworkTypes::metaConversions));
    types.put("tiktok_events", new DestinationType(10, NetworkTypes::tiktokEvents));
    types.put("google_conversions", new DestinationType(5, NetworkTypes::googleConversions));
    types.put("google_ads_conversions", new DestinationType(5, NetworkTypes::googleAdsConversions));
    types.put("meta_audience", new DestinationType(5, GATHERING, NetworkTypes::metaAudience));
    types.put("tiktok_audience", new DestinationType(5, GATHERING, NetworkTypes::tiktokAudience));
    types.put("google_audience", new DestinationType(5, GATHERING, NetworkTypes::googleAudience));
    types.put(
        "customerio_segment",
        new DestinationType(10, GATHERING, DestinationTypes::customerIoSegment));
    types.put("segment_audience", new DestinationType(50, DestinationTypes::segmentAudience));
    return types;
  }

  private static OutcomeTaker csv(DestinationEntry entry) {
    String folder = entry.text("folder", it -> !it.isBlank(), "a folder to keep files in");
    return new WarehouseFiles(entry.name(), Path.of(folder));
  }

  private static OutcomeTaker segment(DestinationEntry entry) {
    return new SegmentBatch(
        entry.name(), trackingApi(entry), entry.secret("write_key"), entry.clock());
  }

  /// An own address takes the place of the region's.
  private static URI trackingApi(DestinationEntry entry) {
    String home = (isEu(entry) ? SegmentRegion.EU : SegmentRegion.US).url();
    return entry.place("url").isAbsent() ? URI.create(home) : entry.url("url");
  }

  private static boolean isEu(DestinationEntry entry) {
    return entry
        .text("region", "us", it -> it.equals("us") || it.equals("eu"), "us or eu")
        .equals("eu");
  }

  private static OutcomeTaker segmentAudience(DestinationEntry entry) {
    entry.mayKeepBuyers();
    Set<String> audiences = new LinkedHashSet<>();
    entry.literal("audience").ifPresent(audiences::add);
    entry.place("audiences").items().forEach(item -> audiences.add(item.text()));
    if (!entry.place("audiences").isAbsent() && entry.place("audiences").items().isEmpty()) {
      entry.place("audiences").problem("must be a list of keys of audiences; leave it out for all");
    }
    return new EngageAudiences(
        new EngageAudiences.Settings(
            entry.name(),
            audiences,
            entry.choice(
                "format",
                EngageAudiences.Format.IDENTIFY,
                List.of(EngageAudiences.Format.values()),
                it -> it.name().toLowerCase(Locale.ROOT)),
            entry.text(
                "space",
                SPACE,
                it -> it.matches("[A-Za-z0-9_-]{1,64}"),
                "the id of a space: spa_...")),
        trackingApi(entry),
        entry.secret("write_key"),
        entry.clock());
  }

  private static OutcomeTaker customerIoSegment(DestinationEntry entry) {
    String siteId = entry.text("site_id", _ -> true, "the site id of the Track API");
    URI home = URI.create((isEu(entry) ? Region.EU : Region.US).trackUrl());
    return new ManualSegments(
        new AudienceLists(entry.name(), entry.lists("segment")),
        entry.place("url").isAbsent() ? home : entry.url("url"),
        new TrackKey(siteId.isEmpty() ? "none" : siteId, entry.secret("api_key")));
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
