package io.parley.store;

import static io.parley.store.StoreFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class GatheringTest {

  private static final String TWICE =
      "select k.n, 2 * k.q as twice from unnest($1::int[]) with ordinality as k(q, n)";

  private static final StoreFixture STORE = new StoreFixture();

  /// What statements asked for, in the order in which they left.
  private final List<Integer> batches = new CopyOnWriteArrayList<>();

  @AfterAll
  static void close() {
    STORE.close();
  }

  @Test
  void whatIsAskedWhileStatementsAreUnderWayGoesTogether() {
    STORE.execute("create table shut ()");
    PgConnection shutter = STORE.writing();
    await(shutter.query("begin; lock table shut").execute());
    Gathering<Integer> gathering = gathering(TWICE + " where not exists (select from shut)");

    List<Future<List<Row>>> answers = asked(gathering, 1_000);

    await(shutter.query("rollback").execute());
    await(Future.all(answers));
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).result())
          .extracting(row -> row.getInteger("twice"))
          .containsExactly(2 * i);
    }
    assertThat(batches).containsExactly(1, 1, 256, 256, 256, 230);
    await(shutter.close());
  }

  @Test
  void whoAsksAloneIsAnsweredAlone() {
    Gathering<Integer> gathering = twice();

    assertThat(await(gathering.ask(4)).getFirst().getInteger("twice")).isEqualTo(8);
    assertThat(await(gathering.ask(5)).getFirst().getInteger("twice")).isEqualTo(10);

    assertThat(batches).containsExactly(1, 1);
  }

  @Test
  void eachIsAnsweredOnTheContextThatItAskedOn() {
    Gathering<Integer> gathering = twice();
    List<Future<Boolean>> answers =
        IntStream.range(0, 100).mapToObj(i -> askedOnContext(gathering, i)).toList();

    await(Future.all(answers));

    assertThat(answers).allMatch(Future::result);
  }

  private static Future<Boolean> askedOnContext(Gathering<Integer> gathering, int question) {
    Promise<Boolean> same = Promise.promise();
    STORE.vertx.deployVerticle(
        (Deployable)
            context ->
                gathering
                    .ask(question)
                    .onComplete(_ -> same.complete(context.equals(Vertx.currentContext()))));
    return same.future();
  }

  @Test
  void whoAskedBehindSomebodyWhoLeavesIsAnswered() {
    PgConnection shutter = STORE.writing();
    await(shutter.query("select pg_advisory_lock(1), pg_advisory_lock(2)").execute());
    Pool one = poolOfOne(Duration.ofMinutes(1));
    Gathering<Integer> gathering =
        new Gathering<>(
            one,
            """
            select k.n, 2 * k.q as twice, pg_advisory_xact_lock(k.q)
              from unnest($1::int[]) with ordinality as k(q, n)
            """,
            this::parameters);
    Promise<Void> answered = Promise.promise();
    String leaver =
        await(
            STORE.vertx.deployVerticle(
                (Deployable)
                    _ -> {
                      gathering.ask(1).<Void>mapEmpty().onComplete(answered);
                      gathering.ask(2);
                      return Future.succeededFuture();
                    }));
    Future<List<Row>> behind = gathering.ask(3);

    await(shutter.query("select pg_advisory_unlock(1)").execute());
    await(answered.future());
    await(STORE.vertx.undeploy(leaver));
    await(shutter.query("select pg_advisory_unlock(2)").execute());

    assertThat(await(behind).getFirst().getInteger("twice")).isEqualTo(6);
    assertThat(batches).containsExactly(1, 1, 1);
    await(one.close());
    await(shutter.close());
  }

  @Test
  void aFailureReachesEachWhoAskedAndTheNextAreAnswered() {
    Gathering<Integer> gathering =
        gathering(
            """
            select k.n, k.q + missing.added as sum
              from unnest($1::int[]) with ordinality as k(q, n) cross join missing
            """);

    List<Future<List<Row>>> answers = asked(gathering, 300);

    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThatThrownBy(() -> await(answer))
                    .isInstanceOf(PgException.class)
                    .hasMessageContaining("missing"));
    STORE.execute("create table missing as select 1 as added");
    List<Future<List<Row>>> later = asked(gathering, 300);
    await(Future.all(later));
    assertThat(later.get(299).result().getFirst().getInteger("sum")).isEqualTo(300);
  }

  @Test
  void whatPostgresCannotReadFailsForItsAskerAlone() {
    Gathering<Integer> gathering =
        gathering(
            """
            select k.n, 600 / (k.q - 7) as quotient
              from unnest($1::int[]) with ordinality as k(q, n)
            """);

    List<Future<List<Row>>> answers = asked(gathering, 20);

    await(Future.join(answers).otherwiseEmpty());
    for (int i = 0; i < 20; i++) {
      if (i == 7) {
        assertThatThrownBy(() -> await(answers.get(7))).hasMessageContaining("division by zero");
      } else {
        assertThat(answers.get(i).result().getFirst().getInteger("quotient"))
            .isEqualTo(600 / (i - 7));
      }
    }
  }

  @Test
  void whoeverAsksOfADatabaseWithoutAFreeConnectionIsToldAndTheNextAreAnswered() {
    Pool one = poolOfOne(Duration.ofMillis(100));
    Gathering<Integer> gathering = new Gathering<>(one, TWICE, this::parameters);
    SqlConnection taken = await(one.getConnection());

    List<Future<List<Row>>> answers = asked(gathering, 1_000);
    await(Future.join(answers).otherwiseEmpty());

    assertThat(answers).allMatch(Future::failed);
    await(taken.close());
    assertThat(await(gathering.ask(21)).getFirst().getInteger("twice")).isEqualTo(42);
    await(one.close());
  }

  private static Pool poolOfOne(Duration patience) {
    return PgBuilder.pool()
        .with(
            new PoolOptions()
                .setMaxSize(1)
                .setConnectionTimeout(Math.toIntExact(patience.toMillis()))
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
        .connectingTo(STORE.options)
        .using(STORE.vertx)
        .build();
  }

  private static List<Future<List<Row>>> asked(Gathering<Integer> gathering, int many) {
    return IntStream.range(0, many).mapToObj(gathering::ask).toList();
  }

  private Gathering<Integer> twice() {
    return gathering(TWICE);
  }

  private Gathering<Integer> gathering(String sql) {
    return new Gathering<>(STORE.pool, sql, this::parameters);
  }

  private Tuple parameters(List<Integer> questions) {
    batches.add(questions.size());
    return Tuple.of((Object) questions.toArray(Integer[]::new));
  }
}
