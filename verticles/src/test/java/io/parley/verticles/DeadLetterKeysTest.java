package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.store.Seal;
import io.parley.store.Seal.Opening;
import io.parley.store.Seal.Sealed;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeadLetterKeysTest {

  static final String OLD = Base64.getEncoder().encodeToString(new byte[32]);
  static final String NEW =
      Base64.getEncoder()
          .encodeToString(
              "0123456789abcdef0123456789abcdef"
                  .getBytes(java.nio.charset.StandardCharsets.US_ASCII));

  private static Seal seal(String... keys) {
    return switch (DeadLetterKeys.read(List.of(keys))) {
      case DeadLetterKeys.Reading.Usable(var seal) -> seal;
      case DeadLetterKeys.Reading.Unusable(var problem) -> throw new AssertionError(problem);
    };
  }

  @Test
  void whatIsSealedIsOpenedInItsPlace() {
    Seal seal = seal(NEW);

    Sealed sealed = seal.seal("{\"body\": \"déjà vu\"}", "c:1:2 customerio").orElseThrow();

    assertThat(sealed.key()).isEqualTo(seal.key().orElseThrow()).matches("[0-9a-f]{8}");
    assertThat(
            new String(
                Base64.getDecoder().decode(sealed.text()),
                java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("body");
    assertThat(seal.open(sealed, "c:1:2 customerio"))
        .isEqualTo(new Opening.Open("{\"body\": \"déjà vu\"}"));
    assertThat(seal.open(sealed, "c:1:3 customerio")).isInstanceOf(Opening.Shut.class);
  }

  @Test
  void theSameBodyIsNeverSealedAlike() {
    Seal seal = seal(NEW);

    assertThat(Stream.generate(() -> seal.seal("body", "place").orElseThrow().text()).limit(100))
        .doesNotHaveDuplicates();
  }

  @Test
  void whatWasChangedDoesNotOpen() {
    Seal seal = seal(NEW);
    Sealed sealed = seal.seal("body", "place").orElseThrow();
    byte[] bytes = Base64.getDecoder().decode(sealed.text());

    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      String text = Base64.getEncoder().encodeToString(changed);
      assertThat(seal.open(new Sealed(sealed.key(), text), "place"))
          .as("byte %d", i)
          .isInstanceOf(Opening.Shut.class);
    }
    assertThat(seal.open(new Sealed(sealed.key(), "AAAA"), "place"))
        .isInstanceOf(Opening.Shut.class);
    assertThat(seal.open(new Sealed(sealed.key(), "no base64!"), "place"))
        .isInstanceOf(Opening.Shut.class);
  }

  @Test
  void anOldKeyOpensAndTheFirstOneSeals() {
    Sealed before = seal(OLD).seal("body", "place").orElseThrow();
    Seal both = seal(NEW, OLD);

    assertThat(both.open(before, "place")).isEqualTo(new Opening.Open("body"));
    assertThat(both.seal("body", "place").orElseThrow().key())
        .isEqualTo(seal(NEW).key().orElseThrow());
    assertThat(seal(NEW).open(before, "place"))
        .isInstanceOfSatisfying(
            Opening.Shut.class,
            shut -> assertThat(shut.why()).contains("sealed under key " + before.key()));
  }

  @Test
  void aKeyOfAnotherLengthIsRefusedWithoutBeingShown() {
    for (String key : List.of("c2hvcnQ=", "not base64!", OLD + "AA")) {
      assertThat(DeadLetterKeys.read(List.of(NEW, key)))
          .isInstanceOfSatisfying(
              DeadLetterKeys.Reading.Unusable.class,
              it ->
                  assertThat(it.problem())
                      .startsWith("key 2 is not the base64 of 32 bytes")
                      .doesNotContain(key));
    }
    assertThat(seal().seal("body", "place")).isEmpty();
  }
}
