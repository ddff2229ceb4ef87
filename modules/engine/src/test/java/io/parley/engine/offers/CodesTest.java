package io.parley.engine.offers;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Person;
import io.parley.engine.Values;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodesTest {

  private static final Codes SHAPE = new Codes("SKIN-", 8);

  @Property(tries = 200)
  void aRetryComesToTheSameCode(@ForAll int turn, @ForAll @IntRange(max = 9) int attempt) {
    String code = SHAPE.code("secret", Offers.effect(turn), attempt);

    assertThat(SHAPE.code("secret", Offers.effect(turn), attempt)).isEqualTo(code);
    assertThat(code).matches("SKIN-[34679CFGHJKMNPRTVWXY]{8}");
    assertThat(SHAPE.mask().fits(code)).isTrue();
  }

  @Test
  void anotherEffectAnotherAttemptAndAnotherSecretAreOtherCodes() {
    Set<String> codes = new HashSet<>();
    for (int turn = 0; turn < 2_000; turn++) {
      codes.add(SHAPE.code("a", Offers.effect(turn), 0));
      codes.add(SHAPE.code("a", Offers.effect(turn), 1));
      codes.add(SHAPE.code("b", Offers.effect(turn), 0));
    }

    assertThat(codes).hasSize(6_000);
  }

  @Test
  void charactersThatLookAlikeAreNeverBothInTheAlphabet() {
    for (String pair : new String[] {"0O", "1I", "1L", "2Z", "5S", "8B", "UV", "0Q", "0D"}) {
      assertThat(Codes.ALPHABET.chars().filter(c -> pair.indexOf(c) >= 0).count())
          .isLessThanOrEqualTo(1);
    }
    assertThat(Codes.ALPHABET).doesNotContainPattern("[AEIOU]");
  }

  @ParameterizedTest
  @CsvSource({
    "SPRING-####, spring-0042, true",
    "SPRING-####, SPRING-004, false",
    "SPRING-####, SPRING-00A2, false",
    "A@@**9##, aXy1z912, true",
    "A@@**9##, a1y1z912, false"
  })
  void aMaskFitsCodesOfItsForm(String mask, String code, boolean fits) {
    assertThat(new Mask(mask).fits(code)).isEqualTo(fits);
  }

  @Test
  void aPhoneNumberIsOneNameOnSmsAndOnWhatsApp() {
    Person known = new Person(Optional.of("42"), Values.EMPTY);

    assertThat(PersonKeys.of(known, new Address("whatsapp:+14155550100")))
        .containsExactly("id:42", "to:+14155550100");
    assertThat(PersonKeys.of(Person.UNKNOWN, new Address("+14155550100")))
        .containsExactly("to:+14155550100");
  }
}
