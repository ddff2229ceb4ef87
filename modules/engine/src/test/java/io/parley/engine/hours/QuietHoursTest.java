package io.parley.engine.hours;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Values;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import io.parley.engine.hours.QuietHours.Preset;
import io.parley.engine.hours.Whereabouts.Found;
import io.parley.engine.hours.Whereabouts.Spot;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietHoursTest {

  /// 47 CFR 64.1200(c)(1): not before 8:00, not after 21:00 where the recipient is.
  @ParameterizedTest
  @CsvSource({
    "America/New_York, 2026-03-02T12:59:59Z, 2026-03-02T13:00:00Z",
    "America/New_York, 2026-03-02T13:00:00Z, 2026-03-02T13:00:00Z",
    "America/New_York, 2026-03-03T01:59:59Z, 2026-03-03T01:59:59Z",
    "America/New_York, 2026-03-03T02:00:00Z, 2026-03-03T13:00:00Z",
    "America/New_York, 2026-03-08T02:30:00Z, 2026-03-08T12:00:00Z",
    "America/New_York, 2026-11-01T01:30:00Z, 2026-11-01T13:00:00Z",
    "America/Phoenix, 2026-03-08T05:00:00Z, 2026-03-08T15:00:00Z",
    "America/Phoenix, 2026-11-01T05:00:00Z, 2026-11-01T15:00:00Z",
    "Europe/Berlin, 2026-03-28T20:00:00Z, 2026-03-29T06:00:00Z",
    "Europe/Berlin, 2026-10-24T20:00:00Z, 2026-10-25T07:00:00Z"
  })
  void federalHoursAreEightToNineWhereTheRecipientIs(String zone, Instant now, Instant open) {
    assertThat(hours(Preset.FEDERAL).nextOpen(in("US-NY", zone), now)).contains(open);
  }

  /// The table of rules: Texas from 9, on Sundays from 12; Connecticut 9 to 20; Pennsylvania not
  /// on Sundays, Alabama neither on Sundays nor on holidays; California by the federal rule alone.
  @ParameterizedTest
  @CsvSource({
    "US-TX, America/Chicago, 2026-03-02T14:00:00Z, 2026-03-02T15:00:00Z",
    "US-TX, America/Chicago, 2026-03-01T15:00:00Z, 2026-03-01T18:00:00Z",
    "US-CT, America/New_York, 2026-03-03T01:00:00Z, 2026-03-03T14:00:00Z",
    "US-PA, America/New_York, 2026-03-01T15:00:00Z, 2026-03-02T13:00:00Z",
    "US-AL, America/Chicago, 2026-07-03T15:00:00Z, 2026-07-06T13:00:00Z",
    "US-CA, America/Los_Angeles, 2026-03-02T04:30:00Z, 2026-03-02T04:30:00Z"
  })
  void statesHaveHoursOfTheirOwn(String state, String zone, Instant now, Instant open) {
    assertThat(hours(Preset.STATE).nextOpen(in(state, zone), now)).contains(open);
  }

  /// Kentucky from 10, Maine to 17 and on weekdays only, Alabama not on holidays.
  @Test
  void strictIsWeekdaysFromTenToFiveAndNoHolidays() {
    QuietHours strict = hours(Preset.STRICT);
    Whereabouts berlin = in("DE", "Europe/Berlin");

    assertThat(strict.window(berlin, Instant.parse("2026-03-02T09:00:00Z")))
        .isEqualTo(new Window.Open(Optional.of(Instant.parse("2026-03-02T16:00:00Z"))));
    assertThat(strict.nextOpen(berlin, Instant.parse("2026-03-06T16:00:00Z")))
        .contains(Instant.parse("2026-03-09T09:00:00Z"));
    assertThat(
            strict.nextOpen(
                in("US-CA", "America/Los_Angeles"), Instant.parse("2026-07-02T23:59:00Z")))
        .contains(Instant.parse("2026-07-02T23:59:00Z"));
    assertThat(
            strict.nextOpen(
                in("US-CA", "America/Los_Angeles"), Instant.parse("2026-07-03T18:00:00Z")))
        .contains(Instant.parse("2026-07-06T17:00:00Z"));
  }

  @Test
  void somebodyWhoMayBeAnywhereIsWrittenToWhileItIsOpenEverywhere() {
    Whereabouts anywhere = Atlas.unknown(new Region("US"));
    Instant night = Instant.parse("2026-03-02T06:00:00Z");

    // Eight in Los Angeles, which is eleven in New York, to nine in New York.
    assertThat(hours(Preset.FEDERAL).nextOpen(anywhere, night))
        .contains(Instant.parse("2026-03-02T16:00:00Z"));
    assertThat(hours(Preset.FEDERAL).window(anywhere, Instant.parse("2026-03-02T16:00:00Z")))
        .isEqualTo(new Window.Open(Optional.of(Instant.parse("2026-03-03T02:00:00Z"))));
    // Nine in the Pacific part of Nevada, to five in Maine.
    assertThat(hours(Preset.STATE).window(anywhere, Instant.parse("2026-03-02T17:00:00Z")))
        .isEqualTo(new Window.Open(Optional.of(Instant.parse("2026-03-02T22:00:00Z"))));
    assertThat(hours(Preset.STATE).nextOpen(anywhere, night))
        .contains(Instant.parse("2026-03-02T17:00:00Z"));
  }

  @Test
  void offIsAlwaysOpen() {
    assertThat(hours(Preset.OFF).window(in("US-NY", "America/New_York"), Instant.EPOCH))
        .isEqualTo(new Window.Open(Optional.empty()));
  }

  @Test
  void aWaitNamesItsRuleAndItsSource() {
    Verdict verdict =
        hours(Preset.STATE)
            .decide(
                Occasion.TIMER,
                Optional.empty(),
                Instant.parse("2026-03-01T15:00:00Z"),
                in("US-TX", "America/Chicago"));

    assertThat(verdict).isInstanceOf(Verdict.Wait.class);
    assertThat(((Verdict.Wait) verdict).until()).isEqualTo(Instant.parse("2026-03-01T18:00:00Z"));
    assertThat(((Verdict.Wait) verdict).by().line())
        .isEqualTo(
            "US-TX sun 12:00-21:00 in US-TX (America/Chicago): Texas (SB 140 covers texts);"
                + " vendor tables and appfueled.com, as of 2026-11-22");
  }

  @Test
  void anAnswerWithinAQuarterOfAnHourIsExemptAndSaysSo() {
    Whereabouts newYork = in("US-NY", "America/New_York");
    Instant reply = Instant.parse("2026-03-02T05:00:00Z");
    Instant inTime = reply.plus(Duration.ofMinutes(15));

    assertThat(decide(Occasion.ANSWER, reply, inTime, newYork))
        .isEqualTo(new Verdict.GoExempt("answers within 15 minutes", reply));
    assertThat(decide(Occasion.ANSWER, reply, inTime.plusNanos(1), newYork))
        .isInstanceOf(Verdict.Wait.class);
    assertThat(decide(Occasion.TIMER, reply, inTime, newYork)).isInstanceOf(Verdict.Wait.class);
    assertThat(decide(Occasion.BUSINESS_STARTED, reply, inTime, newYork))
        .isInstanceOf(Verdict.Wait.class);
    Instant noon = Instant.parse("2026-03-02T17:00:00Z");
    assertThat(decide(Occasion.ANSWER, noon, noon, newYork)).isEqualTo(new Verdict.Go());
  }

  @Test
  void ownRulesStandInPlaceOfTheFederalOnesWhereTheySpeak() {
    QuietHours own =
        read(Map.of("quiet", "own", "own", List.of(row("US", "fri sat", "20:00-02:00"))));
    Whereabouts newYork = in("US-NY", "America/New_York");

    // Friday's hours go on into Saturday, Saturday's not into Sunday, which no rule names.
    assertThat(own.window(newYork, Instant.parse("2026-03-07T01:00:00Z")))
        .isEqualTo(new Window.Open(Optional.of(Instant.parse("2026-03-07T07:00:00Z"))));
    assertThat(own.nextOpen(newYork, Instant.parse("2026-03-07T07:00:00Z")))
        .contains(Instant.parse("2026-03-08T01:00:00Z"));
    assertThat(own.window(newYork, Instant.parse("2026-03-08T01:00:00Z")))
        .isEqualTo(new Window.Open(Optional.of(Instant.parse("2026-03-08T05:00:00Z"))));
    assertThat(own.nextOpen(in("DE", "Europe/Berlin"), Instant.parse("2026-03-07T01:00:00Z")))
        .contains(Instant.parse("2026-03-07T07:00:00Z"));
  }

  @Test
  void ownRulesNarrowAPreset() {
    QuietHours state =
        read(Map.of("quiet", "state", "own", List.of(row("US-TX", "mon-sun", "10:00-22:00"))));

    assertThat(state.window(in("US-TX", "America/Chicago"), Instant.parse("2026-03-02T16:00:00Z")))
        .isEqualTo(new Window.Open(Optional.of(Instant.parse("2026-03-03T03:00:00Z"))));
  }

  @Test
  void rulesWithoutACommonMomentNeverOpenAndSayWhy() {
    QuietHours early = read(Map.of("own", List.of(row("*", "mon-sun", "06:00-08:00"))));
    QuietHours breakfast =
        read(Map.of("quiet", "own", "own", List.of(row("*", "mon-sun", "08:00-09:00"))));
    Instant now = Instant.parse("2026-03-02T13:30:00Z");

    assertThat(early.window(in("US-NY", "America/New_York"), now))
        .isEqualTo(
            new Window.NeverOpen("the rules leave no moment open in US-NY (America/New_York)"));
    Whereabouts both =
        new Whereabouts(
            List.of(
                new Spot(new Region("US-NY"), ZoneId.of("America/New_York")),
                new Spot(new Region("US-CA"), ZoneId.of("America/Los_Angeles"))),
            Found.UNKNOWN,
            "a test");
    assertThat(breakfast.decide(Occasion.TIMER, Optional.empty(), now, both))
        .isEqualTo(
            new Verdict.Never(
                "no moment suits all of US-NY (America/New_York), US-CA (America/Los_Angeles)"));
    assertThat(breakfast.decide(Occasion.ANSWER, Optional.of(now), now, both))
        .isEqualTo(new Verdict.GoExempt("answers within 15 minutes", now));
  }

  /// Clocks go from 2:00 to 3:00 on 2026-03-08 and from 2:00 back to 1:00 on 2026-11-01.
  @Test
  void hoursAreWhatTheClockShows() {
    Whereabouts newYork = in("US-NY", "America/New_York");
    QuietHours skipped =
        read(Map.of("quiet", "own", "own", List.of(row("*", "mon-sun", "02:30-03:30"))));
    QuietHours twice =
        read(Map.of("quiet", "own", "own", List.of(row("*", "mon-sun", "01:30-02:00"))));

    assertThat(skipped.window(newYork, Instant.parse("2026-03-08T06:59:59Z")))
        .isInstanceOfSatisfying(
            Window.Shut.class,
            it -> assertThat(it.until()).isEqualTo(Instant.parse("2026-03-08T07:00:00Z")));
    assertThat(skipped.window(newYork, Instant.parse("2026-03-08T07:00:00Z")))
        .isEqualTo(new Window.Open(Optional.of(Instant.parse("2026-03-08T07:30:00Z"))));
    assertThat(twice.nextOpen(newYork, Instant.parse("2026-11-01T04:00:00Z")))
        .contains(Instant.parse("2026-11-01T05:30:00Z"));
    assertThat(twice.nextOpen(newYork, Instant.parse("2026-11-01T06:00:00Z")))
        .contains(Instant.parse("2026-11-01T06:30:00Z"));
  }

  /// In Cairo the clock skips the hour from midnight on 2026-04-24.
  @Test
  void aDayMayBeginAtOne() {
    QuietHours own = read(Map.of("quiet", "own", "own", List.of(row("*", "fri", "00:00-02:00"))));

    assertThat(own.window(in("EG", "Africa/Cairo"), Instant.parse("2026-04-23T22:00:00Z")))
        .isEqualTo(new Window.Open(Optional.of(Instant.parse("2026-04-23T23:00:00Z"))));
  }

  @Test
  void whatIsNotSetIsFederal() {
    assertThat(read(Map.of())).isEqualTo(QuietHours.DEFAULT);
    assertThat(QuietHours.DEFAULT.preset()).isEqualTo(Preset.FEDERAL);
    assertThat(
            QuietHours.DEFAULT.locate(Clues.of(Values.EMPTY, new Address("+12125550100"))).clue())
        .isEqualTo("area code 212");
  }

  @Test
  void rulesAreAList() {
    List<FlowProblem> problems = new ArrayList<>();

    QuietHours.read(Place.root(Map.of("own", row("US", "mon", "shut")), problems));

    assertThat(problems)
        .containsExactly(new FlowProblem("#/own", "must be a list, each item after a dash"));
  }

  @Test
  void everythingWrongWithTheSettingsIsSaid() {
    List<FlowProblem> problems = new ArrayList<>();

    QuietHours.read(
        Place.root(
            Map.of(
                "quite", "strict",
                "quiet", "some",
                "answer_within", "15 minutes",
                "home", "Texas",
                "own", List.of(Map.of("where", "Texas", "days", "funday", "open", "8-20"))),
            problems));

    assertThat(problems.stream().map(FlowProblem::propertyPath))
        .containsExactlyInAnyOrder(
            "#/quite",
            "#/quiet",
            "#/answer_within",
            "#/home",
            "#/own/0/where",
            "#/own/0/days",
            "#/own/0/open");
  }

  /// The rules of the facts on file, each with who says it.
  @Test
  void everyShippedRuleHasASourceAndADate() {
    assertThat(Rule.SHIPPED)
        .isNotEmpty()
        .allMatch(rule -> !rule.source().isBlank() && rule.asOf().matches("\\d{4}-\\d{2}-\\d{2}"))
        .allMatch(rule -> !rule.days().week().isEmpty() || rule.days().holidays());
    assertThat(Rule.SHIPPED.stream().map(rule -> rule.where().code()).distinct())
        .contains("*", "US", "US-FL", "US-OK", "US-WA", "US-TX", "US-RI", "US-ME", "US-PA");
  }

  private static Verdict decide(
      Occasion occasion, Instant reply, Instant now, Whereabouts whereabouts) {
    return QuietHours.DEFAULT.decide(occasion, Optional.of(reply), now, whereabouts);
  }

  private static QuietHours hours(Preset preset) {
    return read(Map.of("quiet", preset.word(), "own", own(preset)));
  }

  private static List<Object> own(Preset preset) {
    return Stream.of(row("*", "mon-sun", "08:00-21:00")).filter(_ -> preset == Preset.OWN).toList();
  }

  static Object row(String where, String days, String open) {
    return Map.of("where", where, "days", days, "open", open);
  }

  static QuietHours read(Map<String, Object> settings) {
    List<FlowProblem> problems = new ArrayList<>();
    QuietHours hours = QuietHours.read(Place.root(settings, problems));
    assertThat(problems).isEmpty();
    return hours;
  }

  static Whereabouts in(String region, String zone) {
    return new Whereabouts(
        List.of(new Spot(new Region(region), ZoneId.of(zone))), Found.STATE, "state " + region);
  }
}
