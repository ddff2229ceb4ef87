package io.parley.loadtest.drive;

import io.parley.loadtest.customerio.Identifier;
import io.parley.loadtest.customerio.ReceivedEvent;
import io.parley.loadtest.drive.Timetable.Arrival;
import io.parley.loadtest.drive.Wire.Telling;
import io.parley.loadtest.measure.Recorder;
import io.parley.loadtest.measure.Stretch;
import io.parley.loadtest.oracle.Ledgers;
import io.parley.loadtest.oracle.Ledgers.Acknowledged;
import io.parley.loadtest.oracle.Ledgers.OptOut;
import io.parley.loadtest.profile.Behaviour;
import io.parley.loadtest.profile.Customers;
import io.parley.loadtest.profile.Profile;
import io.parley.loadtest.profile.Thinking;
import io.parley.loadtest.twilio.Fate;
import io.parley.loadtest.twilio.Inbound;
import io.parley.loadtest.twilio.InboundResult;
import io.parley.loadtest.twilio.SentMessage;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// The customers: each comes by a trigger, and does as their [Behaviour] says with each message
/// that reaches them. What Parley does not take is told again until it does.
///
/// Everything that a customer does is done on the thread of the agenda.
final class Crowd {

  private static final Duration SECOND_TEXT = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String PICTURE = "https://pictures.example.com/asked.jpg";

  /// Before the id, in the name of a person by which calls keep their order.
  private static final String BY_ID = "id:";

  /// The button's payload; its text is the line.
  private static final String TAPPED = "yes";

  private final Scene scene;
  private final Numbers numbers;
  private final Wire wire;
  private final Agenda agenda;
  private final Customers customers;
  private final Triggers triggers;
  private volatile double triggersTwice;
  private final RandomGenerator random;
  private final Lots lots;
  private final Map<Behaviour, List<String>> lines = new EnumMap<>(Behaviour.class);

  private final List<Person> people = new ArrayList<>();
  private final Map<Integer, Long> stopped = new HashMap<>();
  private final Map<Integer, Long> wishes = new HashMap<>();

  private final Set<Acknowledged> acknowledged = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<OptOut> optOuts = new ConcurrentLinkedQueue<>();
  private final AtomicInteger thinking = new AtomicInteger();
  private final AtomicInteger writing = new AtomicInteger();
  private final AtomicLong onTheirWay = new AtomicLong();
  private volatile long lastStir = System.nanoTime();

  /// @param numbers of the customers
  Crowd(Scene scene, Numbers numbers, Profile profile, Wire wire, Agenda agenda) {
    this.scene = scene;
    this.numbers = numbers;
    this.wire = wire;
    this.agenda = agenda;
    this.customers = profile.customers();
    this.triggers = new Triggers(numbers, profile.flows(), scene.shop());
    this.random = new SplittableRandom(profile.seed());
    this.lots = new Lots(customers.mix());
    for (Behaviour behaviour : Behaviour.values()) {
      lines.put(behaviour, customers.says().getOrDefault(behaviour, behaviour.lines()));
    }
    scene.twilio().onSend(this::handedOver);
    scene.twilio().onChange(this::moved);
    scene.customerIo().onEvent(this::told);
  }

  /// Which share of the Journey's webhooks is made again though it was answered.
  void triggersTwice(double share) {
    triggersTwice = share;
  }

  // ---- coming

  /// Has them come, from now on; answers at once.
  ///
  /// @param recorder where times of theirs go
  /// @param done called when the last has come, on the agenda's thread
  void come(Timetable timetable, Recorder recorder, Runnable done) {
    next(timetable, System.nanoTime(), recorder, done);
  }

  private void next(Timetable timetable, long begun, Recorder recorder, Runnable done) {
    if (!timetable.hasNext()) {
      agenda.now(done);
      return;
    }
    Arrival arrival = timetable.next();
    agenda.at(
        begun + arrival.nanos(),
        due -> {
          comes(arrival, due, recorder);
          next(timetable, begun, recorder, done);
        });
  }

  private void comes(Arrival arrival, long due, Recorder recorder) {
    Person person =
        new Person(
            people.size(), arrival.behaviour().orElseGet(() -> lots.draw(random)), due, recorder);
    people.add(person);
    recorder.offered();
    recorder.count("customer " + person.behaviour().word());
    if (person.behaviour() == Behaviour.WRONG_NUMBER) {
      scene
          .twilio()
          .fate(numbers.address(person), Fate.of(person.number() % 2 == 0 ? 30003 : 30005));
    }
    trigger(person, triggers.of(person, arrival.attributes()));
  }

  private void trigger(Person person, JsonObject body) {
    Telling telling =
        new Telling("trigger", "/customerio/triggers", body, person.came(), person.recorder());
    wire.tell(
        telling,
        answer -> {
          person.recorder().record(Stretch.TRIGGER_ACCEPTED, person.came(), System.nanoTime());
          acknowledged.add(
              new Acknowledged(
                  "customerio_trigger", triggers.key(person), numbers.address(person)));
          if (answer.getString("status", "").equals("refused")) {
            person.recorder().count("trigger refused: " + answer.getString("reason", ""));
          } else {
            person.recorder().achieved();
          }
          if (triggersTwice > 0 && random.nextDouble() < triggersTwice) {
            again(person, body);
          }
        });
  }

  /// As Customer.io does where it did not hear the answer.
  private void again(Person person, JsonObject body) {
    wire.tell(
        new Telling(
            "repeated trigger", "/customerio/triggers", body, System.nanoTime(), person.recorder()),
        answer -> {
          person.recorder().count("trigger repeated");
          if (!answer.getBoolean("duplicate", false)) {
            person.recorder().error("a repeated trigger was not known as one");
          }
        });
  }

  // ---- being written to

  /// On the stand-in's thread: Twilio was handed a message.
  private void handedOver(SentMessage message) {
    long now = System.nanoTime();
    stir();
    onTheirWay.incrementAndGet();
    agenda.now(() -> find(message.to()).ifPresent(person -> handedOver(person, now)));
  }

  private static void handedOver(Person person, long now) {
    if (person.isFirstMessage()) {
      person.recorder().record(Stretch.FIRST_MESSAGE, person.came(), now);
      return;
    }
    long wrote = person.isAnswered();
    if (wrote != Person.NOTHING) {
      person.recorder().record(Stretch.NEXT_MESSAGE, wrote, now);
    }
  }

  /// On the stand-in's thread: a message has another status.
  private void moved(SentMessage message) {
    stir();
    if (!message.viaApi()) {
      return;
    }
    switch (message.status()) {
      case DELIVERED -> {
        onTheirWay.decrementAndGet();
        agenda.now(() -> find(message.to()).ifPresent(this::reads));
      }
      case UNDELIVERED, FAILED, CANCELED -> onTheirWay.decrementAndGet();
      case QUEUED, SENDING, SENT, READ, RECEIVED -> {
        // It is on its way, or arrived before.
      }
    }
  }

  private void reads(Person person) {
    List<String> all = of(lines, person.behaviour());
    int line = person.nextLine();
    if (line >= all.size()) {
      return;
    }
    long due = System.nanoTime() + thinks(person).toNanos();
    later(due, it -> writes(person, line, it));
    switch (person.behaviour()) {
      case DOUBLE_TEXTS -> {
        if (line == 0 && all.size() > 1) {
          int second = person.nextLine();
          long soon = due + (long) (random.nextDouble() * SECOND_TEXT.toNanos());
          later(soon, it -> writes(person, second, it));
        }
      }
      case BUYS -> {
        if (person.buysNow()) {
          later(due + thinks(person).toNanos(), it -> buys(person, it));
        }
      }
      case ANSWERS, TYPOS, SILENT, STOPS, LATE, WRONG_NUMBER, MEDIA, BUTTONS, WANTS_PERSON -> {
        // They write, and no more.
      }
    }
  }

  private Duration thinks(Person person) {
    Thinking how = person.behaviour() == Behaviour.LATE ? customers.late() : customers.thinking();
    return how.draw(random);
  }

  private void later(long due, Agenda.Deed deed) {
    thinking.incrementAndGet();
    agenda.at(
        due,
        it -> {
          deed.doneAt(it);
          thinking.decrementAndGet();
        });
  }

  // ---- writing and buying

  /// @param number of the line, from 0
  private void writes(Person person, int number, long due) {
    String line = of(lines, person.behaviour()).get(number);
    boolean stop = line.strip().toUpperCase(Locale.ROOT).equals("STOP");
    if (stop) {
      stopped.put(person.number(), due);
    } else if (person.behaviour() == Behaviour.WANTS_PERSON) {
      if (number == 0) {
        wishes.put(person.number(), due);
      }
    } else {
      person.writes(due);
    }
    person.recorder().count("reply " + person.behaviour().word());
    Reply reply = new Reply(person, due, stop, System.nanoTime() + PATIENCE.toNanos());
    writing.incrementAndGet();
    scene
        .twilio()
        .receive(inbound(person, line, number == 0))
        .onSuccess(
            result -> {
              long now = System.nanoTime();
              long left = now - Duration.between(result.receivedAt(), Instant.now()).toNanos();
              person.recorder().record(Stretch.GENERATOR_LAG, due, left);
              heard(reply, result, now);
            });
  }

  /// @param until when nobody would try to deliver it any longer
  private record Reply(Person person, long due, boolean stop, long until) {}

  private Inbound inbound(Person person, String line, boolean first) {
    String phone = numbers.phone(person);
    return switch (person.behaviour()) {
      case BUTTONS ->
          Inbound.whatsApp(phone, scene.whatsAppSender(), line, triggers.name(person))
              .button(line, TAPPED);
      case MEDIA -> {
        Inbound plain = Inbound.sms(phone, scene.smsSender(), line);
        yield first ? plain.media(PICTURE, "image/jpeg") : plain;
      }
      case ANSWERS, TYPOS, SILENT, STOPS, BUYS, DOUBLE_TEXTS, LATE, WRONG_NUMBER, WANTS_PERSON ->
          Inbound.sms(phone, scene.smsSender(), line);
    };
  }

  /// On the stand-in's thread: Parley has answered, or has not.
  private void heard(Reply reply, InboundResult result, long now) {
    stir();
    Recorder recorder = reply.person.recorder();
    if (result.accepted()) {
      recorder.record(Stretch.REPLY_ACKNOWLEDGED, reply.due, now);
      String address = numbers.address(reply.person);
      acknowledged.add(new Acknowledged("twilio_message", result.messageSid(), address));
      if (reply.stop) {
        optOuts.add(new OptOut(address, Instant.now(), Optional.empty()));
      }
      writing.decrementAndGet();
    } else if (now - reply.until > 0) {
      recorder.error("reply given up");
      writing.decrementAndGet();
    } else {
      recorder.count("reply again");
      agenda.at(
          now + PAUSE.toNanos(),
          _ ->
              scene
                  .twilio()
                  .receiveAgain(result)
                  .onSuccess(next -> heard(reply, next, System.nanoTime())));
    }
  }

  private void buys(Person person, long due) {
    String id = triggers.order(person);
    wire.tell(
        new Telling("order", "/events", triggers.purchase(person), due, person.recorder()),
        _ -> {
          person.recorder().count("purchase");
          acknowledged.add(new Acknowledged("purchase", id, numbers.address(person)));
        });
  }

  // ---- what others see

  /// On the stand-in's thread: Customer.io was told something.
  private void told(ReceivedEvent event) {
    stir();
    if (!event.name().equals("opted_out")) {
      return;
    }
    long now = System.nanoTime();
    OptionalInt number = numbers.ofId(event.person().value());
    agenda.now(
        () -> {
          Long due = number.isPresent() ? stopped.remove(number.getAsInt()) : null;
          if (due != null) {
            people.get(number.getAsInt()).recorder().record(Stretch.STOP_TO_SUPPRESSION, due, now);
          }
        });
  }

  /// A conversation with whom is at that address was offered to an agent.
  void offered(String address, long now) {
    stir();
    agenda.now(
        () ->
            find(address)
                .ifPresent(
                    person -> {
                      Long due = wishes.remove(person.number());
                      if (due != null) {
                        person.recorder().record(Stretch.HANDOFF_TO_OFFER, due, now);
                      }
                    }));
  }

  private Optional<Person> find(String address) {
    OptionalInt number = numbers.ofAddress(address);
    return number.isPresent() && number.getAsInt() < people.size()
        ? Optional.of(people.get(number.getAsInt()))
        : Optional.empty();
  }

  private static <T> T of(Map<Behaviour, T> map, Behaviour behaviour) {
    T found = map.get(behaviour);
    if (found == null) {
      throw new IllegalStateException("nothing for " + behaviour);
    }
    return found;
  }

  private void stir() {
    lastStir = System.nanoTime();
  }

  /// Whether nobody thinks, nothing is on its way to Parley, and no message to a customer.
  boolean isQuiet() {
    return thinking.get() == 0
        && writing.get() == 0
        && wire.underWay() == 0
        && onTheirWay.get() <= 0;
  }

  /// Whether nobody thinks and nothing is on its way to Parley; messages may be on theirs for ever.
  boolean saysNothing() {
    return thinking.get() == 0 && writing.get() == 0 && wire.underWay() == 0;
  }

  /// How long nothing has happened that a stand-in could see.
  Duration stillFor() {
    return Duration.ofNanos(System.nanoTime() - lastStir);
  }

  /// What Parley was told and has answered.
  Ledgers.Told told() {
    return new Ledgers.Told(acknowledged, List.copyOf(optOuts));
  }

  /// Whether that is the address of somebody who has come, or the name by which calls about them
  /// keep their order.
  boolean isOfRun(String address) {
    if (address.startsWith(BY_ID)) {
      return numbers.ofId(address.substring(BY_ID.length())).isPresent();
    }
    OptionalInt number = numbers.ofAddress(address);
    return number.isPresent() && number.getAsInt() < people.size();
  }

  /// Whether that is somebody who has come.
  boolean isOfRun(Identifier person) {
    return numbers.ofId(person.value()).isPresent();
  }
}
