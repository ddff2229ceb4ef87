package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.intents.learning.TaxonomyReading;
import io.parley.testkit.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class TagsReviewCommandTest {

  private static final Instant NOW = Instant.parse("2026-03-08T12:00:00Z");

  private final Vertx vertx = Vertx.vertx();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String database = "";
  private Pool pool;
  private int turn;

  @BeforeEach
  void thereIsADatabase() {
    database = TestPostgres.database();
    pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(1))
            .connectingTo(PgConnectOptions.fromUri(database))
            .using(vertx)
            .build();
  }

  @AfterEach
  void close() {
    Service.await(pool.close());
    Service.await(vertx.close());
  }

  @Test
  void theLargestGroupComesFirstWithWhatItWasTagged() {
    kept("do you do gift wrap", "", "cart", NOW.minusSeconds(60));
    kept("is gift wrapping available", "", "cart", NOW.minusSeconds(50));
    kept("can I gift wrap this", "product_question", "cart", NOW.minusSeconds(40));
    kept("is paypal ok", "", "care", NOW.minusSeconds(30));
    kept("do you sell bikes", "", "cart", NOW.minusSeconds(8 * 86_400));

    assertThat(run()).isZero();

    assertThat(printed())
        .startsWith("    3  ")
        .contains("tagged: untagged 2, product_question 1; nearest tag: ", "is paypal ok")
        .endsWith("4 replies in 2 groups\n")
        .doesNotContain("bikes");
  }

  @Test
  void aGroupBecomesAFileOfTagsThatCanBeRead() {
    kept("do you do \"gift wrap\": yes/no?", "", "cart", NOW);
    kept("is gift wrapping available", "", "cart", NOW);
    kept("can I gift wrap this", "", "cart", NOW);

    assertThat(run("--yaml")).isZero();

    assertThat(TaxonomyReading.of(printed())).isInstanceOf(TaxonomyReading.Valid.class);
    assertThat(((TaxonomyReading.Valid) TaxonomyReading.of(printed())).taxonomy().texts())
        .containsExactlyInAnyOrder(
            "do you do \"gift wrap\": yes/no?",
            "is gift wrapping available",
            "can I gift wrap this");
  }

  @Test
  void programsGetJsonOfOneFlow() {
    kept("is paypal ok", "", "care", NOW);
    kept("do you do gift wrap", "", "cart", NOW);

    assertThat(run("--flow", "care", "--format", "json")).isZero();

    assertThat(printed())
        .contains("\"representative\":\"is paypal ok\"", "\"tagged\":{\"untagged\":1}")
        .doesNotContain("gift");
  }

  @Test
  void whereNothingWaitsThatIsSaid() {
    kept("do you do gift wrap", "", "cart", NOW.minusSeconds(8 * 86_400));
    kept("", "", "cart", NOW);

    assertThat(run()).isZero();
    assertThat(complained()).contains("no reply waits for review since 2026-03-01T12:00:00Z");

    sql("drop table reply_review");
    assertThat(run()).isEqualTo(1);
    assertThat(complained()).contains("this database keeps no replies for review");

    assertThat(run("--since", "soon")).isEqualTo(2);
  }

  private void kept(String text, String tags, String flow, Instant at) {
    Service.await(
        pool.preparedQuery(
                """
                insert into reply_review
                values ($1, $2, $3, $4, 'hash', $5, 0.2, 'replies-1', $6)
                """)
            .execute(
                Tuple.of(
                    UUID.nameUUIDFromBytes(new byte[] {1}),
                    turn++,
                    at.atOffset(ZoneOffset.UTC),
                    text,
                    tags,
                    flow)));
  }

  private void sql(String statement) {
    Service.await(pool.query(statement).execute());
  }

  private int run(String... arguments) {
    CommandLine line =
        new CommandLine(
            new TagsReviewCommand(stream(out), stream(err), Clock.fixed(NOW, ZoneOffset.UTC)));
    String[] all = new String[arguments.length + 1];
    all[0] = "--database=" + database;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return line.execute(all);
  }

  private static PrintStream stream(ByteArrayOutputStream into) {
    return new PrintStream(into, true, StandardCharsets.UTF_8);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
