package io.parley.engine.hours;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HolidaysTest {

  /// The dates of the U.S. Naval Observatory's table.
  @ParameterizedTest
  @CsvSource({
    "2000, 04-23",
    "2008, 03-23",
    "2011, 04-24",
    "2024, 03-31",
    "2025, 04-20",
    "2026, 04-05",
    "2027, 03-28",
    "2035, 03-25",
    "2038, 04-25",
    "2049, 04-18"
  })
  void easterIsWhenItIs(int year, String date) {
    assertThat(Holidays.easter(year)).isEqualTo(LocalDate.parse(year + "-" + date));
  }

  /// The Office of Personnel Management's list for 2026, and the Fourth, a Saturday, itself.
  @Test
  void federalHolidaysAreThoseOfTheList() {
    assertThat(in(Holidays.US_FEDERAL, 2026))
        .containsExactly(
            "01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "07-04", "09-07", "10-12",
            "11-11", "11-26", "12-25");
  }

  @Test
  void newYearsDayOnASaturdayIsObservedInTheOldYear() {
    assertThat(Holidays.US_FEDERAL.name(LocalDate.parse("2021-12-31"))).contains("New Year's Day");
  }

  /// gov.uk/bank-holidays, England and Wales.
  @Test
  void bankHolidaysAtAWeekendHaveASubstitute() {
    assertThat(in(Holidays.UK, 2026))
        .containsExactly(
            "01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-26", "12-28");
    assertThat(in(Holidays.UK, 2027)).contains("12-25", "12-26", "12-27", "12-28");
    assertThat(Holidays.UK.name(LocalDate.parse("2022-12-27"))).contains("Christmas Day");
    assertThat(Holidays.UK.name(LocalDate.parse("2022-12-26"))).contains("Boxing Day");
    assertThat(Holidays.UK.name(LocalDate.parse("2022-01-03"))).contains("New Year's Day");
  }

  @Test
  void germanyAndFranceFollowEaster() {
    assertThat(in(Holidays.DE, 2026))
        .containsExactly(
            "01-01", "04-03", "04-06", "05-01", "05-14", "05-25", "10-03", "12-25", "12-26");
    assertThat(in(Holidays.FR, 2026))
        .containsExactly(
            "01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01",
            "11-11", "12-25");
  }

  private static List<String> in(Holidays holidays, int year) {
    return Stream.iterate(
            LocalDate.of(year, 1, 1), it -> it.getYear() == year, it -> it.plusDays(1))
        .filter(it -> holidays.name(it).isPresent())
        .map(it -> it.toString().substring(5))
        .toList();
  }
}
