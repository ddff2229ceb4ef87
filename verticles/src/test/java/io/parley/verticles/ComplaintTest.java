package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ComplaintTest {

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private long now = -5;
  private final Complaint complaint =
      new Complaint(LoggerFactory.getLogger(ComplaintTest.class), "all is wrong", () -> now);

  @Test
  void anOutageIsLoggedWhenItBeginsEachMinuteAndWhenItIsOver() {
    try (Log _ = Log.into(lines)) {
      complaint.worked();
      for (int second = 0; second <= 90; second++) {
        complaint.failed("refused");
        now += Duration.ofSeconds(1).toNanos();
      }
      complaint.worked();
      complaint.worked();
      complaint.failed("refused");
    }

    assertThat(lines)
        .containsExactly(
            "all is wrong [why=\"refused\", failures=\"1\"] ",
            "all is wrong [why=\"refused\", failures=\"61\"] ",
            "it is over that all is wrong [failures=\"91\"] ",
            "all is wrong [why=\"refused\", failures=\"1\"] ");
  }
}
