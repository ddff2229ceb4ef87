package io.parley.engine.hours;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.hours.QuietHours.Preset;
import io.parley.engine.hours.Whereabouts.Found;
import io.parley.engine.hours.Whereabouts.Spot;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What holds of any hours, in zones that change their clocks on different days and in one that
/// does not.
class QuietHoursPropertyTest {

  private static final List<Spot> SPOTS =
      List.of(
          spot("US-NY", "America/New_York"),
          spot("US-TX", "America/Denver"),
          spot("US-AZ", "America/Phoenix"),
          spot("US-AL", "America/Chicago"),
          spot("DE", "Europe/Berlin"),
          spot("EG", "Africa/Cairo"),
          spot("AU", "Australia/Lord_Howe"));

  @Property(tries = 150)
  void theNextOpenMomentIsOpenAndNoMinuteBeforeItIs(
      @ForAll("hours") QuietHours hours,
      @ForAll("places") Whereabouts where,
      @ForAll("moments") Instant now) {
    Optional<Instant> next = hours.nextOpen(where, now);

    if (next.isEmpty()) {
      assertThat(hours.window(where, now)).isInstanceOf(Window.NeverOpen.class);
      return;
    }
    assertThat(hours.window(where, next.get())).isInstanceOf(Window.Open.class);
    Instant end = next.get();
    assertShut(hours, where, max(now, end.minus(Duration.ofDays(2))), end, Duration.ofMinutes(11));
    assertShut(hours, where, max(now, end.minus(Duration.ofHours(4))), end, Duration.ofMinutes(1));
    if (next.get().isAfter(now)) {
      assertThat(isOpen(hours, where, next.get().minusNanos(1))).isFalse();
    }
  }

  private static void assertShut(
      QuietHours hours, Whereabouts where, Instant from, Instant to, Duration step) {
    for (Instant at = from; at.isBefore(to); at = at.plus(step)) {
      assertThat(isOpen(hours, where, at)).as("%s", at).isFalse();
    }
  }

  private static Instant max(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  @Property(tries = 150)
  void anOpenWindowIsOpenUntilItsEnd(
      @ForAll("hours") QuietHours hours,
      @ForAll("places") Whereabouts where,
      @ForAll("moments") Instant now) {
    Instant next = hours.nextOpen(where, now).orElse(now);
    if (hours.window(where, next) instanceof Window.Open(var until) && until.isPresent()) {
      assertThat(isOpen(hours, where, until.get())).isFalse();
      assertThat(isOpen(hours, where, until.get().minusNanos(1))).isTrue();
      for (Instant at = next; at.isBefore(until.get()); at = at.plus(Duration.ofMinutes(7))) {
        assertThat(isOpen(hours, where, at)).as("%s", at).isTrue();
      }
    }
  }

  @Property(tries = 300)
  void nobodyIsWrittenToWhileItIsShutAnywhereTheyMayBe(
      @ForAll("hours") QuietHours hours,
      @ForAll("places") Whereabouts where,
      @ForAll("moments") Instant now) {
    boolean everywhere =
        where.spots().stream()
            .allMatch(spot -> isOpen(hours, new Whereabouts(List.of(spot), Found.STATE, ""), now));

    assertThat(isOpen(hours, where, now)).isEqualTo(everywhere);
  }

  @Property(tries = 300)
  void aStricterPresetNeverOpensWhereALaxerOneIsShut(
      @ForAll("places") Whereabouts where, @ForAll("moments") Instant now) {
    boolean federal = isOpen(preset(Preset.FEDERAL), where, now);
    boolean state = isOpen(preset(Preset.STATE), where, now);
    boolean strict = isOpen(preset(Preset.STRICT), where, now);

    assertThat(strict).isIn(false, state);
    assertThat(state).isIn(false, federal);
  }

  /// Whether a local time lies in 8 to 21 is what the federal rule says, and all that it says.
  @Property(tries = 300)
  void federalHoursAreReadOffTheClock(
      @ForAll("places") Whereabouts where, @ForAll("moments") Instant now) {
    boolean allowed =
        where.spots().stream()
            .map(spot -> now.atZone(spot.zone()).getHour())
            .allMatch(hour -> hour >= 8 && hour < 21);

    assertThat(isOpen(preset(Preset.FEDERAL), where, now)).isEqualTo(allowed);
  }

  @Property(tries = 300)
  void whatIsShutAndNoAnswerWaitsForAnOpenMomentOrNeverGoes(
      @ForAll("hours") QuietHours hours,
      @ForAll("places") Whereabouts where,
      @ForAll("moments") Instant now) {
    switch (hours.decide(Occasion.TIMER, Optional.of(now), now, where)) {
      case Verdict.Go _ -> assertThat(isOpen(hours, where, now)).isTrue();
      case Verdict.GoExempt exempt -> throw new AssertionError(exempt);
      case Verdict.Wait(var until, var by) -> {
        assertThat(until).isAfter(now);
        assertThat(isOpen(hours, where, until)).isTrue();
        assertThat(by.line()).contains(" in ");
      }
      case Verdict.Never(var why) -> assertThat(why).isNotBlank();
    }
  }

  @Provide
  Arbitrary<QuietHours> hours() {
    Arbitrary<QuietHours> presets =
        Arbitraries.of(Preset.FEDERAL, Preset.STATE, Preset.STRICT)
            .map(QuietHoursPropertyTest::preset);
    Arbitrary<Object> row =
        Combinators.combine(
                Arbitraries.of("*", "US", "US-NY", "DE"),
                Arbitraries.of("mon-sun", "mon-fri", "sat sun", "fri", "sun hol", "sat-mon"),
                Arbitraries.of(
                    "shut",
                    "01:30-02:30",
                    "20:00-02:30",
                    "09:00-12:00,13:00-18:00",
                    "02:15-02:45",
                    "00:00-24:00",
                    "22:00-01:30",
                    "00:00-00:30"))
            .as(QuietHoursTest::row);
    Arbitrary<QuietHours> own =
        Combinators.combine(
                Arbitraries.of("own", "state", "federal"), row.list().ofMinSize(1).ofMaxSize(4))
            .as((preset, rows) -> QuietHoursTest.read(Map.of("quiet", preset, "own", rows)));
    return Arbitraries.oneOf(presets, own);
  }

  @Provide
  Arbitrary<Whereabouts> places() {
    return Arbitraries.of(SPOTS)
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(spots -> new Whereabouts(spots, Found.AREA_CODE, "a test"));
  }

  /// Any minute of the year, and often one near a change of the clocks.
  @Provide
  Arbitrary<Instant> moments() {
    Arbitrary<Instant> begin =
        Arbitraries.oneOf(
            Arbitraries.of("2026-03-08", "2026-11-01", "2026-03-29", "2026-10-25", "2026-04-24")
                .map(date -> Instant.parse(date + "T00:00:00Z").minus(Duration.ofHours(12))),
            Arbitraries.integers()
                .between(0, 364)
                .map(day -> Instant.parse(LocalDate.of(2026, 1, 1).plusDays(day) + "T00:00:00Z")));
    return Combinators.combine(begin, Arbitraries.integers().between(0, 36 * 60))
        .as((from, minutes) -> from.plus(Duration.ofMinutes(minutes)));
  }

  private static boolean isOpen(QuietHours hours, Whereabouts where, Instant at) {
    return hours.nextOpen(where, at).equals(Optional.of(at));
  }

  private static QuietHours preset(Preset preset) {
    return new QuietHours(preset, List.of(), Duration.ofMinutes(15), new Region("US"));
  }

  private static Spot spot(String region, String zone) {
    return new Spot(new Region(region), ZoneId.of(zone));
  }
}
