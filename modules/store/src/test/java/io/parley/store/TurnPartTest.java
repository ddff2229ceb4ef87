package io.parley.store;

import static io.parley.store.StoreFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PreparedStatement;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TurnPartTest {

  private static final List<TurnPart> OPTIONAL =
      List.of(
          TurnPart.BEGUN,
          TurnPart.OUTGOING,
          TurnPart.SETTLED,
          TurnPart.WITHDRAWN,
          TurnPart.TIMED,
          TurnPart.EXECUTED,
          TurnPart.KEPT);

  private static final StoreFixture STORE = new StoreFixture();

  @AfterAll
  static void close() {
    STORE.close();
  }

  @Test
  void postgresTakesEveryStatement() {
    PgConnection connection = STORE.writing();
    List<EnumSet<TurnPart>> all =
        IntStream.range(0, 1 << OPTIONAL.size())
            .mapToObj(TurnPartTest::parts)
            .filter(it -> it.contains(TurnPart.SETTLED) || !it.contains(TurnPart.WITHDRAWN))
            .toList();

    for (EnumSet<TurnPart> parts : all) {
      PreparedStatement prepared = await(connection.prepare(TurnPart.statement(parts)));
      await(prepared.close());
    }

    assertThat(all).hasSize(96);
    await(connection.close());
  }

  @Test
  void parametersAreCountedFromOneWithoutGaps() {
    String sql = TurnPart.statement(EnumSet.of(TurnPart.GIVEN, TurnPart.KEPT, TurnPart.SWEPT));

    for (int parameter = 1; parameter <= 26; parameter++) {
      assertThat(sql).contains("$" + parameter + (parameter == 18 ? "," : "::"));
    }
    assertThat(sql).doesNotContain("$27");
  }

  private static EnumSet<TurnPart> parts(int chosen) {
    EnumSet<TurnPart> parts = EnumSet.of(TurnPart.GIVEN, TurnPart.SWEPT);
    IntStream.range(0, OPTIONAL.size())
        .filter(place -> (chosen >> place & 1) == 1)
        .mapToObj(OPTIONAL::get)
        .forEach(parts::add);
    return parts;
  }
}
