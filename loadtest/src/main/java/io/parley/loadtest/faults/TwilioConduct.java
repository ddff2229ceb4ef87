package io.parley.loadtest.faults;

import io.parley.loadtest.twilio.CallbackHabits;
import io.parley.loadtest.twilio.Delay;
import io.parley.loadtest.twilio.DeliveryStatus;
import io.parley.loadtest.twilio.KeywordHandling;
import io.parley.loadtest.twilio.Pace;
import io.parley.loadtest.twilio.TwilioSettings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// How the stand-in Twilio behaves all the time: the profile's `twilio:`.
///
/// ```yaml
/// twilio:
///   segments_per_second: 100              # of each sender
///   queue: 10h                            # what a sender's queue may last
///   sent: 200ms                           # until a carrier takes a message
///   delivered: {median: 1500ms, p99: 8s}  # until it reports the delivery
///   concurrent_requests: 100              # more are answered with 429
///   callbacks: {late: 50ms, twice: 0.05, reversed: 0.05, sending: false}
///   errors: {30003: 0.01, 30007: 0.002, 21211: 0.001}  # shares of the messages
///   keywords: default                     # or advanced, or off
///   port: 0                               # 0 for any free one
/// ```
///
/// @param errors shares by error code: of the requests where it begins with 2, else of the messages
public record TwilioConduct(
    Pace pace,
    Duration longestQueue,
    int concurrentRequests,
    CallbackHabits callbacks,
    Map<Integer, Double> errors,
    KeywordHandling keywords,
    int port) {

  private static final Map<String, KeywordHandling> KEYWORDS =
      Map.of(
          "default", KeywordHandling.DEFAULT,
          "advanced", KeywordHandling.ADVANCED,
          "off", KeywordHandling.OFF);

  private static final int MAX_PORT = 65_535;
  private static final int MAX_CONCURRENT_REQUESTS = 100_000;

  public TwilioConduct {
    errors = Map.copyOf(new TreeMap<>(errors));
  }

  static TwilioConduct read(Entry entry) {
    TwilioSettings usual = TwilioSettings.of("", "", List.of());
    Pace pace =
        new Pace(
            entry.positive("segments_per_second", usual.pace().segmentsPerSecond()),
            delay(entry, "sent", usual.pace().untilSent()),
            delay(entry, "delivered", usual.pace().untilDelivered()));
    TwilioConduct conduct =
        new TwilioConduct(
            pace,
            entry.duration("queue", usual.longestQueue()),
            entry.whole(
                "concurrent_requests", 1, MAX_CONCURRENT_REQUESTS, usual.concurrentRequests()),
            callbacks(entry.inner("callbacks")),
            entry.sharesByCode("errors"),
            entry.oneOf("keywords", KEYWORDS, KeywordHandling.DEFAULT),
            entry.whole("port", 0, MAX_PORT, 0));
    double sum = conduct.errors.values().stream().mapToDouble(Double::doubleValue).sum();
    if (sum > 1) {
      entry.problem("errors", "the shares add up to " + sum + "; together they are at most 1");
    }
    entry.finish();
    return conduct;
  }

  /// The account with this conduct, whose draws begin with `seed`.
  public TwilioSettings onto(TwilioSettings account, long seed) {
    return account
        .withPace(pace)
        .withLongestQueue(longestQueue)
        .withConcurrentRequests(concurrentRequests)
        .withCallbacks(callbacks.seeded(seed))
        .withKeywords(keywords)
        .withPort(port);
  }

  private static Delay delay(Entry entry, String name, Delay otherwise) {
    if (!entry.isObject(name)) {
      return entry.duration(name).map(Delay::always).orElse(otherwise);
    }
    Entry parts = entry.inner(name);
    Duration median = parts.duration("median", otherwise.median());
    Duration p99 = parts.duration("p99", median);
    parts.finish();
    if (p99.compareTo(median) < 0) {
      parts.problem("p99", "is below the median; write the larger one of the two");
      return Delay.always(median);
    }
    return new Delay(median, p99);
  }

  private static CallbackHabits callbacks(Entry entry) {
    Set<DeliveryStatus> reported = EnumSet.copyOf(CallbackHabits.PROMPT.reported());
    if (entry.oneOf("sending", Map.of("true", true, "false", false), false)) {
      reported.add(DeliveryStatus.SENDING);
    }
    CallbackHabits habits =
        new CallbackHabits(
            reported,
            entry.duration("late", Duration.ZERO),
            entry.share("twice", 0),
            entry.share("reversed", 0),
            CallbackHabits.PROMPT.seed());
    entry.finish();
    return habits;
  }
}
