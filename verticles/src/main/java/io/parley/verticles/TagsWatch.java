package io.parley.verticles;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the tagger at what the folder of own tags says, from when the model serves. Confined to
/// its context.
final class TagsWatch extends VerticleBase {

  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(TagsWatch.class);

  private final TagsFolder folder;
  private final Tagging tagging;
  private final Metrics metrics;
  private final Rounds rounds =
      new Rounds(this::look, new Complaint(LOG, "the folder of own tags cannot be read"));

  TagsWatch(Path folder, Tagging tagging, Metrics metrics) {
    this.folder = new TagsFolder(folder);
    this.tagging = tagging;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    tagging
        .loaded()
        .onSuccess(
            serves -> {
              if (serves) {
                rounds.every(PERIOD, vertx);
              }
            });
    return Future.succeededFuture();
  }

  private Future<?> look() {
    return vertx
        .executeBlocking(folder::changed)
        .compose(changed -> changed.map(this::learn).orElseGet(Future::succeededFuture));
  }

  private Future<Void> learn(TagsFolder.Reading reading) {
    reading
        .problems()
        .forEach(
            it -> {
              metrics.ownTags("refused");
              LOG.atError().addKeyValue("problem", it).log("a file of own tags is not used");
            });
    long begun = System.nanoTime();
    return tagging
        .learn(reading.tags())
        .onSuccess(
            _ -> {
              metrics.ownTags("learned");
              LOG.atInfo()
                  .addKeyValue("files", reading.tags().size())
                  .addKeyValue("millis", (System.nanoTime() - begun) / 1_000_000)
                  .log("own tags serve");
            });
  }
}
