package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Person;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.desk.Asking;
import io.parley.engine.desk.DeskRules;
import io.parley.engine.desk.QueueTexts.Text;
import io.parley.engine.desk.Sharing.Hand;
import io.parley.engine.desk.Topic;
import io.parley.engine.hours.Calendar;
import io.parley.engine.policy.Policy;
import io.parley.store.HandoffKeeping;
import io.parley.store.HandoffKeeping.Patient;
import io.parley.store.Journal;
import io.parley.store.QueueNews;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the queue says to those who wait in it, each thing once in a wait: an event of their
/// conversation, which the same rules hold for as for whatever else is sent.
final class QueueWords {

  private static final int BATCH = 200;
  private static final Logger LOG = LoggerFactory.getLogger(QueueWords.class);
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("EEEE 'at' HH:mm", Locale.ENGLISH);

  private final HandoffKeeping keeping;
  private final Journal journal;
  private final Supplier<DeskRules> rules;
  private final Supplier<Policy> policy;
  private final Function<Arrival, Future<Decision>> conversations;
  private final Clock clock;

  /// @param conversations takes events to their conversations
  QueueWords(
      HandoffKeeping keeping,
      Journal journal,
      Supplier<DeskRules> rules,
      Supplier<Policy> policy,
      Function<Arrival, Future<Decision>> conversations,
      Clock clock) {
    this.keeping = keeping;
    this.journal = journal;
    this.rules = rules;
    this.policy = policy;
    this.conversations = conversations;
    this.clock = clock;
  }

  /// Tells those who have come and whom nobody could be asked to take how they stand.
  ///
  /// @param hands who is there
  Future<Void> welcome(List<Hand> hands) {
    return keeping
        .untold(BATCH)
        .compose(all -> each(all, patient -> speak(patient, beginning(patient, hands))));
  }

  private Text beginning(Patient patient, List<Hand> hands) {
    Topic topic = rules.get().topic(patient.topic());
    if (calendar(topic).filter(it -> !it.isOpen(clock.instant())).isPresent()) {
      return Text.AFTER_HOURS;
    }
    boolean somebody =
        hands.stream()
            .anyMatch(it -> it.can(patient.topic(), new LinkedHashSet<>(patient.skills())));
    return somebody ? Text.QUEUED : Text.NO_AGENT;
  }

  /// Tells those who have waited too long that they have, in hours in which somebody is there.
  Future<Void> comfort() {
    Duration limit = rules.get().texts().tooLongAfter();
    Instant now = clock.instant();
    return keeping
        .patient(now.minus(limit), BATCH)
        .compose(
            all ->
                each(
                    all.stream().filter(it -> hasWaited(it, limit, now)).toList(),
                    patient -> speak(patient, Text.TOO_LONG)));
  }

  private boolean hasWaited(Patient patient, Duration limit, Instant now) {
    return calendar(rules.get().topic(patient.topic()))
        .map(
            it ->
                it.isOpen(now)
                    && it.businessTimeBetween(patient.queuedAt(), now).compareTo(limit) >= 0)
        .orElse(true);
  }

  /// Answers what was asked while somebody waited. Told again it is the same turn.
  Future<Void> answer(QueueNews news, List<QueueReader.Asked> asked) {
    return each(
        asked,
        one ->
            one.what() == Asking.CALL
                ? say(news.id(), news.thread(), news.rank().topic(), Text.CALLBACK, "callback")
                : say(
                    news.id(),
                    news.thread(),
                    news.rank().topic(),
                    Text.POSITION,
                    "position:" + one.turn()));
  }

  private Future<Void> speak(Patient patient, Text text) {
    return say(patient.id(), patient.thread(), patient.topic(), text, text.word())
        .compose(_ -> keeping.said(patient.id(), text.word()))
        .recover(failure -> unsaid(patient, failure));
  }

  /// One that cannot be told keeps none of the others from being told; it is tried again.
  private static Future<Void> unsaid(Patient patient, Throwable failure) {
    LOG.atWarn()
        .addKeyValue("handoff", patient.id())
        .addKeyValue("why", String.valueOf(failure.getMessage()))
        .log("somebody who waits could not be told how they stand");
    return Future.succeededFuture();
  }

  private Future<Void> say(EffectId id, ThreadId thread, String topic, Text text, String key) {
    if (!rules.get().texts().phrases().containsKey(text)) {
      return Future.succeededFuture();
    }
    Instant now = clock.instant();
    Future<Person> person = journal.load(thread).map(loaded -> loaded.conversation().person());
    return Future.all(keeping.ahead(id), person)
        .compose(
            known -> {
              int ahead = known.resultAt(0);
              Person who = known.resultAt(1);
              Values values =
                  Values.of("position", ahead + 1)
                      .with("ahead", ahead)
                      .with("topic", topic)
                      .with("opens_at", opensAt(rules.get().topic(topic), now));
              Optional<String> words = rules.get().texts().say(text, who, values);
              return words.isEmpty()
                  ? Future.succeededFuture()
                  : told(
                      HandoffArrivals.of(
                          thread, new Event.QueueSpoke(id, key, words.get()), key, now));
            });
  }

  private Future<Void> told(Arrival arrival) {
    return conversations
        .apply(arrival)
        .compose(
            decision ->
                switch (decision) {
                  case Decision.Taken _, Decision.Kept _ -> Future.<Void>succeededFuture();
                  case Decision.Unavailable(var why) ->
                      Future.failedFuture(new IllegalStateException(why));
                });
  }

  private String opensAt(Topic topic, Instant now) {
    return calendar(topic)
        .flatMap(it -> it.opensAt(now).map(at -> WHEN.format(at.atZone(it.zone()))))
        .orElse("");
  }

  private Optional<Calendar> calendar(Topic topic) {
    return topic.calendar().flatMap(policy.get().calendars()::get);
  }

  private static <T> Future<Void> each(List<T> all, Function<T, Future<Void>> work) {
    Future<Void> done = Future.succeededFuture();
    for (T one : all) {
      done = done.compose(_ -> work.apply(one));
    }
    return done;
  }
}
