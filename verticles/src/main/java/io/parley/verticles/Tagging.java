package io.parley.verticles;

import io.parley.intents.LiveTagger;
import io.parley.intents.Reply;
import io.parley.intents.Tags;
import io.parley.intents.learning.OwnTags;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tags replies beside the event loops. What the rules settle is answered at once, on the caller's
/// thread, where it is short; all else waits for one of a few workers, each of which takes what
/// waits, up to [#MOST_AT_ONCE] replies, and tags it together. The model is loaded in the
/// background: until it is there, and where it does not come, the rules tag alone.
///
/// [#tag] may be called from any context, and answers on it; all else is confined to this one.
final class Tagging extends VerticleBase {

  /// Replies that a worker tags together. Some five milliseconds each, so that whoever comes next
  /// waits less than a tenth of a second for a worker.
  private static final int MOST_AT_ONCE = 16;

  /// Beyond this more workers would only take the cores from the event loops.
  private static final int MOST_WORKERS = 4;

  /// How long a reply waits for the model. It is a part of the time in which the sender wants an
  /// answer ([io.parley.engine.Moment#ANSWERED_WITHIN]), and most of that is the database's.
  static final Duration PATIENCE = Duration.ofSeconds(1);

  /// From here on, in characters, the rules do not look at a reply on an event loop either.
  private static final int LONG = 320;

  private static final Logger LOG = LoggerFactory.getLogger(Tagging.class);

  private final LiveTagger tagger;
  private final Metrics metrics;
  private final Readiness readiness;
  private final Duration patience;
  private final int workers;
  private final Deque<Waiting> queue = new ConcurrentLinkedDeque<>();
  private final AtomicInteger depth = new AtomicInteger();
  private final AtomicInteger idle;
  private By by = By.MODEL;
  private Optional<WorkerExecutor> threads = Optional.empty();
  private Future<Boolean> loading = Future.succeededFuture(false);

  /// What replies are tagged by.
  enum By {
    /// By the rules and the model.
    MODEL,
    /// By the rules alone: own tags are not given, and opt-outs in unusual words are asked about or
    /// missed.
    RULES;

    static By read(SettingsReader reader) {
      String word =
          reader.oneOf(
              SettingName.TAGGER, it -> it.equals("model") || it.equals("rules"), "model or rules");
      return word.equals("rules") ? RULES : MODEL;
    }
  }

  /// A reply that waits for the model. Whoever settles it first, a worker or the end of patience,
  /// answers.
  private static final class Waiting {
    private final Reply reply;
    private final Context context;
    private final Promise<Tags> answer = Promise.promise();
    private final AtomicBoolean settled = new AtomicBoolean();
    private final long since = System.nanoTime();

    Waiting(Reply reply, Context context) {
      this.reply = reply;
      this.context = context;
    }
  }

  /// @param patience how long a reply waits for the model
  Tagging(LiveTagger tagger, Metrics metrics, Readiness readiness, Duration patience) {
    this.tagger = tagger;
    this.metrics = metrics;
    this.readiness = readiness;
    this.patience = patience;
    this.workers = Math.clamp(Runtime.getRuntime().availableProcessors() - 1, 1, MOST_WORKERS);
    this.idle = new AtomicInteger(workers);
  }

  /// The model is not to be loaded. To be said before this starts.
  void byRulesAlone() {
    by = By.RULES;
  }

  /// Completes before the model is there.
  @Override
  public Future<?> start() {
    WorkerExecutor made = vertx.createSharedWorkerExecutor("parley-tagger", workers);
    threads = Optional.of(made);
    metrics.taggerServes(false);
    if (by == By.RULES) {
      readiness.tagger("on: rules alone, as PARLEY_TAGGER says");
      return Future.succeededFuture();
    }
    readiness.tagger("on: rules, while the model is loaded");
    loading = made.executeBlocking(this::load, false);
    return Future.succeededFuture();
  }

  private boolean load() {
    long begun = System.nanoTime();
    try {
      tagger.load();
    } catch (RuntimeException | LinkageError e) {
      LOG.atError().setCause(e).log("the model of replies cannot be loaded: the rules tag alone");
      readiness.tagger("on: rules alone, the model cannot be loaded: " + e.getMessage());
      return false;
    }
    LOG.atInfo()
        .addKeyValue("millis", (System.nanoTime() - begun) / 1_000_000)
        .addKeyValue("version", tagger.version())
        .log("the model of replies serves");
    metrics.taggerServes(true);
    readiness.tagger("on: " + tagger.version());
    return true;
  }

  /// Completes when the model serves, or will not: whether it does.
  Future<Boolean> loaded() {
    return loading;
  }

  /// Tags by these from now on, in place of those before; completes when they serve.
  Future<Void> learn(List<OwnTags> tags) {
    // Not on the workers: they go on tagging meanwhile.
    return vertx
        .<Void>executeBlocking(
            () -> {
              tagger.learn(tags);
              return null;
            },
            false)
        .onSuccess(_ -> readiness.tagger("on: " + tagger.version()));
  }

  /// What a reply means. What the model does not judge in time, the rules do; it fails only where
  /// they do, too.
  Future<Tags> tag(Reply reply) {
    long begun = System.nanoTime();
    Optional<Tags> settled = isLong(reply) ? Optional.empty() : tagger.settled(reply);
    if (settled.isPresent()) {
      metrics.tagged(tagger.loaded() ? "rules" : "no_model", System.nanoTime() - begun);
      return Future.succeededFuture(settled.get());
    }
    Waiting waiting = new Waiting(reply, vertx.getOrCreateContext());
    long timer = vertx.setTimer(patience.toMillis(), _ -> runOutOfPatience(waiting));
    queue.add(waiting);
    metrics.tagsWait(depth.incrementAndGet());
    employ();
    return waiting.answer.future().onComplete(_ -> vertx.cancelTimer(timer));
  }

  /// Long replies say nothing plain, and cost the rules milliseconds.
  private static boolean isLong(Reply reply) {
    return reply.parameters().text("Body").orElse("").length() > LONG;
  }

  private void runOutOfPatience(Waiting waiting) {
    vertx.executeBlocking(
        () -> {
          answerByRules(waiting, "patience");
          return true;
        },
        false);
  }

  /// Sets one more worker on what waits, where one is idle.
  private void employ() {
    int free = idle.get();
    while (free > 0) {
      if (idle.compareAndSet(free, free - 1)) {
        threads.orElseThrow().executeBlocking(this::work, false);
        return;
      }
      free = idle.get();
    }
  }

  /// On a worker: one batch, and another worker for what is left.
  private boolean work() {
    try {
      List<Waiting> batch = batch();
      if (!batch.isEmpty()) {
        tag(batch);
      }
    } finally {
      idle.incrementAndGet();
    }
    if (!queue.isEmpty()) {
      employ();
    }
    return true;
  }

  private List<Waiting> batch() {
    List<Waiting> batch = new ArrayList<>();
    while (batch.size() < MOST_AT_ONCE) {
      Waiting next = queue.poll();
      if (next == null) {
        break;
      }
      if (!next.settled.get()) {
        batch.add(next);
      }
    }
    return batch;
  }

  private void tag(List<Waiting> batch) {
    metrics.tagsTogether(batch.size());
    try {
      List<Tags> tags = tagger.tag(batch.stream().map(it -> it.reply).toList());
      for (int i = 0; i < batch.size(); i++) {
        answer(batch.get(i), "model", tags.get(i));
      }
    } catch (RuntimeException | LinkageError | VirtualMachineError bug) {
      if (batch.size() > 1) {
        // One that breaks the model costs no other its judgement.
        batch.forEach(it -> tag(List.of(it)));
        return;
      }
      LOG.atError().setCause(bug).log("the model of replies failed: the rules tag alone");
      batch.forEach(it -> answerByRules(it, "failure"));
    }
  }

  /// A reply that the rules fail at, too, is an error of its own, and of no other's.
  private void answerByRules(Waiting waiting, String by) {
    try {
      answer(waiting, by, tagger.byRules(waiting.reply));
    } catch (RuntimeException | StackOverflowError bug) {
      if (waiting.settled.compareAndSet(false, true)) {
        metrics.tagsWait(depth.decrementAndGet());
        waiting.context.runOnContext(_ -> waiting.answer.tryFail(bug));
      }
    }
  }

  private void answer(Waiting waiting, String by, Tags tags) {
    if (waiting.settled.compareAndSet(false, true)) {
      metrics.tagsWait(depth.decrementAndGet());
      metrics.tagged(by, System.nanoTime() - waiting.since);
      waiting.context.runOnContext(_ -> waiting.answer.tryComplete(tags));
    }
  }

  /// What is tagged after this is tagged by the rules.
  @Override
  public Future<?> stop() {
    return loading
        .eventually(
            () ->
                threads.<Future<Void>>map(WorkerExecutor::close).orElseGet(Future::succeededFuture))
        .eventually(
            () ->
                vertx.executeBlocking(
                    () -> {
                      tagger.close();
                      return true;
                    }));
  }
}
