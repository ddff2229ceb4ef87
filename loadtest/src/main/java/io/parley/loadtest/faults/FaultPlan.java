package io.parley.loadtest.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.parley.loadtest.customerio.TrackFault;
import io.parley.loadtest.twilio.Fate;
import io.parley.loadtest.twilio.SendFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/// How the stand-ins behave during a run and what goes wrong when: the sections `twilio:`,
/// `customerio:` and `faults:` of a profile.
///
/// ```yaml
/// faults:
///   - {on: twilio, what: cut_after, rate: 0.01}                # all the time
///   - {at: 20s, for: 5s, on: twilio, what: error, status: 503, rate: 0.1}
///   - {at: 30s, for: 2s, on: parley, what: kill}               # is away for 2 s
///   - {at: 40s, for: 5s, on: postgres, what: slow, by: 20ms}
/// ```
///
/// | on | what | settings |
/// |---|---|---|
/// | twilio | `error`, `error_after` (though accepted) | `status` |
/// | | `cut`, `cut_after` (though accepted): the connection breaks | |
/// | | `slow`: the answer comes late | `by` |
/// | | `too_many`: 429 with 20429 | |
/// | | `refuse`: the request, with an error | `code` |
/// | | `undelivered`: the message ends so, with an error | `code` |
/// | | `unreported`: the message stays `sent` | |
/// | | `callbacks_twice`, `callbacks_reversed` | |
/// | | `callbacks_late` | `by` |
/// | | `down`: connections are refused | |
/// | customerio | `error`, `error_after`, `cut`, `cut_after`, `slow`, `too_many`, `down` | as above
/// |
/// | | `refuse`: items, which a batch tells with 207 | |
/// | | `triggers_twice`: the Journey's webhook, though answered | |
/// | parley | `kill` (kill -9), `stop` (SIGTERM): away as long as `for` | |
/// | postgres | `kill` (immediate), `restart` (fast), `cut` (connections): as long as `for` | |
/// | | `slow` | `by` |
///
/// Each has `at` (0 where it is missing), `for` (to the end where it is missing; at once again for
/// processes) and, where it concerns requests or messages, `rate`, a share drawn by the seed.
///
/// @param faults by the time at which they begin
public record FaultPlan(TwilioConduct twilio, CustomerIoConduct customerIo, List<Fault> faults) {

  /// Nothing goes wrong.
  public static final FaultPlan NONE = read(MissingNode.getInstance(), "", _ -> {});

  private static final int HTTP_ERROR = 503;
  private static final int FIRST_HTTP_ERROR = 400;
  private static final int LAST_HTTP_ERROR = 599;
  private static final int FIRST_CODE = 10_000;
  private static final int LAST_CODE = 99_999;
  private static final int UNREACHABLE = 30_003;
  private static final int NO_PERMISSION = 21_408;
  private static final Duration LATE = Duration.ofSeconds(3);
  private static final Duration A_LITTLE = Duration.ofMillis(20);

  private static final Map<String, Function<Entry, Blow>> ON_TWILIO =
      Map.ofEntries(
          Map.entry("error", it -> send(new SendFault.ErrorBeforeAccepting(status(it)))),
          Map.entry("error_after", it -> send(new SendFault.ErrorAfterAccepting(status(it)))),
          Map.entry("cut", _ -> send(new SendFault.CutBeforeAccepting())),
          Map.entry("cut_after", _ -> send(new SendFault.CutAfterAccepting())),
          Map.entry("slow", it -> send(new SendFault.SlowAnswer(it.duration("by", LATE)))),
          Map.entry("too_many", _ -> send(new SendFault.TooManyRequests())),
          Map.entry("refuse", it -> send(new SendFault.ErrorCode(code(it, NO_PERMISSION)))),
          Map.entry("undelivered", it -> new Blow.OnMessage(Fate.of(code(it, UNREACHABLE)))),
          Map.entry("unreported", _ -> new Blow.OnMessage(new Fate.NeverReported())),
          Map.entry("callbacks_twice", _ -> new Blow.CallbacksTwice()),
          Map.entry("callbacks_reversed", _ -> new Blow.CallbacksReversed()),
          Map.entry("callbacks_late", it -> new Blow.CallbacksLate(it.duration("by", LATE))),
          Map.entry("down", _ -> new Blow.TwilioDown()));

  private static final Map<String, Function<Entry, Blow>> ON_CUSTOMERIO =
      Map.of(
          "error", it -> track(new TrackFault.ErrorBeforeApplying(status(it))),
          "error_after", it -> track(new TrackFault.ErrorAfterApplying(status(it))),
          "cut", _ -> track(new TrackFault.CutBeforeApplying()),
          "cut_after", _ -> track(new TrackFault.CutAfterApplying()),
          "slow", it -> track(new TrackFault.SlowAnswer(it.duration("by", LATE))),
          "too_many", _ -> track(new TrackFault.ErrorBeforeApplying(429)),
          "refuse", _ -> new Blow.ItemsRefused(),
          "triggers_twice", _ -> new Blow.TriggersTwice(),
          "down", _ -> new Blow.CustomerIoDown());

  private static final Map<String, Map<String, Function<Entry, Blow>>> WORDS =
      Map.of(
          "twilio",
          ON_TWILIO,
          "customerio",
          ON_CUSTOMERIO,
          "parley",
          Map.of("kill", _ -> new Blow.ParleyKilled(), "stop", _ -> new Blow.ParleyStopped()),
          "postgres",
          Map.of(
              "cut", _ -> new Blow.PostgresCut(),
              "restart", _ -> new Blow.PostgresRestarted(),
              "kill", _ -> new Blow.PostgresKilled(),
              "slow", it -> new Blow.PostgresSlow(it.duration("by", A_LITTLE))));

  public FaultPlan {
    faults = faults.stream().sorted(Comparator.comparing(Fault::at)).toList();
  }

  /// Reads the three sections of a profile; its other sections are none of this.
  ///
  /// @param profile the whole profile; a missing section is one without anything in it
  /// @param place what problems begin with, such as `short.yaml`
  /// @param problems hears of everything that is wrong: place, problem and remedy
  public static FaultPlan read(JsonNode profile, String place, Consumer<String> problems) {
    String before = place.isEmpty() ? "" : place + ": ";
    TwilioConduct twilio =
        TwilioConduct.read(Entry.of(profile.path("twilio"), before + "twilio", problems));
    CustomerIoConduct customerIo =
        CustomerIoConduct.read(
            Entry.of(profile.path("customerio"), before + "customerio", problems));
    List<Fault> faults = new ArrayList<>();
    JsonNode list = profile.path("faults");
    if (!list.isArray() && !list.isMissingNode() && !list.isNull()) {
      problems.accept(before + "faults: a list is expected; begin each fault with a dash");
    }
    for (int i = 0; list.isArray() && i < list.size(); i++) {
      String where = before + "faults[" + i + "]";
      fault(Entry.of(list.path(i), where, problems)).ifPresent(faults::add);
    }
    return new FaultPlan(twilio, customerIo, faults);
  }

  private static Optional<Fault> fault(Entry entry) {
    Duration at = entry.duration("at", Duration.ZERO);
    Optional<Duration> lasts = entry.duration("for");
    Optional<String> on = entry.text("on");
    Optional<String> what = entry.text("what");
    if (on.isEmpty() || !WORDS.containsKey(on.get())) {
      entry.problem("on", "name what it strikes: one of " + new TreeSet<>(WORDS.keySet()));
      return Optional.empty();
    }
    Map<String, Function<Entry, Blow>> words = WORDS.getOrDefault(on.get(), Map.of());
    Optional<Function<Entry, Blow>> word = what.map(words::get);
    if (word.isEmpty()) {
      entry.problem(
          "what",
          "name what goes wrong with %s: one of %s"
              .formatted(on.get(), new TreeSet<>(words.keySet())));
      return Optional.empty();
    }
    Blow blow = word.get().apply(entry);
    double rate = rate(entry, blow);
    entry.finish();
    return Optional.of(new Fault(on.get(), what.orElseThrow(), at, lasts, rate, blow));
  }

  private static double rate(Entry entry, Blow blow) {
    boolean shared =
        switch (blow) {
          case Blow.OnSend _,
              Blow.OnMessage _,
              Blow.CallbacksTwice _,
              Blow.CallbacksReversed _,
              Blow.OnTrack _,
              Blow.ItemsRefused _,
              Blow.TriggersTwice _ ->
              true;
          case Blow.CallbacksLate _, Blow.TwilioDown _, Blow.CustomerIoDown _, Blow.OnProcess _ ->
              false;
        };
    if (!shared && entry.has("rate")) {
      entry.problem("rate", "this fault strikes all there is; leave the rate out");
    }
    return shared ? entry.share("rate", 1) : 1;
  }

  private static Blow send(SendFault fault) {
    return new Blow.OnSend(fault);
  }

  private static Blow track(TrackFault fault) {
    return new Blow.OnTrack(fault);
  }

  private static int status(Entry entry) {
    return entry.whole("status", FIRST_HTTP_ERROR, LAST_HTTP_ERROR, HTTP_ERROR);
  }

  private static int code(Entry entry, int otherwise) {
    return entry.whole("code", FIRST_CODE, LAST_CODE, otherwise);
  }
}
