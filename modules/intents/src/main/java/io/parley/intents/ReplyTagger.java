package io.parley.intents;

import static io.parley.engine.Tag.HELP;
import static io.parley.engine.Tag.OPT_OUT;
import static io.parley.intents.Tags.OPT_OUT_UNCLEAR;

import io.parley.engine.Block;
import io.parley.engine.Tag;
import io.parley.engine.Values;
import io.parley.intents.encoding.SentenceEncoder;
import io.parley.intents.learning.Retail;
import io.parley.intents.learning.TagModel;
import io.parley.intents.learning.TagModel.Scored;
import io.parley.intents.reading.AnswerReader;
import io.parley.intents.reading.OptOutReader;
import io.parley.intents.reading.OptOutReader.Reading;
import io.parley.intents.reading.Wording;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Tags replies in three tiers: what law, carriers and buttons fix ([KeywordTagger]); what tables
/// of words read; and what the sentence model makes of the rest, where it is loaded. Opt-outs stand
/// above all: where rules and model differ about one, it is asked about, and never passed over.
///
/// Safe to use from many threads. With a model a reply takes some five milliseconds of the calling
/// thread, so it belongs on a worker; without one, microseconds.
public final class ReplyTagger {

  private static final String RULES = "replies-1";

  /// A tag is given from here on, the first one of a reply a little earlier than any other.
  private static final double ENOUGH = 0.25;

  private static final double ENOUGH_BESIDE = 0.5;

  /// Who leaves seldom wants something else.
  private static final double ENOUGH_BESIDE_OPT_OUT = 0.85;

  /// From which score of the model's an opt-out is obeyed or asked about, by what the rules read.
  private static final double OBEYED_WHERE_ASKED = 0.8;

  private static final double OBEYED_WHERE_HINTED = 0.9;
  private static final double OBEYED_ALONE = 0.85;
  private static final double ASKED_WHERE_HINTED = 0.04;
  private static final double ASKED_ALONE = 0.15;
  private static final double NEVER = 2;

  /// Below it the model doubts an opt-out that the rules read among other words: it is asked about.
  private static final double DOUBTED = 0.04;

  /// What is said out of politeness beside an opt-out.
  private static final Set<String> COURTESIES = Set.of("thanks", "yes", "no");

  private static final int MOST_TAGS = 3;
  private static final int MOST_CLAUSES = 4;

  /// Clauses that the model judges, since each costs as much as the reply itself.
  private static final int MOST_JUDGED = 2;

  /// From which score of a second tag on the clauses are judged at all: where the whole reply says
  /// one thing alone, so do they.
  private static final double SECOND_LIKELY = 0.02;

  /// From where on a clause's tag counts, its own score and the whole reply's together.
  private static final double ENOUGH_IN_CLAUSE = 0.4;

  /// What a clause's own score weighs beside the score that its tag has in the whole reply.
  private static final double CLAUSE_SHARE = 0.6;

  private static final Pattern CLAUSE_END =
      Pattern.compile("[.!?;,\\n]+|(?i)\\b(?:and|but|also|plus|y|et|und|e)\\b");

  /// Questions that offer to fall silent, to which yes or no is an opt-out.
  private static final Pattern OFFERS_SILENCE =
      Pattern.compile(
          "(?i)\\b(?:(?:want|like|prefer|wish)\\b.{0,30}\\b(?:stop|unsubscribe|opt out|end|no"
              + " longer)|(?:stop|end|unsubscribe|opt out)\\b.{0,40}\\?|no more"
              + " (?:texts|messages).{0,20}\\?)");

  private static final Pattern OFFERS_MORE =
      Pattern.compile(
          "(?i)\\b(?:keep|continue|still want|still"
              + " like)\\b.{0,40}\\b(?:texts?|texting|messages?|messaging|updates|hear(?:ing)? from"
              + " us|receiving|sending)");

  private static final Set<String> PLAIN = Set.of("yes", "no", "thanks");

  /// The tables of words, which cost some time to read.
  private record Tables(OptOutReader optOuts, AnswerReader answers) {}

  private final KeywordTagger keywords = new KeywordTagger();
  private final Tables tables;
  private final OptOutReader optOuts;
  private final AnswerReader answers;
  private final Optional<Function<String, float[]>> encoder;
  private final List<TagModel> models;
  private final String version;

  private ReplyTagger(
      Tables tables,
      Optional<Function<String, float[]>> encoder,
      List<TagModel> models,
      String version) {
    this.tables = tables;
    this.optOuts = tables.optOuts();
    this.answers = tables.answers();
    this.encoder = encoder;
    this.models = List.copyOf(models);
    this.version = version;
  }

  /// Without a model: what serves until one is loaded.
  public static ReplyTagger lexical() {
    return new ReplyTagger(
        new Tables(new OptOutReader(), new AnswerReader()), Optional.empty(), List.of(), RULES);
  }

  /// With the bundled tags. Takes a second or two.
  ///
  /// @param encoder stays its caller's to close
  public static ReplyTagger retail(SentenceEncoder encoder) {
    return of(encoder, List.of(Retail.model(encoder)));
  }

  /// @param models whose tags are given; a later one's tag beats an earlier one's by its score
  ///     alone
  public static ReplyTagger of(SentenceEncoder encoder, List<TagModel> models) {
    return lexical().with(encoder::encode, models);
  }

  /// The same rules with models.
  ///
  /// @param vectors what makes the vector of a text
  ReplyTagger with(Function<String, float[]> vectors, List<TagModel> others) {
    StringBuilder name = new StringBuilder(RULES);
    others.forEach(it -> name.append('+').append(it.taxonomy().version()));
    return new ReplyTagger(tables, Optional.of(vectors), others, name.toString());
  }

  /// The same with a shop's own tags, too.
  ///
  /// @param others what they have taught, each by its version
  ReplyTagger beside(Map<String, TagModel> others) {
    List<TagModel> all = new ArrayList<>(models);
    all.addAll(others.values());
    String name = version + "+" + String.join("+", others.keySet());
    return new ReplyTagger(tables, encoder, all, name);
  }

  /// The vectors of texts.
  Map<String, float[]> vectors(Set<String> texts) {
    Map<String, float[]> vectors = new LinkedHashMap<>();
    encoder.ifPresent(it -> texts.forEach(text -> vectors.put(text, it.apply(text))));
    return vectors;
  }

  /// The same, with vectors that are known already.
  ReplyTagger recalling(Map<String, float[]> known) {
    Optional<Function<String, float[]>> recalled =
        encoder.map(
            it ->
                text -> {
                  float[] vector = known.get(text);
                  return vector == null ? it.apply(text) : vector;
                });
    return new ReplyTagger(tables, recalled, models, version);
  }

  /// Names the rules and the tags that a reply is tagged by.
  public String version() {
    return version;
  }

  /// Whether the sentence model is among what it is tagged by.
  boolean modelled() {
    return encoder.isPresent();
  }

  /// What a reply means, where the rules settle it; empty where the model has a say.
  Optional<Tags> settled(Reply reply) {
    return judged(reply).isEmpty() ? Optional.of(tag(reply)) : Optional.empty();
  }

  /// The texts of a reply that the model is asked about: the whole of it and its clauses; none
  /// where the rules settle it, or where there is no model.
  List<String> judged(Reply reply) {
    boolean fixed =
        encoder.isEmpty()
            || !keywords.tag(reply.parameters(), reply.contact()).tags().isEmpty()
            || pressed(reply.parameters()).isPresent();
    return fixed ? List.of() : unsettled(reply);
  }

  private List<String> unsettled(Reply reply) {
    Wording wording = Wording.of(reply.body());
    if (wording.text().isEmpty()) {
      return List.of();
    }
    Optional<Asked.Option> picked = reply.asked().picked(wording.text());
    if (picked.isPresent()) {
      return unsettled(Reply.of(picked.get().text()));
    }
    boolean answered =
        optOuts.read(wording) instanceof Reading.Silent && answers.read(wording).isPresent();
    if (answered) {
      return List.of();
    }
    List<String> texts = new ArrayList<>(List.of(reply.body()));
    clauses(reply.body()).stream()
        .filter(it -> answers.read(Wording.of(it)).isEmpty() && isCostly(it))
        .limit(MOST_JUDGED)
        .forEach(texts::add);
    return texts;
  }

  private static boolean isCostly(String clause) {
    return clause.indexOf(' ') > 0;
  }

  public Tags tag(Reply reply) {
    Tags fixed = keywords.tag(reply.parameters(), reply.contact());
    if (!fixed.tags().isEmpty()) {
      return new Tags(fixed.tags(), version);
    }
    Optional<Tag> pressed = pressed(reply.parameters());
    if (pressed.isPresent()) {
      return new Tags(List.of(pressed.get()), version);
    }
    return new Tags(read(reply), version);
  }

  /// The tag that the model finds the likeliest, however unlikely.
  Optional<Tag> nearest(String text) {
    return encoder.isEmpty() ? Optional.empty() : judged(text).values().stream().findFirst();
  }

  /// How much a text is like anything that has a tag: near one, or near zero; for evaluation.
  public double inScope(String body) {
    if (encoder.isEmpty()) {
      return 0;
    }
    if (answers.read(Wording.of(body)).isPresent()) {
      return 1;
    }
    float[] vector = encoder.get().apply(body);
    double best = 0;
    for (TagModel model : models) {
      for (Scored scored : model.judge(body, vector).tags()) {
        best = Math.max(best, scored.raw());
      }
    }
    return best;
  }

  /// A button or list row carries an id that its author chose; one that names a tag is that tag.
  private Optional<Tag> pressed(Values parameters) {
    for (String name : List.of("ButtonPayload", "ListId")) {
      Optional<String> id = parameters.text(name).filter(it -> !it.isBlank());
      if (id.isPresent()) {
        String plain = id.get().strip().toLowerCase(Locale.ROOT).replace('-', '_');
        String tag = plain.startsWith("tag:") ? plain.substring(4) : plain;
        if (knows(tag)) {
          return Optional.of(new Tag(tag, 1, name + " " + id.get()));
        }
        if (keywords.isStop(id.get())) {
          return Optional.of(new Tag(OPT_OUT, 1, name + " " + id.get()));
        }
      }
    }
    return Optional.empty();
  }

  private boolean knows(String tag) {
    return PLAIN.contains(tag)
        || tag.equals(OPT_OUT)
        || tag.equals("human_agent")
        || models.stream().anyMatch(model -> model.taxonomy().names().contains(tag));
  }

  private List<Tag> read(Reply reply) {
    Wording wording = Wording.of(reply.body());
    if (wording.text().isEmpty()) {
      return List.of();
    }
    Optional<Asked.Option> picked = reply.asked().picked(wording.text());
    if (picked.isPresent()) {
      return chosen(picked.get());
    }
    Map<String, Tag> tags = new LinkedHashMap<>();
    Reading reading = optOuts.read(wording);
    switch (reading) {
      case Reading.OptsOut(var evidence) -> tags.put(OPT_OUT, new Tag(OPT_OUT, 0.99, evidence));
      case Reading.Unclear(var evidence) -> tags.put(OPT_OUT_UNCLEAR, unclear(evidence));
      case Reading.Hinted(var evidence) when encoder.isEmpty() ->
          tags.put(OPT_OUT_UNCLEAR, unclear(evidence));
      case Reading.Hinted _, Reading.Denied _, Reading.Silent _ -> {}
    }
    Optional<AnswerReader.Answer> answer = answers.read(wording);
    if (tags.isEmpty() && answer.isPresent()) {
      return answered(answer.get(), reply);
    }
    answers
        .readWithin(wording)
        .ifPresent(it -> tags.putIfAbsent(it.tag(), new Tag(it.tag(), 0.95, it.evidence())));
    if (encoder.isPresent()) {
      learned(reply.body(), reading, tags);
    }
    return sorted(tags);
  }

  private static Tag unclear(String evidence) {
    return new Tag(OPT_OUT_UNCLEAR, 0.5, evidence);
  }

  /// Who was asked whether to stop answers that, in whatever words and thread it was asked.
  private static List<Tag> answered(AnswerReader.Answer answer, Reply reply) {
    String question = reply.asked().question();
    boolean offersMore = OFFERS_MORE.matcher(question).find();
    boolean offersSilence =
        OFFERS_SILENCE.matcher(question).find()
            || (reply.contact().is(Block.UNCLEAR) && !offersMore);
    Tag plain = new Tag(answer.tag().equals("help") ? HELP : answer.tag(), 0.98, answer.evidence());
    boolean leaves =
        (answer.tag().equals("yes") && offersSilence) || (answer.tag().equals("no") && offersMore);
    return leaves
        ? List.of(new Tag(OPT_OUT, 0.97, answer.evidence() + " to what was asked"), plain)
        : List.of(plain);
  }

  /// An option means what its text means; flows can also split on its place.
  private List<Tag> chosen(Asked.Option option) {
    String evidence = option.key() + ": " + option.text();
    List<Tag> tags = new ArrayList<>();
    for (Tag tag : read(Reply.of(option.text()))) {
      tags.add(new Tag(tag.name(), tag.score(), evidence));
    }
    tags.add(new Tag("choice_" + option.place(), 1, evidence));
    return tags;
  }

  private void learned(String body, Reading reading, Map<String, Tag> tags) {
    Map<String, Tag> whole = judged(body);
    Tag leaving = whole.remove(OPT_OUT);
    if (leaving != null) {
      leaves(leaving, reading, tags);
    }
    for (Tag tag : whole.values()) {
      if (tag.score() >= (tags.isEmpty() ? ENOUGH : ENOUGH_BESIDE)) {
        tags.putIfAbsent(tag.name(), tag);
      }
    }
    byClause(body, whole, tags);
    if (tags.containsKey(OPT_OUT)) {
      COURTESIES.forEach(tags::remove);
      tags.values()
          .removeIf(it -> !it.name().equals(OPT_OUT) && it.score() < ENOUGH_BESIDE_OPT_OUT);
    }
  }

  /// Rules and model together: what both find is obeyed, what one alone finds is obeyed where it is
  /// sure and asked about where it is not, and what the rules deny is neither.
  private static void leaves(Tag leaving, Reading reading, Map<String, Tag> tags) {
    double obeyed =
        switch (reading) {
          case Reading.OptsOut _, Reading.Denied _ -> NEVER;
          case Reading.Unclear _ -> OBEYED_WHERE_ASKED;
          case Reading.Hinted _ -> OBEYED_WHERE_HINTED;
          case Reading.Silent _ -> OBEYED_ALONE;
        };
    double asked =
        switch (reading) {
          case Reading.OptsOut _, Reading.Denied _, Reading.Unclear _ -> NEVER;
          case Reading.Hinted _ -> ASKED_WHERE_HINTED;
          case Reading.Silent _ -> ASKED_ALONE;
        };
    if (reading instanceof Reading.OptsOut(var evidence)) {
      if (leaving.score() < DOUBTED) {
        tags.remove(OPT_OUT);
        tags.put(OPT_OUT_UNCLEAR, unclear(evidence));
      }
    } else if (leaving.score() >= obeyed) {
      tags.remove(OPT_OUT_UNCLEAR);
      tags.put(OPT_OUT, leaving);
    } else if (leaving.score() >= asked) {
      tags.put(OPT_OUT_UNCLEAR, unclear(leaving.evidence()));
    }
  }

  /// A second wish stands in a clause of its own.
  private void byClause(String body, Map<String, Tag> whole, Map<String, Tag> tags) {
    int most = mayMeanMore(whole, tags) ? MOST_JUDGED : 0;
    int costly = 0;
    for (String clause : clauses(body)) {
      Optional<AnswerReader.Answer> plain = answers.read(Wording.of(clause));
      if (plain.isPresent()) {
        Tag tag = new Tag(plain.get().tag(), 0.9, "clause " + plain.get().evidence());
        tags.putIfAbsent(tag.name(), tag);
      } else if (isCostly(clause) && costly < most) {
        costly++;
        Map<String, Tag> judged = judged(clause);
        judged.remove(OPT_OUT);
        judged.values().stream()
            .limit(1)
            .filter(it -> it.score() >= ENOUGH_BESIDE)
            .filter(it -> it.score() * CLAUSE_SHARE + score(whole, it.name()) >= ENOUGH_IN_CLAUSE)
            .forEach(it -> tags.putIfAbsent(it.name(), it));
      }
    }
  }

  private static boolean mayMeanMore(Map<String, Tag> whole, Map<String, Tag> tags) {
    return whole.values().stream()
        .filter(it -> it.score() >= SECOND_LIKELY)
        .anyMatch(it -> !tags.containsKey(it.name()));
  }

  private static double score(Map<String, Tag> tags, String name) {
    Tag tag = tags.get(name);
    return tag == null ? 0 : tag.score();
  }

  /// The clauses of a reply that has several, and is long enough to want several things.
  private static List<String> clauses(String body) {
    List<String> clauses = new ArrayList<>();
    for (String clause : CLAUSE_END.split(body, -1)) {
      if (!clause.isBlank() && clauses.size() < MOST_CLAUSES) {
        clauses.add(clause.strip());
      }
    }
    return clauses.size() < 2 ? List.of() : clauses;
  }

  /// What the models make of a text, the best first.
  private Map<String, Tag> judged(String text) {
    float[] vector = encoder.orElseThrow().apply(text);
    List<Tag> all = new ArrayList<>();
    for (TagModel model : models) {
      TagModel.Verdict verdict = model.judge(text, vector);
      for (Scored scored : verdict.tags()) {
        all.add(new Tag(scored.tag(), scored.score(), "like \"" + verdict.like() + "\""));
      }
    }
    all.sort(Comparator.comparingDouble(Tag::score).reversed());
    Map<String, Tag> judged = new LinkedHashMap<>();
    all.forEach(tag -> judged.putIfAbsent(tag.name(), tag));
    return judged;
  }

  private static List<Tag> sorted(Map<String, Tag> tags) {
    return tags.values().stream()
        .sorted(
            Comparator.comparing((Tag tag) -> !tag.name().equals(OPT_OUT))
                .thenComparing(tag -> !tag.name().equals(OPT_OUT_UNCLEAR))
                .thenComparing(Comparator.comparingDouble(Tag::score).reversed()))
        .limit(MOST_TAGS + 1L)
        .toList();
  }
}
