package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Values;
import io.parley.intents.Asked;
import io.parley.intents.LiveTagger;
import io.parley.intents.Reply;
import io.parley.intents.Tags;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// On the real model.
class TaggingTest {

  private static final List<String> WISHES =
      List.of(
          "where is my package",
          "any code and how long is shipping to TX?",
          "does it have nuts in it",
          "I already bought it last week",
          "can I send it back, it is too small",
          "what is the capital of France");

  private static final Vertx VERTX = Vertx.vertx();
  private static final LiveTagger TAGGER = new LiveTagger();
  private static final Metrics METRICS = new Metrics();
  private static final Readiness READINESS = new Readiness(true, true, Clock.systemUTC());
  private static final Tagging TAGGING =
      new Tagging(TAGGER, METRICS, READINESS, Duration.ofSeconds(15));

  @BeforeAll
  static void load() {
    Service.await(VERTX.deployVerticle(TAGGING));
    assertThat(Service.await(TAGGING.tag(Reply.of("stop"))).has("opt_out"))
        .as("the rules serve from the first moment")
        .isTrue();
    assertThat(Service.await(TAGGING.loaded())).isTrue();
  }

  @AfterAll
  static void close() {
    Service.await(VERTX.close());
  }

  @Test
  void itSaysThatTheModelServes() {
    assertThat(READINESS.tagger()).startsWith("on: replies-1+retail-1-");
    assertThat(METRICS.scrape()).contains("parley_tagger_model_serves 1.0");
  }

  @Test
  void manyRepliesAtOnceAreTaggedAsEachIsAloneAndTheEventLoopStaysFree() {
    List<Tags> alone = WISHES.stream().map(it -> TAGGER.tag(Reply.of(it))).toList();
    Context loop = VERTX.getOrCreateContext();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] cpu = new long[2];
    long[] onLoop = new long[2];
    List<Future<Tags>> asked = new ArrayList<>();

    Service.await(
        Future.<Void>future(
            done ->
                loop.runOnContext(
                    _ -> {
                      cpu[0] = threads.getCurrentThreadCpuTime();
                      onLoop[0] = Thread.currentThread().threadId();
                      for (int i = 0; i < 16 * WISHES.size(); i++) {
                        asked.add(TAGGING.tag(Reply.of(WISHES.get(i % WISHES.size()))));
                      }
                      Future.all(asked)
                          .onComplete(
                              _ -> {
                                cpu[1] = threads.getCurrentThreadCpuTime();
                                onLoop[1] = Thread.currentThread().threadId();
                                done.complete();
                              });
                    })));

    assertThat(onLoop[1]).as("answered where it was asked").isEqualTo(onLoop[0]);
    for (int i = 0; i < asked.size(); i++) {
      assertThat(asked.get(i).result()).isEqualTo(alone.get(i % alone.size()));
    }
    assertThat((cpu[1] - cpu[0]) / 1_000_000 / asked.size())
        .as("milliseconds of the event loop for a reply, of which the model takes some five")
        .isZero();
    assertThat(METRICS.scrape()).contains("parley_tagger_waiting 0.0");
  }

  @Test
  void whatTheModelIsTooSlowForIsTaggedByTheRulesWhoSaySo() {
    LiveTagger tagger = new LiveTagger();
    Metrics metrics = new Metrics();
    Tagging tagging = new Tagging(tagger, metrics, READINESS, Duration.ofMillis(500));
    Service.await(VERTX.deployVerticle(tagging));
    Service.await(tagging.loaded());
    List<Future<Tags>> asked = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      asked.add(tagging.tag(Reply.of("where is my package number " + i)));
    }
    Future<Tags> settled = tagging.tag(Reply.of("yes"));

    assertThat(settled.succeeded()).as("what the rules settle waits for nothing").isTrue();
    Service.await(Future.all(asked));
    assertThat(asked.stream().map(it -> it.result().version()))
        .contains(tagger.byRules(Reply.of("")).version());
    assertThat(metrics.scrape())
        .contains("parley_tagger_seconds_count{by=\"patience\"}", "parley_tagger_waiting 0.0");
  }

  @Test
  void aLongReplyIsTaggedBesideTheEventLoopWhateverItSays() {
    Reply rambling = Reply.of("stop ".repeat(300));

    Future<Tags> asked = TAGGING.tag(rambling);

    assertThat(asked.isComplete()).isFalse();
    assertThat(Service.await(asked)).isEqualTo(TAGGER.tag(rambling));
  }

  @Test
  @SuppressWarnings("NullAway") // what no type lets through stands for an error in the rules
  void aReplyThatNothingCanTagFailsAloneAndCostsNoWorker() {
    Tagging tagging = new Tagging(TAGGER, new Metrics(), READINESS, Duration.ofSeconds(15));
    Service.await(VERTX.deployVerticle(tagging));
    Service.await(tagging.loaded());
    Reply broken =
        new Reply(
            Values.of("Body", "i want ".repeat(100) + "2"),
            ContactFacts.NOTHING_KNOWN,
            new Asked(null, List.of()));
    List<Future<Tags>> asked = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      asked.add(tagging.tag(broken));
    }
    Future<Tags> beside = tagging.tag(Reply.of("where is my package"));

    Service.await(Future.join(asked).otherwiseEmpty());

    assertThat(asked).allMatch(Future::failed);
    assertThat(Service.await(beside).has("order_status")).isTrue();
    assertThat(Service.await(tagging.tag(Reply.of("does it have nuts in it"))).version())
        .as("the model still serves")
        .contains("+retail-1-");
  }

  @Test
  void withoutItsModelTheRulesTag() {
    LiveTagger closed = new LiveTagger();
    Metrics metrics = new Metrics();
    Tagging tagging = new Tagging(closed, metrics, READINESS, Duration.ofSeconds(1));
    String deployment = Service.await(VERTX.deployVerticle(tagging));
    Service.await(tagging.loaded());

    Service.await(VERTX.undeploy(deployment));

    assertThat(Service.await(tagging.tag(Reply.of("stop texting me"))).has("opt_out")).isTrue();
    assertThat(metrics.scrape()).contains("parley_tagger_seconds_count{by=\"no_model\"} 1");
  }
}
