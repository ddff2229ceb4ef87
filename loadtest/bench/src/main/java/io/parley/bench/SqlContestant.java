package io.parley.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// Plain SQL as a contestant: clients that write turns' rows as fast as a [SqlForm] lets them, over
/// prepared statements.
///
/// Orders: `run CONVERSATIONS IN_FLIGHT MILLIS`; how many are under way is the form's.
public final class SqlContestant implements Orders.Obedient, AutoCloseable {

  /// Longer than any statement here.
  private static final int LONGEST_STATEMENT = 10_000;

  private static final long PATIENCE_SECONDS = 120;

  private final Vertx vertx = Vertx.vertx();
  private final SqlForm form;
  private final List<Samples.Turn> samples;
  private final List<Client> clients = new ArrayList<>();
  private final long run = System.nanoTime();

  private SqlContestant(SqlForm form, Samples samples) {
    this.form = form;
    this.samples = samples.turns();
  }

  /// Arguments: the database's URL, the form's name, the file of samples.
  public static void main(String[] arguments) throws Exception {
    SqlForm form = SqlForm.named(arguments[1]);
    try (SqlContestant contestant = new SqlContestant(form, Samples.read(Path.of(arguments[2])))) {
      contestant.connect(arguments[0]);
      Orders.obey(contestant);
    }
    System.exit(0);
  }

  private void connect(String url) {
    PgConnectOptions options =
        PgConnectOptions.fromUri(url)
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheSqlLimit(LONGEST_STATEMENT);
    for (int i = 0; i < form.clients(); i++) {
      Client client = new Client(options, i);
      vertx.deployVerticle(client).await();
      clients.add(client);
    }
  }

  @Override
  public JsonObject obey(String[] words) throws Exception {
    Load load = Load.of(words);
    Histogram latencies = new ConcurrentHistogram(3);
    long begun = System.nanoTime();
    List<Future<Void>> done = new ArrayList<>();
    for (Client client : clients) {
      done.add(client.run(load, begun + load.time().toNanos(), latencies));
    }
    Future.all(done).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return Load.Tally.of(latencies, System.nanoTime() - begun, 0).json();
  }

  @Override
  public void close() {
    vertx.close().await();
  }

  /// A connection and the conversations that it writes: every so-manieth. Confined to its context.
  private final class Client extends VerticleBase {
    private final PgConnectOptions options;
    private final int place;
    private final List<Integer> numbers = new ArrayList<>();
    private PgConnection connection;
    private int next;
    private long written;
    private Promise<Void> done = Promise.promise();

    @SuppressWarnings("NullAway.Init") // the connection is opened when this starts
    Client(PgConnectOptions options, int place) {
      this.options = options;
      this.place = place;
    }

    @Override
    public Future<?> start() {
      return PgConnection.connect(vertx, options)
          .compose(
              opened -> {
                connection = opened;
                return place == 0
                    ? opened.query(form.preparation()).execute().mapEmpty()
                    : Future.succeededFuture();
              });
    }

    Future<Void> run(Load load, long end, Histogram latencies) {
      Promise<Void> finished = Promise.promise();
      context.runOnContext(
          _ -> {
            done = finished;
            write(load, end, latencies);
          });
      return finished.future();
    }

    private void write(Load load, long end, Histogram latencies) {
      if (System.nanoTime() >= end) {
        done.tryComplete();
        return;
      }
      int mine = Math.max(1, load.conversations() / form.clients());
      List<SqlForm.Row> rows = new ArrayList<>();
      int most = Math.min(form.batch(), mine);
      for (int i = 0; i < most; i++) {
        rows.add(row(next));
        next = (next + 1) % mine;
      }
      long begun = System.nanoTime();
      form.write(connection, rows)
          .onComplete(
              answer -> {
                if (answer.failed()) {
                  done.tryFail(answer.cause());
                  return;
                }
                latencies.recordValueWithCount(System.nanoTime() - begun, rows.size());
                write(load, end, latencies);
              });
    }

    private SqlForm.Row row(int index) {
      while (numbers.size() <= index) {
        numbers.add(0);
      }
      int number = numbers.get(index) + 1;
      numbers.set(index, number);
      return new SqlForm.Row(
          UUID.nameUUIDFromBytes(
              ("conversation " + place + " " + index)
                  .getBytes(java.nio.charset.StandardCharsets.UTF_8)),
          number,
          "SM%016x%04x%012x".formatted(run, place, written++),
          OffsetDateTime.now(ZoneOffset.UTC),
          samples.get(index % samples.size()));
    }
  }
}
