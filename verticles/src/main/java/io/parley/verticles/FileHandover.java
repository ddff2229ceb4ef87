package io.parley.verticles;

import io.parley.edge.OutcomeFiles;
import io.parley.edge.OutcomeFiles.Filed;
import io.parley.edge.OutcomeSink.Verdict;
import io.parley.engine.Effect;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Has files written, on a thread that may block.
final class FileHandover implements Handover {

  private final Vertx vertx;
  private final OutcomeFiles files;
  private final BlockingCalls threads = new BlockingCalls();

  FileHandover(Vertx vertx, OutcomeFiles files) {
    this.vertx = vertx;
    this.files = files;
  }

  @Override
  public int maxBatchSize() {
    return files.maxBatchSize();
  }

  @Override
  public Future<Handed> hand(List<Effect.Outgoing> reports) {
    Filed filed = files.compose(reports);
    if (filed.effects().isEmpty()) {
      return Future.succeededFuture(Handed.nothing(filed.undeliverable()));
    }
    return threads
        .make(vertx, () -> written(filed))
        .map(
            verdict ->
                Handed.all(filed.effects(), filed.undeliverable(), verdict, "cannot be written"));
  }

  private Verdict written(Filed filed) {
    try {
      files.write(filed.pages());
      return new Verdict.Delivered();
    } catch (IOException e) {
      return new Verdict.Retry("the files cannot be written: " + Phrases.why(e), Optional.empty());
    }
  }

  @Override
  public void close() {
    threads.close();
  }
}
