package io.parley.verticles;

import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.ThreadId;
import io.parley.store.DeskNotes;
import io.parley.store.DeskNotes.Note;
import io.parley.store.DeskThread;
import io.parley.store.DeskThread.Page;
import io.parley.store.HandoffQueue;
import io.parley.store.Journal;
import io.parley.store.Presence;
import io.parley.store.QueueEntry;
import io.parley.store.Role;
import io.parley.verticles.DeskStream.Place;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What those at the desk are told as it happens: `GET /desk/api/events?conversation=ID`.
///
/// The journal is the log. A stream knows the turn up to which it has told its conversation, reads
/// on from there when a turn is announced and at least every two seconds (so that turns of other
/// nodes arrive, too), and says with what it tells where it stands. A browser that comes again with
/// that as `Last-Event-ID` is told all that came since, whichever node it comes to.
///
/// Confined to the context of the server.
final class DeskEvents implements Consumer<Router>, WebVerticle.Lasting {

  private static final Duration PING = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration LOOK_ELSEWHERE = Duration.ofSeconds(2);

  /// A commit may take so long from when its rows are stamped until others see them.
  private static final Duration UNDER_WAY = Duration.ofSeconds(3);

  private static final int TURNS_AT_ONCE = 100;
  private static final int NOTES_AT_ONCE = 100;
  private static final int ROWS_AT_ONCE = 500;

  /// Counts are asked for so much more seldom than they take.
  private static final int SPARING = 10;

  private static final Pattern PLACE =
      Pattern.compile(
          "(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}):(\\d{1,9})(?::(\\d{1,18}))?");

  private static final Logger LOG = LoggerFactory.getLogger(DeskEvents.class);

  private final Vertx vertx;
  private final DeskSessions sessions;
  private final Reading reading;
  private final DeskNames names;
  private final DeskViewers viewers;
  private final DeskAudit audit;
  private final InstantSource clock;

  private final Set<DeskStream> streams = new LinkedHashSet<>();
  private final Map<ConversationId, String> seen = new HashMap<>();
  private final Map<String, OffsetDateTime> told = new HashMap<>();
  private Optional<MessageConsumer<Turned>> turns = Optional.empty();
  private Optional<OffsetDateTime> since = Optional.empty();

  /// Whether there was more to read than was read at once: the next reading goes on from there.
  private boolean cut;

  private boolean looking;
  private boolean lookAgain;
  private boolean counting;
  private boolean countsChanged;
  private Instant countAt = Instant.EPOCH;
  private boolean ending;

  /// A turn that was committed at this node.
  ///
  /// @param handed whether somebody else than a flow speaks in its conversation
  record Turned(ConversationId conversation, int turn, boolean handed) {}

  /// Where it is read what is told.
  record Reading(
      Journal journal,
      DeskThread thread,
      DeskNotes notes,
      HandoffQueue queue,
      Presence presence,
      Gates gates) {}

  /// The gates of a conversation as the composer shows them.
  interface Gates {
    Future<JsonObject> of(ThreadId thread);
  }

  DeskEvents(
      Vertx vertx,
      DeskSessions sessions,
      Reading reading,
      DeskNames names,
      DeskViewers viewers,
      DeskAudit audit,
      InstantSource clock) {
    this.vertx = vertx;
    this.sessions = sessions;
    this.reading = reading;
    this.names = names;
    this.viewers = viewers;
    this.audit = audit;
    this.clock = clock;
  }

  @Override
  public void accept(Router router) {
    router.get("/desk/api/events").handler(sessions.atLeast(Role.AGENT)).handler(this::open);
    vertx.setPeriodic(PING.toMillis(), _ -> ping());
    vertx.setPeriodic(LOOK.toMillis(), _ -> look());
    vertx.setPeriodic(LOOK_ELSEWHERE.toMillis(), _ -> lookElsewhere());
  }

  @Override
  public void end() {
    ending = true;
    List.copyOf(streams).forEach(DeskStream::end);
  }

  // ---- streams come and go

  private void open(RoutingContext context) {
    if (ending) {
      DeskAnswer.refuse(context, 503, "stopping", "the service is stopping; come again");
      return;
    }
    String asked = context.request().getParam("conversation", "");
    if (asked.isEmpty()) {
      begin(context, Optional.empty());
      return;
    }
    Optional<ConversationId> id = DeskThreadRoutes.conversation(asked);
    if (id.isEmpty()) {
      unknown(context);
      return;
    }
    reading
        .journal()
        .thread(id.get())
        .onFailure(failure -> DeskAnswer.unavailable(context, failure))
        .onSuccess(
            thread -> {
              if (thread.isEmpty()) {
                unknown(context);
              } else {
                open(context, id.get(), thread.get());
              }
            });
  }

  private static void unknown(RoutingContext context) {
    DeskAnswer.refuse(context, 404, "unknown", "there is no such conversation");
  }

  private void open(RoutingContext context, ConversationId id, ThreadId thread) {
    DeskUser user = DeskUser.of(context);
    reading
        .queue()
        .find(id)
        .compose(
            entry ->
                entry.filter(it -> !DeskCase.isFor(user, it)).isPresent()
                    ? Future.succeededFuture(Optional.<Place>empty())
                    : place(context, id, thread)
                        .compose(
                            place ->
                                audit
                                    .record(
                                        user,
                                        "watch",
                                        Optional.of(id),
                                        new JsonObject().put("turn", place.turn))
                                    .map(Optional.of(place))))
        .onFailure(failure -> DeskAnswer.unavailable(context, failure))
        .onSuccess(
            place -> {
              if (place.isEmpty()) {
                DeskAnswer.refuse(
                    context,
                    403,
                    "other_topic",
                    "this conversation is of a topic that is not yours");
              } else {
                begin(context, place);
              }
            });
  }

  /// Where the browser says that it stands; else at the end.
  private Future<Place> place(RoutingContext context, ConversationId id, ThreadId thread) {
    String last =
        Optional.ofNullable(context.request().getHeader("Last-Event-ID"))
            .orElse(context.request().getParam("last_event_id", ""));
    Matcher said = PLACE.matcher(last);
    if (said.matches() && said.group(1).equalsIgnoreCase(id.toString())) {
      int turn = Integer.parseInt(said.group(2));
      return said.group(3) == null
          ? reading.notes().last(id, turn).map(note -> new Place(id, thread, turn, note))
          : Future.succeededFuture(new Place(id, thread, turn, Long.parseLong(said.group(3))));
    }
    Future<Integer> turn = reading.thread().last(id);
    Future<Long> note = reading.notes().last(id, Integer.MAX_VALUE);
    return Future.all(turn, note).map(_ -> new Place(id, thread, turn.result(), note.result()));
  }

  private void begin(RoutingContext context, Optional<Place> place) {
    if (ending || context.response().closed()) {
      context.response().reset();
      return;
    }
    DeskUser user = DeskUser.of(context);
    names.learn(user);
    DeskStream stream = new DeskStream(user, place, context.request());
    Runnable forget = sessions.whenOver(context, stream::end);
    context.response().exceptionHandler(_ -> gone(stream, forget));
    context.response().closeHandler(_ -> gone(stream, forget));
    context.response().endHandler(_ -> gone(stream, forget));
    streams.add(stream);
    listen();
    stream.begin();
    place.ifPresent(
        it -> {
          viewers.opened(it.conversation, user);
          showViewers(it.conversation);
          stream.send("presence", presence(it.conversation));
          advance(stream);
        });
    offers(stream);
  }

  private void gone(DeskStream stream, Runnable forget) {
    stream.gone();
    if (!streams.remove(stream)) {
      return;
    }
    forget.run();
    stream.place.ifPresent(
        it -> {
          viewers.closed(it.conversation, stream.user);
          showViewers(it.conversation);
        });
    if (streams.isEmpty()) {
      turns.ifPresent(MessageConsumer::unregister);
      turns = Optional.empty();
      since = Optional.empty();
      cut = false;
      told.clear();
    }
  }

  private void listen() {
    if (turns.isEmpty()) {
      turns =
          Optional.of(
              vertx
                  .eventBus()
                  .<Turned>localConsumer(Bus.TURNED)
                  .handler(message -> turned(message.body())));
      look();
    }
  }

  /// While somebody may look at the page although nothing happens.
  private void ping() {
    String now = clock.instant().toString();
    List<String> there = streams.stream().map(it -> it.user.id()).distinct().toList();
    if (!there.isEmpty()) {
      reading
          .presence()
          .seen(there, clock.instant())
          .onFailure(
              failure ->
                  LOG.atWarn()
                      .addKeyValue("why", String.valueOf(failure.getMessage()))
                      .log("that agents are there could not be noted"));
    }
    List.copyOf(streams)
        .forEach(
            stream -> {
              stream.send("ping", new JsonObject().put("at", now));
              stream.place.ifPresent(it -> gates(stream, it));
            });
  }

  // ---- a conversation

  private void turned(Turned turned) {
    of(turned.conversation()).forEach(this::advance);
    if (turned.handed()) {
      look();
    }
  }

  /// Something was noted beside a conversation.
  void noted(ConversationId conversation) {
    of(conversation).forEach(this::advance);
  }

  private List<DeskStream> of(ConversationId conversation) {
    return streams.stream()
        .filter(
            stream -> stream.place.filter(it -> it.conversation.equals(conversation)).isPresent())
        .toList();
  }

  /// Tells what came since; one reading at a time, so that nothing is told twice.
  private void advance(DeskStream stream) {
    if (stream.isOver()) {
      return;
    }
    if (stream.reading) {
      stream.again = true;
      return;
    }
    stream.reading = true;
    Place place = stream.place.orElseThrow();
    Future<Page> page = reading.thread().after(place.conversation, place.turn, TURNS_AT_ONCE);
    page.compose(it -> changed(place, it))
        .compose(
            changed ->
                notes(place)
                    .compose(notes -> names.ready().map(notes))
                    .map(
                        notes -> {
                          tell(stream, place, page.result(), changed, notes);
                          return notes;
                        }))
        .onComplete(
            done -> {
              stream.reading = false;
              if (done.failed()) {
                LOG.atWarn()
                    .addKeyValue("conversation", place.conversation)
                    .addKeyValue("why", String.valueOf(done.cause().getMessage()))
                    .log("a conversation could not be read for the desk; it is tried again");
                return;
              }
              boolean more =
                  page.result().more() || done.result().size() == NOTES_AT_ONCE || stream.again;
              stream.again = false;
              if (more) {
                advance(stream);
              }
            });
  }

  private Future<List<Note>> notes(Place place) {
    return reading.notes().after(place.conversation, place.note, NOTES_AT_ONCE);
  }

  /// The earlier turns whose messages these turns tell of.
  private Future<Page> changed(Place place, Page page) {
    List<Integer> earlier = new ArrayList<>();
    DeskItems.earlierSends(place.turn, page).keySet().forEach(send -> earlier.add(send.turn()));
    return earlier.isEmpty()
        ? Future.succeededFuture(new Page(List.of(), List.of(), Map.of(), place.turn, false))
        : reading.thread().of(place.conversation, earlier.stream().distinct().toList());
  }

  /// By the turn that caused it. Only the last of a turn says that the turn has been told: whoever
  /// is cut off in between hears of all of it once more.
  private void tell(DeskStream stream, Place place, Page page, Page changedPage, List<Note> notes) {
    Map<Integer, List<DeskItem>> byTurn = new TreeMap<>();
    Map<EffectId, Integer> earlier = DeskItems.earlierSends(place.turn, page);
    DeskItems.ofSends(DeskItems.of(place.thread, changedPage), earlier.keySet())
        .forEach(
            item ->
                byTurn
                    .computeIfAbsent(earlier.get(item.send().orElseThrow()), _ -> new ArrayList<>())
                    .add(item));
    DeskItems.of(place.thread, page)
        .forEach(item -> byTurn.computeIfAbsent(item.turn(), _ -> new ArrayList<>()).add(item));
    byTurn.forEach(
        (turn, items) -> {
          for (int i = 0; i < items.size(); i++) {
            JsonObject json = items.get(i).json(names::of);
            if (i < items.size() - 1) {
              stream.send("item", json);
            } else {
              stream.send("item", json, place.id(turn));
            }
          }
        });
    boolean moved = page.last() > place.turn;
    place.turn = Math.max(place.turn, page.last());
    for (Note note : notes) {
      place.note = note.number();
      stream.send("item", DeskItems.of(note).json(names::of), place.id(place.turn));
    }
    if (moved) {
      gates(stream, place);
    }
  }

  private void gates(DeskStream stream, Place place) {
    reading
        .gates()
        .of(place.thread)
        .onSuccess(stream::gates)
        .onFailure(
            failure ->
                LOG.atWarn()
                    .addKeyValue("why", String.valueOf(failure.getMessage()))
                    .log("the gates of a conversation could not be read for the desk"));
  }

  /// Turns and notes of other nodes.
  private void lookElsewhere() {
    List<ConversationId> watched =
        streams.stream()
            .flatMap(stream -> stream.place.stream())
            .map(place -> place.conversation)
            .distinct()
            .toList();
    if (watched.isEmpty()) {
      return;
    }
    Future<Map<ConversationId, Integer>> turn = reading.thread().last(watched);
    Future<Map<ConversationId, Long>> note = reading.notes().last(watched);
    Future.all(turn, note)
        .onSuccess(
            _ ->
                List.copyOf(streams)
                    .forEach(
                        stream ->
                            stream.place.ifPresent(
                                place -> {
                                  if (turn.result().getOrDefault(place.conversation, 0) > place.turn
                                      || note.result().getOrDefault(place.conversation, 0L)
                                          > place.note) {
                                    advance(stream);
                                  }
                                })));
  }

  // ---- who looks and types

  private JsonObject presence(ConversationId conversation) {
    return new JsonObject()
        .put("conversation", conversation.toString())
        .put("viewers", DeskViewers.json(viewers.of(conversation, clock.instant())));
  }

  /// Tells those who look at a conversation who else does, where that has changed.
  void showViewers(ConversationId conversation) {
    JsonObject presence = presence(conversation);
    String text = presence.encode();
    if (text.equals(seen.put(conversation, text))) {
      return;
    }
    of(conversation).forEach(stream -> stream.send("presence", presence));
    if (presence.getJsonArray("viewers").isEmpty()) {
      seen.remove(conversation);
    }
  }

  // ---- the list

  /// What changed in the list, on whichever node.
  void look() {
    if (streams.isEmpty()) {
      return;
    }
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = true;
    Set<ConversationId> watched = viewers.expire(clock.instant());
    new LinkedHashSet<>(seen.keySet()).forEach(this::showViewers);
    watched.forEach(this::showViewers);
    reading
        .queue()
        .changed(cut ? since : since.map(it -> it.minus(UNDER_WAY)), ROWS_AT_ONCE)
        .compose(changes -> names.ready().map(changes))
        .onComplete(
            done -> {
              looking = false;
              if (done.failed()) {
                LOG.atWarn()
                    .addKeyValue("why", String.valueOf(done.cause().getMessage()))
                    .log("what changed at the desk could not be read; it is tried again");
              } else {
                changed(done.result());
              }
              count();
              if (lookAgain) {
                lookAgain = false;
                look();
              }
            });
  }

  private void changed(HandoffQueue.Changes changes) {
    boolean first = since.isEmpty();
    cut = changes.rows().size() == ROWS_AT_ONCE;
    lookAgain |= cut;
    since = Optional.of(changes.until());
    OffsetDateTime forgotten = changes.until().minus(UNDER_WAY.multipliedBy(2));
    told.values().removeIf(forgotten::isAfter);
    for (int i = 0; i < changes.rows().size(); i++) {
      QueueEntry entry = changes.rows().get(i);
      OffsetDateTime version = changes.versions().get(i);
      String key = entry.handoff().map(Object::toString).orElse("");
      if (!version.equals(told.put(key, version))) {
        countsChanged = true;
        show(entry);
      }
    }
    countsChanged |= first;
  }

  private void show(QueueEntry entry) {
    String row = DeskRows.row(entry, names).encode();
    for (DeskStream stream : List.copyOf(streams)) {
      if (DeskCase.isFor(stream.user, entry)) {
        stream.row(entry.conversation(), row);
      } else {
        leave(stream, entry);
      }
      offer(stream, entry);
    }
  }

  /// It went to a topic that is not theirs, or out of their hands: a stream that comes after that
  /// hears so, too, where the row changes again. Of what was never theirs to see they are told
  /// nothing, not even that it is there.
  private static void leave(DeskStream stream, QueueEntry entry) {
    if (DeskCase.hasLeft(stream.user, entry)) {
      stream.left(entry.conversation());
    }
    if (stream.place.filter(it -> it.conversation.equals(entry.conversation())).isPresent()) {
      stream.end();
    }
  }

  private void offer(DeskStream stream, QueueEntry entry) {
    entry
        .hold()
        .offer()
        .filter(it -> it.agent().equals(stream.user.id()))
        .filter(it -> it.expiresAt().isAfter(clock.instant()))
        .ifPresent(
            it -> {
              String handoff = entry.handoff().map(Object::toString).orElse("");
              stream.offer(
                  handoff + it.expiresAt(),
                  new JsonObject()
                      .put("handoff", handoff)
                      .put("row", DeskRows.row(entry, names))
                      .put("expires_at", it.expiresAt().toString()));
            });
  }

  /// What was offered before the stream came.
  private void offers(DeskStream stream) {
    reading
        .queue()
        .offeredTo(stream.user.id(), clock.instant())
        .onSuccess(entries -> entries.forEach(entry -> offer(stream, entry)));
  }

  /// Counts cost more the more there is to count: they are asked for the more seldom.
  private void count() {
    Instant now = clock.instant();
    if (!countsChanged || counting || streams.isEmpty() || now.isBefore(countAt)) {
      return;
    }
    counting = true;
    countsChanged = false;
    long begun = System.nanoTime();
    Map<DeskUser, List<DeskStream>> byUser = new LinkedHashMap<>();
    streams.forEach(
        stream -> byUser.computeIfAbsent(stream.user, _ -> new ArrayList<>()).add(stream));
    Future<Void> counted = Future.succeededFuture();
    for (Map.Entry<DeskUser, List<DeskStream>> each : byUser.entrySet()) {
      counted =
          counted.compose(
              _ ->
                  reading
                      .queue()
                      .counts(each.getKey().id(), each.getKey().topics())
                      .map(
                          counts -> {
                            JsonObject json = DeskRows.counts(counts);
                            each.getValue().forEach(stream -> stream.counts(json));
                            return null;
                          }));
    }
    counted.onComplete(
        done -> {
          counting = false;
          countsChanged |= done.failed();
          countAt = clock.instant().plusNanos(SPARING * (System.nanoTime() - begun));
        });
  }
}
