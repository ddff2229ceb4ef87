package io.parley.intents;

import io.parley.engine.Tag;
import io.parley.intents.encoding.SentenceEncoder;
import io.parley.intents.evaluation.Clusters;
import io.parley.intents.evaluation.Clusters.Cluster;
import io.parley.intents.evaluation.Evaluation;
import io.parley.intents.evaluation.LabelledLine;
import io.parley.intents.evaluation.TaxonomyCheck;
import io.parley.intents.learning.OwnTags;
import io.parley.intents.learning.Retail;
import io.parley.intents.learning.TagModel;
import io.parley.intents.learning.Taxonomy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/// The tagger of a running service: rules from the first moment, the model as soon as it is loaded,
/// and a shop's own tags as often as they change. Whoever tags never waits for either.
///
/// Safe to use from many threads; [#load] and [#learn] take seconds and belong on a worker.
public final class LiveTagger implements AutoCloseable {

  private final ReplyTagger rules = ReplyTagger.lexical();

  /// Read by those who tag, so that the model is not closed under them.
  private final ReadWriteLock inUse = new ReentrantReadWriteLock();

  private volatile Taught taught = new Taught(rules, List.of());

  private @Nullable SentenceEncoder encoder;
  private @Nullable TagModel bundled;
  private boolean closed;
  private List<OwnTags> own = List.of();

  /// What own tags have taught, by their version; of those that are in use.
  private Map<String, TagModel> learned = Map.of();

  /// One state of all that is known.
  private static final class Taught {

    private final ReplyTagger everywhere;
    private final List<Lesson> lessons;
    private final Map<Map<String, TagModel>, ReplyTagger> taggers = new ConcurrentHashMap<>();

    Taught(ReplyTagger everywhere, List<Lesson> lessons) {
      this.everywhere = everywhere;
      this.lessons = List.copyOf(lessons);
    }

    /// The tagger with the own tags that concern a reply.
    ReplyTagger tagger(Reply reply) {
      Map<String, TagModel> concerned = new LinkedHashMap<>();
      for (Lesson lesson : lessons) {
        if (lesson.tags().concern(reply.flows())) {
          concerned.put(lesson.tags().taxonomy().version(), lesson.model());
        }
      }
      return concerned.isEmpty()
          ? everywhere
          : taggers.computeIfAbsent(concerned, everywhere::beside);
    }
  }

  /// Own tags, and what they have taught.
  private record Lesson(OwnTags tags, TagModel model) {}

  /// Whether the model serves.
  public boolean loaded() {
    return taught.everywhere.modelled();
  }

  /// Names the rules and the tags that a reply to no flow is tagged by.
  public String version() {
    return taught.tagger(Reply.of("")).version();
  }

  /// What a reply means, by all that is loaded: some five milliseconds of the calling thread.
  public Tags tag(Reply reply) {
    return tag(List.of(reply)).getFirst();
  }

  /// What replies mean, all by one state of the tags; a text that comes several times costs the
  /// model one look.
  public List<Tags> tag(List<Reply> replies) {
    inUse.readLock().lock();
    try {
      return tag(replies, taught);
    } finally {
      inUse.readLock().unlock();
    }
  }

  private static List<Tags> tag(List<Reply> replies, Taught by) {
    Map<String, float[]> known = new HashMap<>();
    return replies.stream().map(it -> by.tagger(it).remembering(known).tag(it)).toList();
  }

  /// What a reply means, where the rules settle it; empty where the model has a say. Takes a
  /// fraction of a millisecond.
  public Optional<Tags> settled(Reply reply) {
    return taught.tagger(reply).settled(reply);
  }

  /// What the rules alone make of a reply, and the version that says so.
  public Tags byRules(Reply reply) {
    return rules.tag(reply);
  }

  /// Loads the model with the bundled tags; a second call does nothing, nor one after the end.
  public synchronized void load() {
    if (encoder == null && !closed) {
      encoder = SentenceEncoder.load();
      bundled = Retail.model(encoder);
      use();
    }
  }

  /// Tags by these taxonomies too, in place of those before; waits for the model to load.
  public void teach(List<Taxonomy> taxonomies) {
    learn(taxonomies.stream().map(OwnTags::everywhere).toList());
  }

  /// Tags by these too, in place of those before; waits for the model to load. What was learned
  /// before is not learned again.
  public synchronized void learn(List<OwnTags> tags) {
    own = List.copyOf(tags);
    load();
    use();
  }

  /// What will go wrong with a taxonomy; waits for the model to load.
  public synchronized List<TaxonomyCheck.Finding> check(Taxonomy taxonomy) {
    load();
    return encoder == null || bundled == null
        ? List.of()
        : TaxonomyCheck.of(taxonomy, bundled.teach(taxonomy, encoder::encode));
  }

  /// How well labelled replies are understood by what is loaded.
  public Evaluation evaluate(List<LabelledLine> lines) {
    return Evaluation.of(taught.tagger(Reply.of("")), lines);
  }

  /// Texts in groups by what they mean, the largest first; waits for the model to load.
  public synchronized List<Cluster> clusters(List<String> texts) {
    load();
    return encoder == null ? List.of() : Clusters.of(texts, encoder::encode);
  }

  /// The tag that the model finds the likeliest for a text, however unlikely; nothing where no
  /// model is loaded.
  public Optional<Tag> nearest(String text) {
    return taught.tagger(Reply.of(text)).nearest(text);
  }

  private void use() {
    if (encoder == null || bundled == null) {
      return;
    }
    Map<String, TagModel> models = new LinkedHashMap<>();
    List<Lesson> lessons = new ArrayList<>();
    for (OwnTags tags : own) {
      String version = tags.taxonomy().version();
      TagModel known = learned.get(version);
      TagModel model =
          known == null ? bundled.teach(tags.taxonomy(), encoder::encode).model() : known;
      models.put(version, model);
      lessons.add(new Lesson(tags, model));
    }
    learned = models;
    taught = new Taught(rules.with(encoder::encode, List.of(bundled)), lessons);
  }

  /// Afterwards only the rules serve. Waits for what is being tagged.
  @Override
  public synchronized void close() {
    closed = true;
    taught = new Taught(rules, List.of());
    inUse.writeLock().lock();
    try {
      if (encoder != null) {
        encoder.close();
        encoder = null;
        bundled = null;
        learned = Map.of();
      }
    } finally {
      inUse.writeLock().unlock();
    }
  }
}
