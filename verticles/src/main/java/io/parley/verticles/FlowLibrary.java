package io.parley.verticles;

import io.parley.codec.FlowFiles;
import io.parley.engine.Address;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowShelf;
import io.parley.engine.FlowSid;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReading;
import io.parley.store.Flows;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is in force of every flow, and the revisions that are ready to run: of each flow the newest
/// and the newest published one, others when they are asked for. Thread-safe: flows are immutable.
final class FlowLibrary implements FlowShelf {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Logger LOG = LoggerFactory.getLogger(FlowLibrary.class);

  private final Vertx vertx;
  private final Flows store;
  private final Map<FlowSid, Flows.Head> heads = new ConcurrentHashMap<>();
  private final Map<RevisionKey, Flow> flows = new ConcurrentHashMap<>();
  private final Set<FlowSid> deleted = ConcurrentHashMap.newKeySet();
  private Future<Void> refreshed = Future.succeededFuture();
  private volatile String seen = Flows.NOTHING_SEEN;

  FlowLibrary(Vertx vertx, Flows store) {
    this.vertx = vertx;
    this.store = store;
  }

  /// A revision by its flow and number; its name may change.
  private record RevisionKey(FlowSid flow, int revision) {}

  /// Which revision a new execution is to run.
  sealed interface Choice {

    record Found(FlowRef ref) implements Choice {}

    /// No flow has this name or sid, or it is deleted.
    record Unknown(String nameOrSid) implements Choice {}

    /// The flow has drafts only, which are for its test users.
    record Unpublished(FlowSid sid) implements Choice {}

    /// Several flows have this name.
    record Ambiguous(String name, List<FlowSid> sids) implements Choice {
      public Ambiguous {
        sids = List.copyOf(sids);
      }
    }

    default Optional<FlowRef> found() {
      return this instanceof Found(var ref) ? Optional.of(ref) : Optional.empty();
    }

    /// Why there is no such revision, and what to do; empty where there is one.
    ///
    /// @param names the names that there are
    default String obstacle(List<String> names) {
      return switch (this) {
        case Found _ -> "";
        case Unknown(var name) -> "no flow is named " + name + "; there are " + names;
        case Unpublished(var sid) -> "flow " + sid + " has drafts only; publish a revision of it";
        case Ambiguous(var name, var sids) ->
            sids.size() + " flows are named " + name + "; name one by its sid: " + sids;
      };
    }
  }

  /// The revision of a flow that a contact is to get: the newest published one, or the newest of
  /// all where the contact is among the flow's test users.
  Choice choose(String nameOrSid, Address contact) {
    Flows.Head bySid = heads.get(new FlowSid(nameOrSid));
    if (bySid != null) {
      return choice(bySid, contact);
    }
    List<Flows.Head> named =
        heads.values().stream().filter(head -> head.name().equals(nameOrSid)).toList();
    return switch (named.size()) {
      case 0 -> new Choice.Unknown(nameOrSid);
      case 1 -> choice(named.getFirst(), contact);
      default ->
          new Choice.Ambiguous(
              nameOrSid,
              named.stream()
                  .map(Flows.Head::sid)
                  .sorted(Comparator.comparing(FlowSid::value))
                  .toList());
    };
  }

  private static Choice choice(Flows.Head head, Address contact) {
    Optional<Integer> number =
        isTestUser(head, contact) ? Optional.of(head.latest()) : head.published();
    return number.isPresent()
        ? new Choice.Found(new FlowRef(head.sid(), head.name(), number.get()))
        : new Choice.Unpublished(head.sid());
  }

  /// A test user is named by an address of one channel, or by a number for all of them.
  private static boolean isTestUser(Flows.Head head, Address contact) {
    String value = contact.value();
    return head.testUsers().contains(contact)
        || head.testUsers().contains(new Address(value.substring(value.indexOf(':') + 1)));
  }

  /// What is in force of a flow; empty where there is none or it is deleted.
  Optional<Flows.Head> head(FlowSid sid) {
    return Optional.ofNullable(heads.get(sid));
  }

  /// Whether there is or was such a flow: executions of a deleted one go on.
  boolean knows(FlowSid sid) {
    return heads.containsKey(sid) || deleted.contains(sid);
  }

  /// What is in force of a flow, asked anew where none is known: another node may have made it in
  /// this moment.
  Future<Optional<Flows.Head>> known(FlowSid sid) {
    return head(sid).isPresent()
        ? Future.succeededFuture(head(sid))
        : refresh().map(_ -> head(sid));
  }

  /// The names, in order.
  List<String> names() {
    return heads.values().stream().map(Flows.Head::name).distinct().sorted().toList();
  }

  /// A revision that is ready to run; what is not may be there all the same.
  @Override
  public Optional<Flow> flow(FlowRef ref) {
    return Optional.ofNullable(flows.get(new RevisionKey(ref.sid(), ref.revision())));
  }

  /// The revision that is meant, ready to run or not.
  @Override
  public Optional<FlowRef> find(FlowSid sid, String revision) {
    return head(sid)
        .flatMap(
            head -> number(head, revision).map(number -> new FlowRef(sid, head.name(), number)));
  }

  private static Optional<Integer> number(Flows.Head head, String revision) {
    return switch (revision) {
      case "LatestRevision", "LatestDraft" -> Optional.of(head.latest());
      default ->
          revision.matches("[0-9]{1,9}")
              ? Optional.of(Integer.valueOf(revision)).filter(it -> it <= head.latest())
              : head.published();
    };
  }

  /// A revision, read from the database where it is not ready. Fails with [IllegalStateException]
  /// where there is none or it cannot be read any more, which is a bug or a lost row.
  Future<Flow> load(FlowRef ref) {
    Optional<Flow> ready = flow(ref);
    return ready.isPresent()
        ? Future.succeededFuture(ready.get())
        : store
            .revision(ref.sid(), ref.revision())
            .compose(
                stored ->
                    stored.isPresent()
                        ? read(stored.get())
                        : Future.failedFuture(
                            new IllegalStateException(
                                "flow " + ref.sid() + " has no revision " + ref.revision())));
  }

  /// Has what there is of these ready; a revision that there is not, or that cannot be read, is
  /// left out.
  Future<Void> load(Collection<FlowRef> refs) {
    List<Future<Void>> loads = new ArrayList<>();
    for (FlowRef ref : refs) {
      loads.add(
          load(ref)
              .<Void>mapEmpty()
              .recover(
                  failure ->
                      failure instanceof IllegalStateException
                          ? Future.succeededFuture()
                          : Future.failedFuture(failure)));
    }
    return Future.all(loads).mapEmpty();
  }

  private Future<Flow> read(Flows.Stored stored) {
    FlowRef ref = stored.revision().ref();
    return vertx
        .executeBlocking(() -> FlowFiles.read(stored.definition()), false)
        .compose(
            reading ->
                switch (reading) {
                  case FlowReading.Valid(var flow, var warnings) -> {
                    flows.put(new RevisionKey(ref.sid(), ref.revision()), flow);
                    if (!warnings.isEmpty()) {
                      LOG.atWarn()
                          .addKeyValue("flow", ref.name())
                          .addKeyValue("revision", ref.revision())
                          .addKeyValue("warnings", warnings.size())
                          .log(
                              "the flow runs, but perhaps not as meant: parley flow check says"
                                  + " where");
                    }
                    yield Future.succeededFuture(flow);
                  }
                  case FlowReading.Invalid(var problems) -> {
                    LOG.atError()
                        .addKeyValue("flow", ref.name())
                        .addKeyValue("revision", ref.revision())
                        .addKeyValue("problems", problems)
                        .log("a stored revision cannot be read any more");
                    yield Future.failedFuture(
                        new IllegalStateException(
                            "revision " + ref.revision() + " of " + ref.sid() + " is unreadable"));
                  }
                });
  }

  /// Runs what looks at flows, and runs it anew as long as it lacks a revision that can be had.
  ///
  /// @param use must not throw, and changes nothing
  <T> Future<T> use(Function<FlowShelf, T> use) {
    return use(use, Set.of());
  }

  private <T> Future<T> use(Function<FlowShelf, T> use, Set<FlowRef> asked) {
    FlowLook look = new FlowLook(this);
    T result = use.apply(look);
    Set<FlowRef> missed = look.missed();
    return asked.containsAll(missed)
        ? Future.succeededFuture(result)
        : load(missed).compose(_ -> use(use, missed));
  }

  /// Learns what any node has changed. One after the other, so that the newer one counts.
  synchronized Future<Void> refresh() {
    refreshed =
        refreshed.transform(_ -> learn().timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    return refreshed;
  }

  private Future<Void> learn() {
    return store
        .changed(seen)
        .compose(
            changes -> {
              Future<Void> learned = Future.succeededFuture();
              for (Flows.Head head : changes.heads()) {
                learned = learned.compose(_ -> learn(head));
              }
              return learned.onSuccess(_ -> seen = changes.seen());
            });
  }

  /// A flow is in force when its revisions are ready. One that cannot be read keeps no other back.
  private Future<Void> learn(Flows.Head head) {
    if (head.deleted()) {
      deleted.add(head.sid());
      heads.remove(head.sid());
      return Future.succeededFuture();
    }
    Set<FlowRef> inForce = new LinkedHashSet<>();
    inForce.add(new FlowRef(head.sid(), head.name(), head.latest()));
    head.published().ifPresent(number -> inForce.add(new FlowRef(head.sid(), head.name(), number)));
    return load(inForce).onSuccess(_ -> heads.put(head.sid(), head));
  }
}
