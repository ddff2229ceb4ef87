package io.parley.engine.hours;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Values;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import io.parley.engine.liquid.Templates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalendarTest {

  private static final Map<String, Object> SUPPORT =
      Map.of(
          "time_zone", "America/New_York",
          "hours", Map.of("mon-thu", "09:00-12:00,13:00-18:00", "fri", "09:00-15:00"),
          "holidays", List.of("us-federal"),
          "days",
              List.of(
                  Map.of("date", "2026-11-27", "open", "10:00-14:00", "name", "Black Friday"),
                  Map.of("from", "2026-12-24", "to", "2026-12-31", "name", "Winter break"),
                  Map.of("yearly", "03-04", "open", "shut"),
                  Map.of("date", "2026-02-16", "open", "10:00-11:00", "name", "")));

  private static final Calendar CALENDAR = read(SUPPORT);

  @ParameterizedTest
  @CsvSource({
    "2026-03-02T13:59:59Z, 2026-03-02T14:00:00Z", // Monday morning
    "2026-03-02T17:30:00Z, 2026-03-02T18:00:00Z", // lunch
    "2026-03-03T23:00:00Z, 2026-03-05T14:00:00Z", // a day that is shut every year
    "2026-03-06T20:00:00Z, 2026-03-09T13:00:00Z", // the weekend on which the clocks change
    "2026-11-26T15:00:00Z, 2026-11-27T15:00:00Z", // Thanksgiving, then a short Friday
    "2026-12-23T23:00:00Z, 2027-01-04T14:00:00Z", // the break, New Year's Day, the weekend
    "2026-02-16T14:30:00Z, 2026-02-16T15:00:00Z" // a holiday on which somebody works
  })
  void itOpensAtTheNextHours(Instant at, Instant opens) {
    assertThat(CALENDAR.opensAt(at)).contains(opens);
    assertThat(CALENDAR.isOpen(opens)).isTrue();
    assertThat(CALENDAR.isOpen(opens.minusSeconds(1))).isFalse();
  }

  @Test
  void businessTimeIsTheTimeThatItIsOpen() {
    Instant monday = Instant.parse("2026-03-02T16:00:00Z");

    assertThat(CALENDAR.businessTimeBetween(monday, Instant.parse("2026-03-02T19:00:00Z")))
        .isEqualTo(Duration.ofHours(2));
    assertThat(CALENDAR.businessTimeBetween(monday, Instant.parse("2026-03-09T13:00:00Z")))
        .isEqualTo(Duration.ofHours(6 + 8 + 8 + 6));
    assertThat(CALENDAR.businessTimeBetween(monday, monday.minusSeconds(9)))
        .isEqualTo(Duration.ZERO);
    assertThat(CALENDAR.plusBusinessTime(monday, Duration.ofHours(2)))
        .contains(Instant.parse("2026-03-02T19:00:00Z"));
    assertThat(CALENDAR.plusBusinessTime(monday, Duration.ofHours(6)))
        .contains(Instant.parse("2026-03-02T23:00:00Z"));
    assertThat(CALENDAR.plusBusinessTime(Instant.parse("2026-03-07T12:00:00Z"), Duration.ZERO))
        .contains(Instant.parse("2026-03-07T12:00:00Z"));
  }

  @Property(tries = 200)
  void afterSoMuchBusinessTimeSoMuchHasPassed(
      @ForAll @IntRange(max = 600_000) int from,
      @ForAll @IntRange(min = 1, max = 20_000) int time) {
    Instant begin = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofMinutes(from));
    Instant end = CALENDAR.plusBusinessTime(begin, Duration.ofMinutes(time)).orElseThrow();

    assertThat(CALENDAR.businessTimeBetween(begin, end)).isEqualTo(Duration.ofMinutes(time));
    assertThat(CALENDAR.businessTimeBetween(begin, end.minusSeconds(1)))
        .isEqualTo(Duration.ofMinutes(time).minusSeconds(1));
  }

  /// Clocks change at night: a night of nine hours by the clock is eight or ten long.
  @Test
  void aNightOnWhichTheClocksChangeIsLongerOrShorter() {
    Calendar nights =
        read(Map.of("time_zone", "Europe/Berlin", "hours", Map.of("sat", "21:00-06:00")));

    assertThat(between(nights, "2026-03-28T12:00:00Z")).isEqualTo(Duration.ofHours(8));
    assertThat(between(nights, "2026-10-24T12:00:00Z")).isEqualTo(Duration.ofHours(10));
    assertThat(between(nights, "2026-06-06T12:00:00Z")).isEqualTo(Duration.ofHours(9));
  }

  private static Duration between(Calendar calendar, String from) {
    Instant begin = Instant.parse(from);
    return calendar.businessTimeBetween(begin, begin.plus(Duration.ofDays(1)));
  }

  @Test
  void whatNeverShutsHasNoEndAndWhatIsShutForYearsNoBeginning() {
    Calendar always = read(Map.of("time_zone", "UTC", "hours", Map.of("mon-sun", "00:00-24:00")));
    Calendar never =
        read(
            Map.of(
                "time_zone", "UTC",
                "hours", Map.of("mon", "09:00-10:00"),
                "days", List.of(Map.of("from", "2020-01-01", "to", "2040-01-01"))));
    Instant now = Instant.parse("2026-03-02T09:30:00Z");

    assertThat(always.closesAt(now)).isEmpty();
    assertThat(always.plusBusinessTime(now, Duration.ofDays(3)))
        .contains(now.plus(Duration.ofDays(3)));
    assertThat(always.businessTimeBetween(now, now.plus(Duration.ofDays(900))))
        .isEqualTo(Duration.ofDays(900));
    assertThat(never.opensAt(now)).isEmpty();
    assertThat(never.plusBusinessTime(now, Duration.ofMinutes(1))).isEmpty();
    assertThat(never.values(now).entries()).containsEntry("opens_at", "");
  }

  @Test
  void templatesReadIt() {
    Calendars calendars = calendars(Map.of("support", SUPPORT));

    assertThat(render(calendars, "2026-03-02T15:00:00Z"))
        .isEqualTo("true|2026-03-02T13:00-05:00|2026-03-02T12:00-05:00|");
    assertThat(render(calendars, "2026-11-26T15:00:00Z"))
        .isEqualTo("false|2026-11-27T10:00-05:00||Thanksgiving Day");
    assertThat(render(calendars, "2026-11-27T16:00:00Z"))
        .isEqualTo("true|2026-11-30T09:00-05:00|2026-11-27T14:00-05:00|Black Friday");
    assertThat(render(calendars, "2026-12-28T16:00:00Z")).endsWith("|Winter break");
  }

  @Test
  void aCalendarIsAskedOnlyByTheTemplateThatNamesIt() {
    List<String> asked = new ArrayList<>();
    Values scope =
        Values.of("support", Values.later(() -> asked(asked, "support")))
            .with("desk", Values.later(() -> asked(asked, "desk")));

    String text =
        Templates.render(
                "{{calendars.desk.open}} {{calendars.desk.open}}",
                Map.of("calendars", scope.entries()),
                Instant.EPOCH)
            .text();

    assertThat(text).isEqualTo("desk desk");
    assertThat(asked).containsExactly("desk");
  }

  private static Values asked(List<String> asked, String name) {
    asked.add(name);
    return Values.of("open", name);
  }

  private static String render(Calendars calendars, String now) {
    String all =
        "{{calendars.support.open}}|{{calendars.support.opens_at}}|{{calendars.support.closes_at}}|{{calendars.support.holiday}}";
    Instant at = Instant.parse(now);
    return Templates.render(all, Map.of("calendars", calendars.values(at).entries()), at).text();
  }

  @Test
  void everythingWrongWithACalendarIsSaid() {
    List<FlowProblem> problems = new ArrayList<>();

    Calendars.read(
        Place.root(
            Map.of(
                "support",
                Map.of(
                    "time_zone", "Eastern",
                    "hours", Map.of("mon-fry", "9-5"),
                    "holidays", List.of("easter"),
                    "days", List.of(Map.of("date", "2026-02-30"), Map.of("yearly", "13-01")))),
            problems));

    assertThat(problems.stream().map(FlowProblem::propertyPath))
        .containsExactlyInAnyOrder(
            "#/support/time_zone",
            "#/support/hours/mon-fry",
            "#/support/hours",
            "#/support/holidays/0",
            "#/support/days/0",
            "#/support/days/1");
  }

  @Test
  void holidaysAreAList() {
    List<FlowProblem> problems = new ArrayList<>();

    Calendar.read(
        Place.root(
            Map.of("time_zone", "UTC", "hours", Map.of("mon", "09:00-10:00"), "holidays", "uk"),
            problems));
    Calendars.read(Place.root(List.of(SUPPORT), problems));

    assertThat(problems.stream().map(FlowProblem::propertyPath)).containsExactly("#/holidays", "#");
  }

  @Test
  void aCalendarIsFoundByItsName() {
    assertThat(calendars(Map.of("support", SUPPORT)).get("support"))
        .isEqualTo(Optional.of(CALENDAR));
    assertThat(Calendars.NONE.get("support")).isEmpty();
  }

  private static Calendars calendars(Map<String, Object> settings) {
    List<FlowProblem> problems = new ArrayList<>();
    Calendars calendars = Calendars.read(Place.root(settings, problems));
    assertThat(problems).isEmpty();
    return calendars;
  }

  private static Calendar read(Map<String, Object> settings) {
    return calendars(Map.of("it", settings)).get("it").orElseThrow();
  }
}
