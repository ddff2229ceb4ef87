package io.parley.store;

import static io.parley.store.StoreFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
      PreparedStatement prepared = await(connection.prepare(TurnPart.statement(parts).sql()));
      await(prepared.close());
    }

    assertThat(all).hasSize(96);
    await(connection.close());
  }

  @Test
  void parametersAreCountedFromOneWithoutGaps() {
    TurnPart.Statement statement =
        TurnPart.statement(EnumSet.of(TurnPart.GIVEN, TurnPart.KEPT, TurnPart.SWEPT));

    assertThat(statement.tables()).containsExactly(TurnTable.GIVEN, TurnTable.KEPT);
    int columns = TurnTable.GIVEN.width() + TurnTable.KEPT.width();
    for (int parameter = 1; parameter <= columns; parameter++) {
      assertThat(statement.sql()).contains("$" + parameter + "::");
    }
    assertThat(statement.sql()).doesNotContain("$" + (columns + 1)).doesNotContain("{");
  }

  @Test
  void rareRowsComeWithEveryPart() {
    TurnRows rows = new TurnRows();
    rows.add(TurnTable.NAMED, null, null, null, null);

    assertThat(TurnPart.of(rows, false)).isEqualTo(EnumSet.allOf(TurnPart.class));
  }

  @Test
  void whatIsWithdrawnIsHeldAgainstWhatIsSettled() {
    TurnRows rows = new TurnRows();
    rows.add(TurnTable.WITHDRAWN, null, null, null);

    assertThat(TurnPart.of(rows, false))
        .containsExactly(TurnPart.GIVEN, TurnPart.SETTLED, TurnPart.WITHDRAWN, TurnPart.SWEPT);
  }

  @Test
  void aRowHasACellForEachColumn() {
    assertThatThrownBy(() -> new TurnRows().add(TurnTable.NAMED, "anna"))
        .hasMessage("NAMED has 4 columns, and is given 1");
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
