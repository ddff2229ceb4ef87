package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.EffectId;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClickWindowTest {

  private static final Instant NOW = Instant.parse("2026-03-01T18:00:29Z");

  private static final EffectId SEND = EffectId.parse("466da73c-edc3-8996-9b41-a8ec7c28bcd0:4:0");
  private static final EffectId OTHER = EffectId.parse("466da73c-edc3-8996-9b41-a8ec7c28bcd0:4:1");

  private final ClickWindow window = new ClickWindow();

  @Test
  void aSecondRequestWithinHalfAMinuteIsTheSameClick() {
    assertThat(window.click(SEND, "client", NOW)).isPresent();

    assertThat(window.click(SEND, "client", NOW.plusSeconds(29))).isEmpty();
    assertThat(window.click(SEND, "client", NOW.plusSeconds(58))).isEmpty();
  }

  @Test
  void aRequestAfterHalfAMinuteIsAnotherClickOfAnotherName() {
    String first = window.click(SEND, "client", NOW).orElseThrow();

    assertThat(window.click(SEND, "client", NOW.plusSeconds(30)))
        .hasValueSatisfying(second -> assertThat(second).isNotEqualTo(first));
  }

  @Test
  void anotherNodeComesToTheSameName() {
    assertThat(new ClickWindow().click(SEND, "client", NOW.minusSeconds(20)))
        .isEqualTo(window.click(SEND, "client", NOW));
  }

  @Test
  void clientsAndMessagesAreToldApart() {
    Set<String> names = new HashSet<>();
    window.click(SEND, "client", NOW).ifPresent(names::add);
    window.click(SEND, "another", NOW).ifPresent(names::add);
    window.click(OTHER, "client", NOW).ifPresent(names::add);

    assertThat(names).hasSize(3);
  }

  @Test
  void oneMessageCannotFillTheJournal() {
    long clicks = 0;
    for (int client = 0; client < 1_000; client++) {
      clicks += window.click(SEND, "client " + client, NOW).stream().count();
    }

    assertThat(clicks).isEqualTo(5);
    assertThat(window.click(SEND, "late", NOW.plusSeconds(30))).isPresent();
  }
}
