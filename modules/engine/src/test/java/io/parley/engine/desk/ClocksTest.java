package io.parley.engine.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Json;
import io.parley.engine.desk.Clocks.Course;
import io.parley.engine.desk.Clocks.Kind;
import io.parley.engine.desk.Clocks.State;
import io.parley.engine.flow.Place;
import io.parley.engine.hours.Calendar;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClocksTest {

  private static final Instant FRIDAY_HALF_PAST_FOUR = Instant.parse("2026-03-06T16:30:00Z");
  private static final Promise HOUR =
      new Promise(
          Optional.of(Duration.ofHours(1)),
          Optional.of(Duration.ofMinutes(30)),
          Optional.of(Duration.ofHours(16)),
          0.5,
          10);

  @Test
  void anHourFromFridayHalfPastFourEndsOnMondayHalfPastNine() {
    Clocks clocks = Clocks.of(HOUR, nineToFive(), fresh());

    assertThat(clocks.firstDue()).contains(Instant.parse("2026-03-09T09:30:00Z"));
    assertThat(clocks.now().orElseThrow().warnAt())
        .isEqualTo(Instant.parse("2026-03-06T17:00:00Z"));
  }

  @Test
  void aHolidayAndALunchBreakDoNotCount() {
    Optional<Calendar> calendar =
        calendar(
            "{'time_zone': 'UTC', 'hours': {'mon-fri': '09:00-12:00,13:00-17:00'}, 'days': [{'date':"
                + " '2026-03-09', 'open': 'shut'}]}");
    Course course =
        new Course(
            Instant.parse("2026-03-06T11:45:00Z"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Promise promise =
        new Promise(
            Optional.of(Duration.ofMinutes(30)),
            Optional.empty(),
            Optional.of(Duration.ofHours(5)),
            0.8,
            0);

    Clocks clocks = Clocks.of(promise, calendar, course);

    assertThat(clocks.firstDue()).contains(Instant.parse("2026-03-06T13:15:00Z"));
    assertThat(clocks.resolutionDue()).contains(Instant.parse("2026-03-10T09:45:00Z"));
  }

  @Test
  void theFirstWordsStopTheFirstClock() {
    Instant replied = FRIDAY_HALF_PAST_FOUR.plus(Duration.ofMinutes(5));
    Clocks clocks =
        Clocks.of(
            HOUR,
            Optional.empty(),
            new Course(
                FRIDAY_HALF_PAST_FOUR,
                Optional.of(replied),
                Optional.empty(),
                Optional.of(replied)));

    assertThat(clocks.running()).extracting(Clocks.Running::kind).containsExactly(Kind.RESOLUTION);
    assertThat(clocks.nextDue()).isEmpty();
  }

  @Test
  void theNextClockRunsWhileTheContactWaits() {
    Instant replied = FRIDAY_HALF_PAST_FOUR.plus(Duration.ofMinutes(5));
    Instant asked = replied.plus(Duration.ofMinutes(10));
    Clocks clocks =
        Clocks.of(
            HOUR,
            Optional.empty(),
            new Course(
                FRIDAY_HALF_PAST_FOUR,
                Optional.of(replied),
                Optional.of(asked),
                Optional.of(replied)));

    assertThat(clocks.now().map(Clocks.Running::kind)).contains(Kind.NEXT);
    assertThat(clocks.nextDue()).contains(asked.plus(Duration.ofMinutes(30)));
  }

  @Test
  void aClockIsWarnedOfAndThenBreached() {
    Clocks clocks = Clocks.of(HOUR, Optional.empty(), fresh());
    Instant warned = FRIDAY_HALF_PAST_FOUR.plus(Duration.ofMinutes(30));
    Instant due = FRIDAY_HALF_PAST_FOUR.plus(Duration.ofHours(1));

    assertThat(clocks.now().orElseThrow().state(FRIDAY_HALF_PAST_FOUR)).isEqualTo(State.OK);
    assertThat(clocks.changesAt(FRIDAY_HALF_PAST_FOUR)).contains(warned);
    assertThat(clocks.now().orElseThrow().state(warned)).isEqualTo(State.WARNED);
    assertThat(clocks.changesAt(warned)).contains(due);
    assertThat(clocks.breached(due)).containsExactly(Kind.FIRST);
  }

  private static Course fresh() {
    return new Course(FRIDAY_HALF_PAST_FOUR, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Optional<Calendar> nineToFive() {
    return calendar("{'time_zone': 'UTC', 'hours': {'mon-fri': '09:00-17:00'}}");
  }

  private static Optional<Calendar> calendar(String json) {
    return Optional.of(
        Calendar.read(
            Place.root(Json.parse(json.replace('\'', '"')).orElseThrow(), new ArrayList<>())));
  }
}
