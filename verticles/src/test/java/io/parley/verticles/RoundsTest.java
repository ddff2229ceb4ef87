package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RoundsTest {

  private final Queue<Promise<Void>> underWay = new ArrayDeque<>();
  private final Rounds rounds =
      new Rounds(this::round, new Complaint(LoggerFactory.getLogger(RoundsTest.class), "it fails"));
  private int begun;

  private Future<Void> round() {
    begun++;
    Promise<Void> promise = Promise.promise();
    underWay.add(promise);
    return promise.future();
  }

  @Test
  void whatComesInARoundIsDoneInOneMore() {
    rounds.more();
    rounds.more();
    rounds.more();
    assertThat(begun).isEqualTo(1);

    underWay.remove().complete();
    assertThat(begun).isEqualTo(2);

    underWay.remove().complete();
    assertThat(begun).isEqualTo(2);
  }

  @Test
  void aRoundThatFailsIsNotTheLastOne() {
    rounds.more();
    underWay.remove().fail("no database");

    rounds.more();

    assertThat(begun).isEqualTo(2);
  }

  @Test
  void aRoundThatThrowsIsNotTheLastOne() {
    Rounds throwing =
        new Rounds(
            () -> {
              begun++;
              throw new IllegalStateException("broken");
            },
            new Complaint(LoggerFactory.getLogger(RoundsTest.class), "it fails"));

    throwing.more();
    throwing.more();

    assertThat(begun).isEqualTo(2);
  }

  @Test
  void theEndWaitsForTheRoundUnderWayAndBeginsNoOther() {
    rounds.more();
    rounds.more();

    Future<Void> end = rounds.end();
    assertThat(end.isComplete()).isFalse();
    underWay.remove().complete();

    assertThat(end.succeeded()).isTrue();
    rounds.more();
    assertThat(begun).isEqualTo(1);
  }
}
