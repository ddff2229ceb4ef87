package io.parley.engine.flow;

import io.parley.engine.Awaiting;
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.Event;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import io.parley.engine.hours.Calendar;
import io.parley.engine.hours.Week;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `parley.wait`: goes on (`next`) after a while, at a time, or in the next open hour; `failed`
/// where a template renders to no time. Replies meanwhile are heard and do not move it.
///
/// ```json
/// {"duration": "PT2H"}
/// {"until": "18:30", "time_zone": "America/New_York"}
/// {"until_open": {"mon": "09:00-18:00"}, "time_zone": "America/New_York"}
/// ```
///
/// @param duration a template; empty text where it waits for something else
/// @param until a template; empty text where it waits for something else
public record Wait(
    String name,
    List<Transition> transitions,
    String duration,
    String until,
    ZoneId zone,
    Optional<Calendar> hours)
    implements Widget {

  static final List<Property> PROPERTIES =
      List.of(
          Property.textOrInteger("duration"),
          Property.text("until"),
          Property.object("until_open"),
          Property.text("time_zone"));

  public Wait {
    transitions = List.copyOf(transitions);
  }

  static Wait read(String name, List<Transition> transitions, Place properties) {
    ZoneId zone = WaitTimes.zone(properties.get("time_zone"));
    Place open = properties.get("until_open");
    long ways =
        Stream.of("duration", "until", "until_open")
            .filter(way -> !properties.get(way).isAbsent())
            .count();
    if (ways != 1) {
      properties.problem("must have one of duration, until and until_open");
    }
    return new Wait(
        name,
        transitions,
        properties.get("duration").literal(),
        properties.get("until").text(),
        zone,
        open.isAbsent() ? Optional.empty() : Optional.of(Calendar.weekly(zone, Week.read(open))));
  }

  @Override
  public Reached enter(Scene scene) {
    Optional<Instant> end = end(scene);
    if (end.isEmpty()) {
      scene.warn(
          new Warning(
              Warning.UNNUMBERED, "widget " + name + " cannot wait: its template is no time"));
      return left("failed");
    }
    Duration left = Duration.between(scene.now(), end.get());
    return left.isPositive()
        ? new Reached.Holds(new Awaiting.Time(scene.timer(left, Purpose.WAIT_OVER)), Values.EMPTY)
        : left("next");
  }

  private Optional<Instant> end(Scene scene) {
    if (hours.isPresent()) {
      return Optional.of(hours.get().opensAt(scene.now()).orElse(scene.now()));
    }
    return duration.isBlank()
        ? WaitTimes.instant(scene.text(until).strip(), zone, scene.now())
        : Durations.inFlow(scene.text(duration).strip()).map(scene.now()::plus);
  }

  @Override
  public Reached resume(Scene scene, Awaiting awaiting, Event event) {
    return awaiting instanceof Awaiting.Time(var timer)
            && event instanceof Event.TimerFired(var fired)
            && fired.equals(timer)
        ? left("next")
        : new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
  }

  private Reached left(String event) {
    return new Reached.Left(event, next(event), Values.EMPTY);
  }
}
