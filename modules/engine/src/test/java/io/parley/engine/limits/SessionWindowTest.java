package io.parley.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SessionWindowTest {

  private static final Instant HEARD = Instant.parse("2026-03-02T12:00:00Z");
  private static final SessionWindow OPEN = SessionWindow.NEVER_OPENED.heard(HEARD);

  @Test
  void aMessageOpensItForADay() {
    assertThat(SessionWindow.NEVER_OPENED.isOpen(HEARD)).isFalse();
    assertThat(OPEN.isOpen(HEARD)).isTrue();
    assertThat(OPEN.isOpen(HEARD.plus(Duration.ofHours(24)).minusNanos(1))).isTrue();
    assertThat(OPEN.isOpen(HEARD.plus(Duration.ofHours(24)))).isFalse();
    assertThat(OPEN.until()).contains(HEARD.plus(Duration.ofDays(1)));
  }

  @Test
  void aMessageThatComesLateDoesNotShortenIt() {
    assertThat(OPEN.heard(HEARD.minusSeconds(60))).isEqualTo(OPEN);
  }

  @Test
  void whatTwilioSaysShutsItUntilTheNextMessage() {
    Instant refused = HEARD.plus(Duration.ofHours(3));
    SessionWindow shut = OPEN.failed(63_016, refused);

    assertThat(shut.isOpen(refused.plusSeconds(1))).isFalse();
    assertThat(shut.until()).isEmpty();
    assertThat(shut.heard(refused.plusSeconds(1)).isOpen(refused.plusSeconds(2))).isTrue();
    assertThat(OPEN.failed(30_008, refused)).isEqualTo(OPEN);
  }
}
