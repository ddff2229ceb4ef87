package io.parley.verticles;

import io.parley.edge.OutcomeFiles;
import io.parley.edge.OutcomeFiles.Filed;
import io.parley.edge.OutcomeFiles.Line;
import io.parley.edge.OutcomeSink;
import io.parley.edge.OutcomeSink.Composed;
import io.parley.edge.OutcomeSink.Verdict;
import io.parley.edge.OutcomeTaker;
import io.parley.engine.Effect;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs what would be handed over, whole, and hands nothing over. It is the one place where what is
/// reported of people stands in the log, since that is what it was asked for.
final class DryRun implements Handover {

  private static final Logger LOG = LoggerFactory.getLogger(DryRun.class);

  private final OutcomeTaker taker;
  private final UnaryOperator<String> redaction;

  /// @param redaction takes secrets out of a text
  DryRun(OutcomeTaker taker, UnaryOperator<String> redaction) {
    this.taker = taker;
    this.redaction = redaction;
  }

  @Override
  public int maxBatchSize() {
    return taker.maxBatchSize();
  }

  @Override
  public String outcome() {
    return "dry_run";
  }

  @Override
  public Future<Handed> hand(List<Effect.Outgoing> reports) {
    return Future.succeededFuture(
        switch (taker) {
          case OutcomeSink sink -> asked(sink.compose(reports));
          case OutcomeFiles files -> filed(files.compose(reports));
        });
  }

  private Handed asked(Composed composed) {
    if (!composed.effects().isEmpty()) {
      log(composed.method() + " " + composed.url(), composed.body());
    }
    return Handed.all(composed.effects(), composed.undeliverable(), new Verdict.Delivered(), "");
  }

  private Handed filed(Filed filed) {
    filed
        .pages()
        .forEach(
            page ->
                log(
                    page.folder().toString(),
                    page.lines().stream().map(Line::text).collect(Collectors.joining())));
    return Handed.all(filed.effects(), filed.undeliverable(), new Verdict.Delivered(), "");
  }

  private void log(String where, String what) {
    LOG.atInfo()
        .addKeyValue("destination", taker.destination())
        .addKeyValue("where", redaction.apply(where))
        .addKeyValue("what", redaction.apply(what))
        .log("a dry run: nothing was sent");
  }

  @Override
  public void close() {}
}
