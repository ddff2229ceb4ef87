package io.parley.loadtest.drive;

import io.parley.loadtest.customerio.ReceivedEvent;
import io.parley.loadtest.faults.FaultSchedule;
import io.parley.loadtest.measure.Recorder;
import io.parley.loadtest.measure.Stretch;
import io.parley.loadtest.profile.Behaviour;
import io.parley.loadtest.profile.Customers;
import io.parley.loadtest.profile.Profile;
import io.parley.loadtest.profile.Thinking;
import io.parley.loadtest.twilio.DeliveryStatus;
import io.parley.loadtest.twilio.Fate;
import io.parley.loadtest.twilio.Inbound;
import io.parley.loadtest.twilio.InboundResult;
import io.parley.loadtest.twilio.SentMessage;
import io.parley.loadtest.twilio.StandInTwilio;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// Customers of an open model: each comes when the timetable says, however slowly others are
/// answered, and does as its [Behaviour] has it. Every time is taken from the instant at which
/// something was meant to leave.
///
/// All of it lives on one event loop, a timer and a few dozen bytes a customer; only [#come] waits,
/// on the caller's thread.
final class Crowd {

  private static final int UNREACHABLE = 30_003;
  private static final int SHORTEST_GAP = 20;
  private static final int LONGEST_GAP = 200;
  private static final Duration AGAIN = Duration.ofMillis(250);
  private static final String OPTED_OUT = "opted_out";

  private final Vertx vertx;
  private final Context context;
  private final Ground ground;
  private final StandInTwilio twilio;
  private final Profile profile;
  private final Customers customers;
  private final Recorder recorder;
  private final Told told;
  private final Post post;
  private final SplittableRandom random;
  private final Map<String, Patron> byPhone = new HashMap<>();
  private final Map<String, Patron> byId = new HashMap<>();
  private final AtomicInteger atWork = new AtomicInteger();
  private volatile DoubleSupplier triggersTwice = () -> 0;
  private int come;

  Crowd(Vertx vertx, Ground ground, Profile profile, Recorder recorder, Told told) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.ground = ground;
    this.twilio = ground.twilio();
    this.profile = profile;
    this.customers = profile.customers();
    this.recorder = recorder;
    this.told = told;
    this.post = new Post(vertx, ground, profile.limits().connections(), recorder);
    this.random = new SplittableRandom(profile.seed() + 1);
    twilio.onSend(message -> on(() -> handed(message, System.nanoTime())));
    twilio.onChange(message -> on(() -> changed(message)));
    ground.customerIo().onEvent(event -> on(() -> heard(event, System.nanoTime())));
  }

  /// Begins to make triggers again that were answered, as often as the schedule says.
  void obey(FaultSchedule schedule) {
    triggersTwice = schedule::triggersTwice;
  }

  /// Has everybody come by the timetable, and returns when the last has.
  void come() {
    Timetable timetable = new Timetable(customers, profile.seed());
    long begun = System.nanoTime();
    while (timetable.hasNext() && !Thread.currentThread().isInterrupted()) {
      Coming coming = timetable.next();
      long intended = begun + coming.at();
      while (System.nanoTime() - intended < 0 && !Thread.currentThread().isInterrupted()) {
        LockSupport.parkNanos(intended - System.nanoTime());
      }
      recorder.offered();
      Patron patron = new Patron(++come, coming, intended);
      on(() -> begin(patron));
    }
  }

  /// Whether nobody is about to say anything, and all that was said has been taken.
  boolean isQuiet() {
    return atWork.get() == 0;
  }

  /// A conversation with whom is offered to an agent, who has just been told.
  void offered(String address, long now) {
    on(
        () -> {
          Patron patron = byPhone.get(withoutChannel(address));
          if (patron != null && patron.wished != Patron.NOTHING) {
            recorder.record(Stretch.HANDOFF_TO_OFFER, patron.wished, now);
            patron.wished = Patron.NOTHING;
          }
        });
  }

  private void on(Runnable work) {
    atWork.incrementAndGet();
    context.runOnContext(
        _ -> {
          work.run();
          atWork.decrementAndGet();
        });
  }

  // ---- how they begin

  private void begin(Patron patron) {
    recorder.record(Stretch.GENERATOR_LAG, patron.came, System.nanoTime());
    recorder.count("customer " + patron.behaviour.word());
    byPhone.put(patron.phone(), patron);
    byId.put(patron.id(), patron);
    if (patron.behaviour == Behaviour.WRONG_NUMBER) {
      twilio.fate(patron.address(), new Fate.Undelivered(UNREACHABLE));
    }
    tell(
        "trigger",
        "/customerio/triggers",
        patron,
        () -> {
          recorder.record(Stretch.TRIGGER_ACCEPTED, patron.came, System.nanoTime());
          recorder.achieved();
          told.acknowledged("customerio_trigger", Letters.key(patron));
          if (random.nextDouble() < triggersTwice.getAsDouble()) {
            tell("trigger again", "/customerio/triggers", patron, () -> {});
          }
        });
  }

  private void tell(String what, String path, Patron patron, Runnable taken) {
    atWork.incrementAndGet();
    post.send(
        what,
        path,
        what.equals("purchase")
            ? Letters.purchase(patron)
            : Letters.trigger(patron, profile.flows()),
        answer -> {
          recorder.count(what + " " + answer.getString("status", "taken"));
          taken.run();
        },
        atWork::decrementAndGet);
  }

  // ---- what they get

  private void handed(SentMessage message, long now) {
    Patron patron = byPhone.get(withoutChannel(message.to()));
    if (patron == null || !message.viaApi()) {
      return;
    }
    if (!patron.greeted) {
      patron.greeted = true;
      recorder.record(Stretch.FIRST_MESSAGE, patron.came, now);
    } else if (patron.unanswered != Patron.NOTHING) {
      recorder.record(Stretch.NEXT_MESSAGE, patron.unanswered, now);
      patron.unanswered = Patron.NOTHING;
    }
  }

  private void changed(SentMessage message) {
    Patron patron = byPhone.get(withoutChannel(message.to()));
    if (patron == null || !message.viaApi() || message.status() != DeliveryStatus.DELIVERED) {
      return;
    }
    List<String> lines = lines(patron);
    if (patron.thinking) {
      return;
    }
    if (patron.said < lines.size()) {
      patron.thinking = true;
      later(thought(patron), intended -> answer(patron, lines, intended));
    } else if (patron.behaviour == Behaviour.BUYS && !patron.bought) {
      patron.bought = true;
      later(thought(patron), _ -> buy(patron));
    }
  }

  private List<String> lines(Patron patron) {
    @Nullable List<String> own = customers.says().get(patron.behaviour);
    return own == null ? patron.behaviour.lines() : own;
  }

  private Duration thought(Patron patron) {
    Thinking thinking =
        patron.behaviour == Behaviour.LATE ? customers.late() : customers.thinking();
    return thinking.draw(random);
  }

  private void heard(ReceivedEvent event, long now) {
    if (!event.name().equals(OPTED_OUT)) {
      return;
    }
    Patron patron = byId.get(event.person().value());
    if (patron != null && patron.stopped != Patron.NOTHING) {
      recorder.record(Stretch.STOP_TO_SUPPRESSION, patron.stopped, now);
      patron.stopped = Patron.NOTHING;
    }
  }

  // ---- what they do

  private interface Deed {
    /// @param intended when it was meant to be done
    void at(long intended);
  }

  private void later(Duration pause, Deed deed) {
    atWork.incrementAndGet();
    long intended = System.nanoTime() + pause.toNanos();
    vertx.setTimer(
        Math.max(1, pause.toMillis()),
        _ -> {
          deed.at(intended);
          atWork.decrementAndGet();
        });
  }

  private void answer(Patron patron, List<String> lines, long intended) {
    patron.thinking = false;
    say(patron, lines.get(patron.said++), intended);
    if (patron.behaviour == Behaviour.DOUBLE_TEXTS && patron.said == 1 && lines.size() > 1) {
      Duration gap = Duration.ofMillis(random.nextInt(SHORTEST_GAP, LONGEST_GAP));
      later(gap, second -> say(patron, lines.get(patron.said++), second));
    }
  }

  private void say(Patron patron, String text, long intended) {
    recorder.record(Stretch.GENERATOR_LAG, intended, System.nanoTime());
    boolean stops = patron.behaviour == Behaviour.STOPS;
    if (stops) {
      patron.stopped = intended;
    } else if (patron.behaviour == Behaviour.WANTS_PERSON && patron.said == 1) {
      patron.wished = intended;
    } else if (patron.behaviour != Behaviour.WANTS_PERSON) {
      patron.unanswered = intended;
    }
    atWork.incrementAndGet();
    twilio
        .receive(inbound(patron, text))
        .onSuccess(result -> on(() -> acknowledged(patron, result, intended, stops)))
        .onComplete(_ -> atWork.decrementAndGet());
  }

  /// Twilio tells it again where the application did not take it, and so does this.
  private void acknowledged(Patron patron, InboundResult result, long intended, boolean stops) {
    if (!result.accepted()) {
      recorder.count("reply told again");
      later(
          AGAIN,
          _ -> {
            atWork.incrementAndGet();
            twilio
                .receiveAgain(result)
                .onSuccess(again -> on(() -> acknowledged(patron, again, intended, stops)))
                .onComplete(_ -> atWork.decrementAndGet());
          });
      return;
    }
    recorder.record(Stretch.REPLY_ACKNOWLEDGED, intended, System.nanoTime());
    recorder.count("reply " + patron.behaviour.word());
    told.acknowledged("twilio_message", result.messageSid());
    if (stops) {
      told.stopped(patron.address());
    }
  }

  private Inbound inbound(Patron patron, String text) {
    String address = patron.address();
    return switch (patron.behaviour) {
      case BUTTONS ->
          Inbound.whatsApp(address, ground.whatsAppSender(), "", "Customer").button(text, "yes");
      case MEDIA ->
          Inbound.sms(address, ground.smsSender(), text)
              .media(twilio.baseUrl() + "/media/ME" + patron.number, "image/jpeg");
      case ANSWERS, TYPOS, SILENT, STOPS, BUYS, DOUBLE_TEXTS, LATE, WRONG_NUMBER, WANTS_PERSON ->
          Inbound.sms(address, ground.smsSender(), text);
    };
  }

  private void buy(Patron patron) {
    tell("purchase", "/events", patron, () -> told.acknowledged("purchase", Letters.order(patron)));
  }

  private static String withoutChannel(String address) {
    return address.substring(address.indexOf(':') + 1);
  }
}
