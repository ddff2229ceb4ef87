package io.parley.intents;

import io.parley.intents.encoding.SentenceEncoder;
import io.parley.intents.evaluation.Evaluation;
import io.parley.intents.evaluation.LabelledLine;
import io.parley.intents.evaluation.TaxonomyCheck;
import io.parley.intents.learning.Retail;
import io.parley.intents.learning.TagModel;
import io.parley.intents.learning.Taxonomy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tagger of a running service: rules from the first moment, the model as soon as it is loaded,
/// and a shop's own tags as often as they change. Whoever tags never waits for either.
///
/// Safe to use from many threads; [#load] and [#teach] take seconds and belong on a worker.
public final class LiveTagger implements AutoCloseable {

  private volatile ReplyTagger tagger = ReplyTagger.lexical();

  private @Nullable SentenceEncoder encoder;
  private @Nullable TagModel bundled;
  private List<Taxonomy> own = List.of();

  /// Whether the model serves.
  public boolean loaded() {
    return tagger.modelled();
  }

  public String version() {
    return tagger.version();
  }

  /// What a reply means, by all that is loaded: some five milliseconds of the calling thread.
  public Tags tag(Reply reply) {
    return tagger.tag(reply);
  }

  /// What replies mean, all by one state of the tags.
  public List<Tags> tag(List<Reply> replies) {
    ReplyTagger now = tagger;
    return replies.stream().map(now::tag).toList();
  }

  /// Loads the model with the bundled tags; a second call does nothing.
  public synchronized void load() {
    if (encoder == null) {
      encoder = SentenceEncoder.load();
      bundled = Retail.model(encoder);
      use();
    }
  }

  /// Tags by these taxonomies too, in place of those before; waits for the model to load.
  public synchronized void teach(List<Taxonomy> taxonomies) {
    own = List.copyOf(taxonomies);
    load();
    use();
  }

  /// What will go wrong with a taxonomy; waits for the model to load.
  public synchronized List<TaxonomyCheck.Finding> check(Taxonomy taxonomy) {
    load();
    if (encoder == null || bundled == null) {
      return List.of();
    }
    Set<String> taken = Set.copyOf(bundled.taxonomy().names());
    return TaxonomyCheck.of(taxonomy, bundled.teach(taxonomy, encoder::encode), taken);
  }

  /// How well labelled replies are understood by what is loaded.
  public Evaluation evaluate(List<LabelledLine> lines) {
    return Evaluation.of(tagger, lines);
  }

  private void use() {
    if (encoder == null || bundled == null) {
      return;
    }
    List<TagModel> models = new ArrayList<>();
    models.add(bundled);
    for (Taxonomy taxonomy : own) {
      models.add(bundled.teach(taxonomy, encoder::encode).model());
    }
    tagger = ReplyTagger.of(encoder, models);
  }

  /// Afterwards only the rules serve. A reply that is being tagged must be done.
  @Override
  public synchronized void close() {
    tagger = ReplyTagger.lexical();
    if (encoder != null) {
      encoder.close();
      encoder = null;
      bundled = null;
    }
  }
}
