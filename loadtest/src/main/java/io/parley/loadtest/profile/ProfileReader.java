package io.parley.loadtest.profile;

import io.parley.loadtest.faults.Fault;
import io.parley.loadtest.faults.FaultPlan;
import io.parley.loadtest.profile.Customers.Spacing;
import io.parley.loadtest.profile.Profile.Agents;
import io.parley.loadtest.profile.Profile.Flows;
import io.parley.loadtest.profile.Profile.Limits;
import io.parley.loadtest.profile.Target.Account;
import io.parley.loadtest.report.Threshold;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads what a profile says, part by part.
final class ProfileReader {

  private static final String ADDRESS = "Write url: http://127.0.0.1:8080";
  private static final Duration REST = Duration.ofMinutes(3);
  private static final Duration BEYOND_REST = Duration.ofMinutes(3);
  private static final Duration LONGEST_RUN = Duration.ofDays(2);
  private static final int CONNECTIONS = 2_048;
  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final int MOST_CUSTOMERS = 5_000_000;

  private static final String SMS_FLOW = "checkout-help";
  private static final String WHATSAPP_FLOW = "back-in-stock";
  private static final String SENDER = "+14155550199";

  private static final Thinking THINKING =
      new Thinking.Usually(Duration.ofSeconds(2), Duration.ofSeconds(8));

  /// The flows that are brought along wait 20 seconds for a reply.
  private static final Thinking LATE =
      new Thinking.Between(Duration.ofSeconds(22), Duration.ofSeconds(28));

  private static final Thinking HANDLING =
      new Thinking.Between(Duration.ofSeconds(2), Duration.ofSeconds(6));

  private static final Map<Behaviour, Integer> MIX = mix();

  private final Path folder;

  /// @param folder that paths are relative to
  ProfileReader(Path folder) {
    this.folder = folder;
  }

  private static Map<Behaviour, Integer> mix() {
    Map<Behaviour, Integer> mix = new EnumMap<>(Behaviour.class);
    mix.put(Behaviour.ANSWERS, 40);
    mix.put(Behaviour.TYPOS, 10);
    mix.put(Behaviour.SILENT, 10);
    mix.put(Behaviour.STOPS, 5);
    mix.put(Behaviour.BUYS, 5);
    mix.put(Behaviour.DOUBLE_TEXTS, 10);
    mix.put(Behaviour.LATE, 5);
    mix.put(Behaviour.WRONG_NUMBER, 3);
    mix.put(Behaviour.MEDIA, 4);
    mix.put(Behaviour.BUTTONS, 4);
    mix.put(Behaviour.WANTS_PERSON, 4);
    return mix;
  }

  /// Whatever is wrong is told to the spots; the profile is of use only where nothing is.
  Profile read(Spot root, String asWritten) {
    root.holdsOnly(
        "name",
        "target",
        "seed",
        "flows",
        "limits",
        "customers",
        "agents",
        "twilio",
        "customerio",
        "faults",
        "thresholds");
    String name = root.get("name").required("Name it, such as name: short");
    Customers customers = customers(root.get("customers"));
    Target target = target(root.get("target"));
    FaultPlan plan = FaultPlan.read(root.node(), "", text -> told(root, text));
    fitting(root, target, plan);
    return new Profile(
        name,
        target,
        root.get("seed").whole(0).orElse(1),
        flows(root.get("flows")),
        limits(root.get("limits"), customers),
        customers,
        agents(root.get("agents")),
        plan,
        thresholds(root.get("thresholds")),
        asWritten);
  }

  /// A problem that was told as `faults[0].on: what is wrong; what would be right`.
  private static void told(Spot root, String text) {
    int colon = text.indexOf(": ");
    String[] parts = text.substring(colon + 2).split("; ", 2);
    Spot spot = root.within(ProfileFile.steps(text.substring(0, colon)));
    if (parts.length == 1) {
      spot.problem("will not do", capital(parts[0]));
    } else {
      spot.problem("will not do: " + parts[0], capital(parts[1]));
    }
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /// What each part allows and all of them together do not.
  private static void fitting(Spot root, Target target, FaultPlan plan) {
    if (target instanceof Target.Embedded) {
      return;
    }
    if (plan.twilio().port() == 0) {
      root.get("twilio")
          .get("port")
          .problem("must be fixed", "Say where Parley is to find it: twilio: {port: 9101}");
    }
    if (plan.customerIo().port() == 0) {
      root.get("customerio")
          .get("port")
          .problem("must be fixed", "Say where Parley is to find it: customerio: {port: 9102}");
    }
    if (plan.faults().stream().anyMatch(Fault::needsProcesses)) {
      root.get("faults")
          .problem(
              "has faults of processes, which only a Parley has that the run itself starts",
              "Leave those on parley and postgres out, or make the target embedded");
    }
  }

  // ---- the target

  private Target target(Spot target) {
    if (target.node().asText("").equals("embedded")) {
      return embedded(target.get("embedded"));
    }
    if (!target.isObject()
        || target.get("embedded").isPresent() == target.get("running").isPresent()) {
      target.problem(
          "must say which Parley is driven",
          "Write embedded: {} to have one started, or running: {url: ...} for one that runs");
      return embedded(target.get("embedded"));
    }
    target.holdsOnly("embedded", "running");
    return target.get("running").isPresent()
        ? running(target.get("running"))
        : embedded(target.get("embedded"));
  }

  private Target embedded(Spot embedded) {
    if (embedded.isPresent()) {
      embedded.holdsOnly("jar", "jvm", "settings");
    }
    Map<String, String> settings = new LinkedHashMap<>();
    embedded
        .get("settings")
        .entries()
        .forEach(
            (name, setting) -> {
              if (!name.startsWith("PARLEY_")) {
                setting.problem("is no setting of Parley", "Its settings begin with PARLEY_");
              }
              setting.text().ifPresent(value -> settings.put(name, value));
            });
    Path jar =
        embedded
            .get("jar")
            .text()
            .map(folder::resolve)
            .orElse(Path.of("verticles/target/parley.jar"));
    return new Target.Embedded(jar, texts(embedded.get("jvm")), settings);
  }

  private Target running(Spot running) {
    running.holdsOnly(
        "url",
        "confirm_host",
        "database",
        "trigger_bearer",
        "sms_sender",
        "whatsapp_sender",
        "desk_invite",
        "policy",
        "twilio",
        "customerio");
    String sms = running.get("sms_sender").text().orElse(SENDER);
    return new Target.Running(
        url(running),
        running
            .get("database")
            .required(
                "Give its database: jdbc:postgresql://host:5432/parley?user=...&password=..."),
        running.get("trigger_bearer").required("Give what PARLEY_TRIGGER_BEARER says there"),
        sms,
        running.get("whatsapp_sender").text().orElse("whatsapp:" + sms),
        account(running.get("twilio"), "account_sid", "auth_token"),
        account(running.get("customerio"), "site_id", "api_key"),
        running.get("desk_invite").text().filter(it -> !it.isBlank()),
        running.get("policy").text().map(folder::resolve));
  }

  /// Load is sent to this machine alone, unless the profile says twice whom it is for.
  private static URI url(Spot running) {
    Spot place = running.get("url");
    String text = place.required("Say where it is: url: http://127.0.0.1:8080");
    URI nowhere = URI.create("http://127.0.0.1");
    if (text.isEmpty()) {
      return nowhere;
    }
    URI url;
    try {
      url = URI.create(text);
    } catch (IllegalArgumentException _) {
      place.problem("is no address", ADDRESS);
      return nowhere;
    }
    String host = Optional.ofNullable(url.getHost()).orElse("");
    if (host.isEmpty() || !List.of("http", "https").contains(url.getScheme())) {
      place.problem("is no address of a service", ADDRESS);
      return nowhere;
    }
    boolean confirmed =
        running.get("confirm_host").text().filter(it -> it.equals(host)).isPresent();
    if (!confirmed && !isHere(host)) {
      place.problem(
          "is on another machine, which this load would hit",
          "If it is yours and no customer's, say so beside it: confirm_host: " + host);
    }
    return url;
  }

  private static boolean isHere(String host) {
    try {
      return host.equals("localhost") || InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false;
    }
  }

  private static Account account(Spot account, String id, String secret) {
    account.holdsOnly(id, secret);
    return new Account(
        account.get(id).required("Give the one that Parley there is set to"),
        account.get(secret).required("Give the one that Parley there is set to"));
  }

  // ---- flows and limits

  private Flows flows(Spot flows) {
    if (flows.isPresent()) {
      flows.holdsOnly("folder", "sms", "whatsapp");
    }
    Optional<Path> own = flows.get("folder").text().map(folder::resolve);
    if (own.isPresent() && !Files.isDirectory(own.get())) {
      flows.get("folder").problem("is no folder: " + own.get(), "Name a folder of flow files");
    }
    return new Flows(
        own,
        flows.get("sms").text().orElse(SMS_FLOW),
        flows.get("whatsapp").text().orElse(WHATSAPP_FLOW));
  }

  private static Limits limits(Spot limits, Customers customers) {
    if (limits.isPresent()) {
      limits.holdsOnly("run", "rest", "connections");
    }
    Duration rest = limits.get("rest").duration().orElse(REST);
    Duration arrivals =
        Stream.concat(customers.warmUp().stream(), customers.arrivals().stream())
            .map(Arrivals::lasts)
            .reduce(Duration.ZERO, Duration::plus);
    Duration needed = arrivals.plus(rest);
    Duration run = limits.get("run").duration().orElse(needed.plus(BEYOND_REST));
    if (run.compareTo(needed) < 0) {
      limits
          .get("run")
          .problem(
              "is over before the customers have come and all is at rest (%d s)"
                  .formatted(needed.toSeconds()),
              "Leave it out, or make it longer");
    }
    if (run.compareTo(LONGEST_RUN) > 0) {
      limits.get("run").problem("is longer than 48h", "Split it into several runs");
    }
    return new Limits(run, rest, limits.get("connections").whole(1).orElse(CONNECTIONS));
  }

  // ---- customers

  private Customers customers(Spot customers) {
    if (!customers.isPresent()) {
      customers.problem(
          "is missing", "Say who comes: customers: {arrivals: [{rate: 5/s, for: 30s}]}");
    } else {
      customers.holdsOnly("warm_up", "arrivals", "spacing", "mix", "thinking", "late", "says");
    }
    return new Customers(
        arrivals(customers),
        customers.get("warm_up").items().stream().map(this::stretch).toList(),
        spacing(customers.get("spacing")),
        mix(customers.get("mix")),
        thinking(customers.get("thinking"), THINKING),
        thinking(customers.get("late"), LATE),
        says(customers.get("says")));
  }

  private List<Arrivals> arrivals(Spot customers) {
    Spot place = customers.get("arrivals");
    List<Arrivals> arrivals = place.items().stream().map(this::stretch).toList();
    double expected = arrivals.stream().mapToDouble(Arrivals::expected).sum();
    if (customers.isObject() && arrivals.isEmpty()) {
      place.problem("has nobody come", "Write arrivals: [{rate: 5/s, for: 30s}]");
    } else if (expected > MOST_CUSTOMERS) {
      place.problem(
          "has %.0f customers come, and there are numbers for %d"
              .formatted(expected, MOST_CUSTOMERS),
          "Lower the rates, or make several runs");
    }
    return arrivals;
  }

  private Arrivals stretch(Spot stretch) {
    if (stretch.get("rate").isPresent()) {
      stretch.holdsOnly("rate", "for");
      return new Arrivals.Steady(stretch.get("rate").rate().orElse(1), lasts(stretch));
    }
    if (stretch.get("ramp").isPresent()) {
      stretch.holdsOnly("ramp", "for");
      Spot ramp = stretch.get("ramp");
      ramp.holdsOnly("from", "to");
      ramp.get("from").required("Write ramp: {from: 1/s, to: 20/s}");
      ramp.get("to").required("Write ramp: {from: 1/s, to: 20/s}");
      return new Arrivals.Ramp(
          ramp.get("from").rate().orElse(1), ramp.get("to").rate().orElse(1), lasts(stretch));
    }
    if (stretch.get("burst").isPresent()) {
      stretch.holdsOnly("burst", "over");
      return new Arrivals.Burst(
          stretch.get("burst").whole(1).orElse(1), stretch.get("over").duration().orElse(MOMENT));
    }
    if (stretch.get("pause").isPresent()) {
      stretch.holdsOnly("pause");
      return new Arrivals.Pause(stretch.get("pause").duration().orElse(MOMENT));
    }
    if (stretch.get("replay").isPresent()) {
      stretch.holdsOnly("replay");
      return replay(stretch.get("replay"));
    }
    stretch.problem(
        "says not how customers come",
        "Write {rate: 20/s, for: 30s}, {ramp: {from: 1/s, to: 20/s}, for: 1m}, {burst: 200, over: 1s},"
            + " {pause: 10s} or {replay: arrivals.csv}");
    return new Arrivals.Pause(MOMENT);
  }

  private static Duration lasts(Spot stretch) {
    stretch.get("for").required("Say for how long: for: 30s");
    return stretch.get("for").duration().filter(it -> !it.isZero()).orElse(MOMENT);
  }

  private Arrivals replay(Spot replay) {
    Path file = folder.resolve(replay.text().orElse(""));
    try {
      return new Arrivals.Replay(
          ReplayFile.read(
              Files.readString(file),
              problem ->
                  replay.problem(problem, "The first line names the columns: at,behaviour")));
    } catch (IOException _) {
      replay.problem("cannot be read: " + file, "Name a CSV file, relative to the profile");
      return new Arrivals.Pause(MOMENT);
    }
  }

  private static Spacing spacing(Spot spacing) {
    Optional<String> text = spacing.text();
    if (text.isPresent() && !List.of("poisson", "even").contains(text.get())) {
      spacing.problem("is not known", "Write poisson or even");
    }
    return text.filter("even"::equals).isPresent() ? Spacing.EVEN : Spacing.POISSON;
  }

  private static Map<Behaviour, Integer> mix(Spot mix) {
    if (!mix.isPresent()) {
      return MIX;
    }
    Map<Behaviour, Integer> weights = new EnumMap<>(Behaviour.class);
    each(mix, (behaviour, weight) -> weights.put(behaviour, weight.whole(0).orElse(0)));
    if (mix.isObject() && weights.values().stream().allMatch(weight -> weight == 0)) {
      mix.problem("leaves nobody to come", "Give some behaviour a weight above 0");
    }
    return weights;
  }

  private static Map<Behaviour, List<String>> says(Spot says) {
    Map<Behaviour, List<String>> lines = new EnumMap<>(Behaviour.class);
    each(says, (behaviour, line) -> lines.put(behaviour, texts(line)));
    return lines;
  }

  private interface OfBehaviour {
    void read(Behaviour behaviour, Spot spot);
  }

  private static void each(Spot place, OfBehaviour reader) {
    place
        .entries()
        .forEach(
            (name, spot) ->
                Behaviour.of(name)
                    .ifPresentOrElse(
                        behaviour -> reader.read(behaviour, spot),
                        () ->
                            spot.problem(
                                "is no behaviour",
                                "Known are: "
                                    + Arrays.stream(Behaviour.values())
                                        .map(Behaviour::word)
                                        .collect(Collectors.joining(", ")))));
  }

  private static Thinking thinking(Spot place, Thinking usual) {
    if (!place.isPresent()) {
      return usual;
    }
    if (!place.isObject()) {
      return place.duration().<Thinking>map(Thinking.Always::new).orElse(usual);
    }
    place.holdsOnly("from", "to", "mean", "median", "p99");
    Optional<Duration> from = place.get("from").duration();
    Optional<Duration> to = place.get("to").duration();
    Optional<Duration> mean = place.get("mean").duration();
    Optional<Duration> median = place.get("median").duration();
    Optional<Duration> p99 = place.get("p99").duration();
    if (from.isPresent() && to.isPresent() && from.get().compareTo(to.get()) <= 0) {
      return new Thinking.Between(from.get(), to.get());
    }
    if (median.isPresent()
        && p99.isPresent()
        && !median.get().isZero()
        && median.get().compareTo(p99.get()) <= 0) {
      return new Thinking.Usually(median.get(), p99.get());
    }
    if (mean.isPresent()) {
      return new Thinking.About(mean.get());
    }
    place.problem(
        "is no way to think", "Write 2s, {from: 1s, to: 4s}, {mean: 2s} or {median: 2s, p99: 10s}");
    return usual;
  }

  // ---- agents and thresholds

  private static Optional<Agents> agents(Spot agents) {
    if (!agents.isPresent()) {
      return Optional.empty();
    }
    agents.holdsOnly("count", "thinking", "handling", "replies");
    int count = agents.get("count").whole(0).orElse(1);
    return count == 0
        ? Optional.empty()
        : Optional.of(
            new Agents(
                count,
                thinking(agents.get("thinking"), THINKING),
                thinking(agents.get("handling"), HANDLING),
                agents.get("replies").whole(1).orElse(1)));
  }

  private static Map<String, String> thresholds(Spot thresholds) {
    Map<String, String> promised = new LinkedHashMap<>();
    thresholds
        .entries()
        .forEach(
            (name, value) -> {
              String limit = value.required("Say what is asked of it, such as 25ms or 0.99");
              promised.put(name, limit);
              if (!limit.isEmpty()
                  && Threshold.read(name, limit)
                      instanceof Threshold.Reading.Wrong(String problem, String remedy)) {
                value.problem(problem, remedy);
              }
            });
    return promised;
  }

  private static List<String> texts(Spot list) {
    List<String> texts = new ArrayList<>();
    if (list.node().isTextual()) {
      return List.of(list.node().textValue());
    }
    list.items().forEach(item -> item.text().ifPresent(texts::add));
    return texts;
  }
}
