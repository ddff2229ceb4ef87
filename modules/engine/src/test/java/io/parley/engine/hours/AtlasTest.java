package io.parley.engine.hours;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Values;
import io.parley.engine.hours.Whereabouts.Found;
import io.parley.engine.hours.Whereabouts.Spot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AtlasTest {

  private static final Region US = new Region("US");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          +12125550100 | US-NY (America/New_York)
          +19155550100 | US-TX (America/Denver)
          +16025550100 | US-AZ (America/Phoenix)
          +19285550100 | US-AZ (America/Denver), US-AZ (America/Phoenix)
          +18505550100 | US-FL (America/Chicago), US-FL (America/New_York)
          +12085550100 | US-ID (America/Denver), US-ID (America/Los_Angeles)
          +18085550100 | US-HI (Pacific/Honolulu)
          +17875550100 | US-PR (America/Puerto_Rico)
          +14165550100 | CA-ON (America/Toronto)
          +18765550100 | JM (America/Jamaica)
          whatsapp:+4915112345678 | DE (Europe/Berlin), DE (Europe/Busingen)
          +353861234567 | IE (Europe/Dublin)
          """)
  void aNumberIsWhereItsCodeIs(String address, String spots) {
    assertThat(spots(find(Map.of(), address))).isEqualTo(spots);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          78701      | US-TX (America/Chicago)
          79901-1234 | US-TX (America/Denver)
          86503      | US-AZ (America/Denver), US-AZ (America/Phoenix)
          02906      | US-RI (America/New_York)
          63101      | US-MO (America/Chicago)
          37402      | US-TN (America/Chicago), US-TN (America/New_York)
          83201      | US-ID (America/Denver)
          99501      | US-AK (America/Adak), US-AK (America/Anchorage)
          """)
  void aPostalCodeIsWhereItsFirstDigitsAre(String code, String spots) {
    Whereabouts found = find(Map.of("postal_code", code), "+12125550100");

    assertThat(spots(found)).isEqualTo(spots);
    assertThat(found.found()).isEqualTo(Found.POSTAL_CODE);
    assertThat(found.clue()).isEqualTo("postal code " + code.substring(0, 5));
  }

  @Test
  void theBestClueTellsTheZone() {
    String number = "+13055550100";

    assertThat(found(find(Map.of("time_zone", "America/Denver", "zip", "78701"), number)))
        .isEqualTo("TIME_ZONE US-TX (America/Denver): time zone America/Denver, postal code 78701");
    assertThat(found(find(Map.of("zip", "78701", "state", "CA"), number)))
        .isEqualTo("POSTAL_CODE US-TX (America/Chicago): postal code 78701");
    assertThat(found(find(Map.of("state", "california"), number)))
        .isEqualTo("STATE US-CA (America/Los_Angeles): state US-CA");
    assertThat(found(find(Map.of(), number)))
        .isEqualTo("AREA_CODE US-FL (America/New_York): area code 305");
  }

  @Test
  void aTimeZoneKeepsTheStateOfTheAreaCode() {
    assertThat(found(find(Map.of("time_zone", "America/New_York"), "+13055550100")))
        .isEqualTo("TIME_ZONE US-FL (America/New_York): time zone America/New_York, area code 305");
  }

  @Test
  void aTimeZoneAloneMayBeAnyStateThatKeepsIt() {
    Whereabouts pacific = find(Map.of("time_zone", "US/Pacific", "country", "US"), "+18005550100");

    assertThat(pacific.spots())
        .extracting(it -> it.region().code())
        .containsExactly("US-CA", "US-ID", "US-NV", "US-OR", "US-WA");
    assertThat(find(Map.of("time_zone", "Europe/Paris"), "shopper").countries())
        .containsExactly(new Region("FR"));
    assertThat(find(Map.of("time_zone", "UTC"), "shopper").countries())
        .containsExactly(Region.NOWHERE);
  }

  @Test
  void aStateIsReadByItsNameAndItsCode() {
    for (String state : List.of("TX", "tx", "Texas", "US-TX")) {
      assertThat(spots(find(Map.of("state", state, "country", "US"), "shopper")))
          .isEqualTo("US-TX (America/Chicago), US-TX (America/Denver)");
    }
    assertThat(find(Map.of("state", "ON"), "+14165550100").spots())
        .extracting(it -> it.region().code())
        .containsOnly("CA-ON");
  }

  @Test
  void onlyCodesOfTheUnitedStatesAreReadAsSuch() {
    assertThat(find(Map.of("postal_code", "10115"), "+4915112345678").found())
        .isEqualTo(Found.COUNTRY);
    assertThat(spots(find(Map.of("postal_code", "V5K 0A1"), "+16045550100")))
        .startsWith("CA-BC (America/Edmonton)");
    assertThat(find(Map.of("postal_code", "00000"), "+12125550100").found())
        .isEqualTo(Found.AREA_CODE);
  }

  @Test
  void aCountryWithManyZonesIsInAllOfThem() {
    assertThat(find(Map.of("country", "AU"), "shopper").spots())
        .extracting(Spot::zone)
        .extracting(Object::toString)
        .contains("Australia/Perth", "Australia/Sydney", "Australia/Darwin");
  }

  @Test
  void aTerritoryIsPartOfTheUnitedStates() {
    assertThat(spots(find(Map.of("country", "PR"), "shopper")))
        .isEqualTo("US-PR (America/Puerto_Rico)");
    assertThat(spots(find(Map.of("country", "DE"), "shopper"))).startsWith("DE (Europe/Berlin)");
  }

  @Test
  void ofWhomNothingIsKnownMayBeAnywhereInTheContiguousStates() {
    Whereabouts unknown = find(Map.of(), "+18005550100");

    assertThat(unknown.found()).isEqualTo(Found.UNKNOWN);
    assertThat(unknown.clue()).isEqualTo("nothing: the contiguous US");
    assertThat(unknown.spots()).extracting(it -> it.region().code()).hasSizeGreaterThan(49);
    assertThat(unknown.spots())
        .extracting(it -> it.region().code())
        .doesNotContain("US-AK", "US-HI", "US-PR")
        .contains("US-ME", "US-WA", "US-DC");
    assertThat(spots(Atlas.find(Clues.of(Values.EMPTY, new Address("shopper")), new Region("GB"))))
        .isEqualTo("GB (Europe/London)");
  }

  /// 48 states and the district, each with a zone of its own.
  @Test
  void everyTableNamesZonesAndStatesThatExist() {
    assertThat(Atlas.unknown(US).spots().stream().map(Spot::region).distinct()).hasSize(49);
    assertThat(Table.read("area-codes.csv").rows()).hasSizeGreaterThan(430);
    for (List<String> row : Table.read("area-codes.csv").rows()) {
      assertThat(find(Map.of(), "+1" + row.getFirst() + "5550100").found())
          .as(row.getFirst())
          .isEqualTo(Found.AREA_CODE);
    }
  }

  private static Whereabouts find(Map<String, Object> attributes, String address) {
    return Atlas.find(Clues.of(new Values(attributes), new Address(address)), US);
  }

  private static String spots(Whereabouts found) {
    return String.join(", ", found.spots().stream().map(Spot::toString).sorted().toList());
  }

  private static String found(Whereabouts found) {
    return found.found() + " " + spots(found) + ": " + found.clue();
  }
}
