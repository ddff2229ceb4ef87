package io.parley.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTypeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          equal_to|Yes|yes|true
          equal_to|  yes\t|YES |true
          equal_to|yess|yes|false
          equal_to|ÄRGER|ärger|true
          equal_to|1|1.0|false
          not_equal_to|yes|no|true
          not_equal_to| YES |yes|false
          matches_any_of|yup|yes,yeah,yup|true
          matches_any_of|Yeah |yes , yeah,yup|true
          matches_any_of|yes,yeah|yes,yeah,yup|false
          matches_any_of|ye|yes,yeah,yup|false
          does_not_match_any_of|nope|yes,yeah,yup|true
          does_not_match_any_of|YUP|yes,yeah,yup|false
          is_blank| \t |Is Blank|true
          is_blank|x|Is Blank|false
          is_not_blank|x|Is Not Blank|true
          is_not_blank|  |Is Not Blank|false
          regex|6|[1-5]|false
          regex|5|[1-5]|true
          regex|55|[1-5]|false
          regex| YES |ye[s]|true
          regex|ab|a|false
          regex|b|a{1}(?:x)|false
          regex|two words|\\S+\\s\\S+|true
          regex|x|[|false
          contains|aab|aa|true
          contains|aab|A|true
          contains|aab|ba|false
          does_not_contain|aab|ba|true
          does_not_contain|aab|AA|false
          starts_with| Hoot|hoo|true
          starts_with|Shoot|hoo|false
          does_not_start_with|Shoot|hoo|true
          does_not_start_with| Hoot|hoo|false
          less_than|2|10|true
          less_than|10|2|false
          less_than|2|2|false
          less_than|-1.5|1e2|true
          less_than|two|10|false
          less_than|2|ten|false
          greater_than|10|9|true
          greater_than| 10 |9.99|true
          greater_than|9|9.0|false
          greater_than|b|a|false
          greater_than|1,000|9|false
          is_before_time|17:00|16:35|false
          is_before_time|09:05|16:35|true
          is_before_time|9:05|16:35|false
          is_before_time|16:35|16:35|false
          is_before_time|09:05:00|16:35|false
          is_before_time|24:00|16:35|false
          is_after_time|17:00|16:35|true
          is_after_time|16:35|17:00|false
          is_after_time|noon|11:00|false
          is_after_date|2019-08-12|2017-09-04|true
          is_after_date|2017-09-04|2019-08-12|false
          is_after_date|2019-8-12|2017-09-04|false
          is_before_date|2017-09-04|2019-08-12|true
          is_before_date|2017-09-04|2017-09-04|false
          is_before_date|2019-02-30|2019-08-12|false
          is_before_date|12/08/2019|2019-08-12|false
          """)
  void conditionsHoldAsStudioSays(String type, String subject, String value, boolean holds) {
    assertThat(ConditionType.parse(type).orElseThrow().holds(subject, value)).isEqualTo(holds);
  }

  @Test
  void aBareAlternationMatchesWholeTexts() {
    assertThat(ConditionType.REGEX.holds("ax", "a|b")).isFalse();
    assertThat(ConditionType.REGEX.holds("b", "a|b")).isTrue();
  }

  @Test
  void anEmptyOptionMatchesNothing() {
    assertThat(ConditionType.MATCHES_ANY_OF.holds("", "yes,,no")).isFalse();
    assertThat(ConditionType.MATCHES_ANY_OF.holds(" ", "")).isFalse();
  }

  @Test
  void aRegexThatGoesAstrayIsGivenUp() {
    assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          assertThat(ConditionType.REGEX.holds("a".repeat(2_000) + "!", "(a*)*b")).isFalse();
          assertThat(ConditionType.REGEX.holds("a".repeat(10_000), "(a|b)*")).isFalse();
        });
  }

  @Test
  void aNumberWithoutEndIsNoNumber() {
    assertThat(ConditionType.GREATER_THAN.holds("9".repeat(101), "1")).isFalse();
    assertThat(ConditionType.GREATER_THAN.holds("1e999999999", "1")).isTrue();
  }

  @Test
  void everyTypeHasItsWord() {
    assertThat(ConditionType.words()).hasSize(17).allSatisfy(this::isRead);
    assertThat(ConditionType.parse("matches_regex")).isEmpty();
  }

  private void isRead(String word) {
    assertThat(ConditionType.parse(word)).isPresent();
  }

  @Property(tries = 300)
  void nothingThatIsWrittenMakesAConditionFail(
      @ForAll ConditionType type, @ForAll String subject, @ForAll String value) {
    boolean holds = type.holds(subject, value);

    opposite(type).ifPresent(other -> assertThat(other.holds(subject, value)).isEqualTo(!holds));
  }

  private static Optional<ConditionType> opposite(ConditionType type) {
    return switch (type) {
      case EQUAL_TO -> Optional.of(ConditionType.NOT_EQUAL_TO);
      case MATCHES_ANY_OF -> Optional.of(ConditionType.DOES_NOT_MATCH_ANY_OF);
      case IS_BLANK -> Optional.of(ConditionType.IS_NOT_BLANK);
      case CONTAINS -> Optional.of(ConditionType.DOES_NOT_CONTAIN);
      case STARTS_WITH -> Optional.of(ConditionType.DOES_NOT_START_WITH);
      default -> Optional.empty();
    };
  }
}
