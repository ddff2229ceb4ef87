package io.parley.verticles;

import io.parley.codec.CanonicalJson;
import io.parley.engine.Conversation;
import io.parley.engine.Execution;
import io.parley.engine.FlowRef;
import io.parley.engine.Owner;
import io.parley.engine.Person;
import io.parley.engine.desk.Asking;
import io.parley.engine.desk.Clocks;
import io.parley.engine.desk.DeskRules;
import io.parley.engine.desk.HandoffContext;
import io.parley.engine.desk.Placement;
import io.parley.engine.desk.Request;
import io.parley.engine.desk.Topic;
import io.parley.engine.hours.Clues;
import io.parley.engine.hours.Whereabouts;
import io.parley.engine.hours.Window;
import io.parley.engine.policy.Policy;
import io.parley.store.HandoffKeeping;
import io.parley.store.Handoffs;
import io.parley.store.Persons;
import io.parley.store.QueueEntry.CallRequest;
import io.parley.store.QueueEntry.Rank;
import io.parley.store.QueueNews;
import io.parley.store.QueueNews.Heard;
import io.parley.store.QueueNews.Look;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes of what was told of a handoff what the queue keeps: where it waits and when it is due by
/// the desk's rules, what it is found by, and what is known of it when it comes.
final class QueueReader {

  private static final Logger LOG = LoggerFactory.getLogger(QueueReader.class);

  private final HandoffKeeping keeping;
  private final Handoffs handoffs;
  private final Persons persons;
  private final Supplier<DeskRules> rules;
  private final Supplier<Policy> policy;
  private final Function<QueueNews, String> links;

  /// @param links where a conversation is found at the desk
  QueueReader(
      HandoffKeeping keeping,
      Handoffs handoffs,
      Persons persons,
      Supplier<DeskRules> rules,
      Supplier<Policy> policy,
      Function<QueueNews, String> links) {
    this.keeping = keeping;
    this.handoffs = handoffs;
    this.persons = persons;
    this.rules = rules;
    this.policy = policy;
    this.links = links;
  }

  /// What was read.
  ///
  /// @param asked what the contact has asked since it was looked at last, while waiting
  /// @param breached promises that are newly known not to have been kept
  record Read(Look look, List<Asked> asked, List<Clocks.Kind> breached) {}

  /// @param turn in which it was asked
  record Asked(int turn, Asking what) {}

  Future<Read> read(QueueNews news, Instant now) {
    return keeping
        .heard(news.id().conversation(), news.readTurn())
        .compose(
            heard ->
                news.admitted()
                    ? Future.succeededFuture(read(news, heard, news.rank(), now))
                    : handoffs
                        .find(news.id())
                        .compose(
                            found ->
                                found.isEmpty()
                                    ? Future.succeededFuture(read(news, heard, news.rank(), now))
                                    : admitted(news, found.get(), heard, now)));
  }

  private Future<Read> admitted(
      QueueNews news, Handoffs.Whole whole, List<Heard> heard, Instant now) {
    Conversation frozen = whole.frozen();
    return persons
        .ask(
            new Persons.Question(
                frozen.contact(),
                frozen.person().externalId(),
                policy.get().consent().person(),
                Optional.of(frozen.thread())))
        .map(
            known -> {
              Handoffs.Handoff handoff = whole.handoff();
              Request request =
                  Request.of(
                      handoff.request(),
                      new Request.Origin(
                          flow(frozen, handoff),
                          handoff.widget(),
                          frozen.thread().theirs().channel().word()),
                      frozen);
              Placement placement = rules.get().place(request);
              placement
                  .unknown()
                  .ifPresent(
                      topic ->
                          LOG.atWarn()
                              .addKeyValue("handoff", news.id())
                              .addKeyValue("topic", topic)
                              .addKeyValue("topics", rules.get().topics().keySet())
                              .log("there is no such topic; the conversation waits in another"));
              Topic topic = placement.topic();
              Read read =
                  read(
                      news,
                      heard,
                      new Rank(
                          topic.name(),
                          topic.target(),
                          List.copyOf(placement.skills()),
                          placement.priority(),
                          topic.weight()),
                      now);
              HandoffContext context =
                  HandoffContext.of(
                      frozen, facts(news, request, placement, frozen, known, handoff.openedAt()));
              Look look = read.look();
              return new Read(
                  new Look(
                      look.rank(),
                      look.clocks(),
                      look.escalated(),
                      Optional.of(CanonicalJson.print(context.whole().entries())),
                      name(frozen.person()),
                      words(frozen),
                      look.heard(),
                      look.call()),
                  read.asked(),
                  read.breached());
            });
  }

  private static String flow(Conversation frozen, Handoffs.Handoff handoff) {
    return frozen.execution().map(Execution::root).map(FlowRef::name).orElse(handoff.flow());
  }

  private HandoffContext.Facts facts(
      QueueNews news,
      Request request,
      Placement placement,
      Conversation frozen,
      Persons.Known known,
      Instant at) {
    Clues clues = Clues.of(frozen.person().attributes(), frozen.contact());
    Window window = policy.get().hours().window(clues, at);
    Whereabouts whereabouts = policy.get().hours().locate(clues);
    return new HandoffContext.Facts(
        at,
        request.reason(),
        placement,
        known.facts().consents(),
        window instanceof Window.Shut shut ? Optional.of(shut.until()) : Optional.empty(),
        whereabouts.spots().size() == 1
            ? Optional.of(
                OffsetDateTime.ofInstant(
                        at.truncatedTo(ChronoUnit.MINUTES), whereabouts.spots().getFirst().zone())
                    .toString())
            : Optional.empty(),
        policy.get().friction(),
        links.apply(news));
  }

  /// As the person's attributes say it.
  static Optional<String> name(Person person) {
    Optional<String> whole = person.attributes().text("name").filter(it -> !it.isBlank());
    String parts =
        Stream.of("first_name", "last_name")
            .flatMap(it -> person.attributes().text(it).stream())
            .map(String::strip)
            .filter(it -> !it.isEmpty())
            .reduce((one, other) -> one + " " + other)
            .orElse("");
    return whole.or(() -> Optional.of(parts).filter(it -> !it.isEmpty()));
  }

  private static List<String> words(Conversation frozen) {
    List<String> words = new ArrayList<>();
    name(frozen.person()).ifPresent(words::add);
    frozen.person().externalId().ifPresent(words::add);
    frozen.person().attributes().text("email").ifPresent(words::add);
    return words;
  }

  private Read read(QueueNews news, List<Heard> heard, Rank rank, Instant now) {
    Topic topic = rules.get().topic(rank.topic());
    Clocks clocks =
        Clocks.of(
            topic.promise(),
            topic.calendar().flatMap(policy.get().calendars()::get),
            news.course());
    List<Clocks.Kind> breached =
        news.closed()
            ? List.of()
            : clocks.breached(now).stream()
                .filter(it -> !news.escalated().contains(mark(it, clocks)))
                .toList();
    List<String> escalated = new ArrayList<>(news.escalated());
    breached.forEach(it -> escalated.add(mark(it, clocks)));
    List<Asked> asked =
        news.owner() == Owner.QUEUED && !news.closed()
            ? heard.stream()
                .filter(it -> it.byContact() && it.turn() > news.id().turn())
                .map(it -> new Asked(it.turn(), Asking.of(it.text())))
                .filter(it -> it.what() != Asking.NOTHING)
                .toList()
            : List.of();
    Optional<CallRequest> call =
        asked.stream()
            .filter(it -> it.what() == Asking.CALL)
            .flatMap(it -> heard.stream().filter(said -> said.turn() == it.turn()))
            .filter(Heard::byContact)
            .map(it -> new CallRequest(now, it.text()))
            .findFirst();
    Rank raised =
        breached.isEmpty()
            ? rank
            : new Rank(
                rank.topic(),
                rank.target(),
                rank.skills(),
                rank.priority() + breached.size() * topic.promise().escalate(),
                rank.weight());
    return new Read(
        new Look(
            raised, clocks, escalated, Optional.empty(), Optional.empty(), List.of(), heard, call),
        asked,
        breached);
  }

  /// A promise is broken once: of the next answers each has a time of its own.
  private static String mark(Clocks.Kind kind, Clocks clocks) {
    return switch (kind) {
      case FIRST, RESOLUTION -> kind.word();
      case NEXT -> kind.word() + clocks.nextDue().map(it -> ":" + it).orElse("");
    };
  }
}
