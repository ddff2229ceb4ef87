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

  /// From where on a leaning of the model's towards an opt-out is obeyed or asked about, by what
  /// the rules read; chosen on replies of people whose replies the model had not seen. What the
  /// rules read as an opt-out, and what may be one to them, is asked about at the least.
  private static final double OBEYED_WHERE_READ = 0.3;

  private static final double OBEYED_WHERE_ASKED = 0.4;
  private static final double OBEYED_WHERE_HINTED = 0.45;
  private static final double OBEYED_ALONE = 0.45;
  private static final double ASKED_WHERE_HINTED = 0.08;
  private static final double ASKED_ALONE = 0.16;
  private static final double NEVER = 2;

  /// How much the likeliest other tag speaks against an opt-out.
  private static final double RIVALRY = 0.3;

  /// What is said out of politeness beside an opt-out.
  private static final Set<String> COURTESIES = Set.of("thanks", "yes", "no");

  /// Tags that do not speak against one.
  private static final Set<String> NEAR_OPT_OUT = Set.of("no", "not_interested");

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

  /// The same, which encodes a text once, however often it comes.
  ///
  /// @param known what it remembers; confined to the caller's thread
  ReplyTagger remembering(Map<String, float[]> known) {
    return new ReplyTagger(
        tables, encoder.map(it -> text -> known.computeIfAbsent(text, it)), models, version);
  }

  /// Names the rules and the tags that a reply is tagged by.
  public String version() {
    return version;
  }

  /// Whether the sentence model is among what it is tagged by.
  boolean modelled() {
    return encoder.isPresent();
  }

  /// What the rules make of a reply.
  private sealed interface Ruled {

    /// All that there is to it.
    record Settled(List<Tag> tags) implements Ruled {}

    /// A part; the model has a say.
    ///
    /// @param body the reply's, or that of the option which it picks
    /// @param tags what the rules give it, by name
    /// @param picked the option, where it picks one
    record Open(String body, Reading reading, Map<String, Tag> tags, Optional<Asked.Option> picked)
        implements Ruled {

      Open picking(Asked.Option option) {
        return new Open(body, reading, tags, Optional.of(option));
      }
    }
  }

  /// What a reply means, where the rules settle it; empty where the model has a say.
  Optional<Tags> settled(Reply reply) {
    return ruled(reply) instanceof Ruled.Settled(var tags)
        ? Optional.of(new Tags(tags, version))
        : Optional.empty();
  }

  private static boolean isCostly(String clause) {
    return clause.indexOf(' ') > 0;
  }

  public Tags tag(Reply reply) {
    return switch (ruled(reply)) {
      case Ruled.Settled(var tags) -> new Tags(tags, version);
      case Ruled.Open open -> new Tags(heard(open), version);
    };
  }

  private Ruled ruled(Reply reply) {
    Tags fixed = keywords.tag(reply.parameters(), reply.contact());
    if (!fixed.tags().isEmpty()) {
      return new Ruled.Settled(fixed.tags());
    }
    Optional<Tag> pressed = pressed(reply.parameters());
    return pressed.isPresent() ? new Ruled.Settled(List.of(pressed.get())) : read(reply);
  }

  /// The tag that the model finds the likeliest, however unlikely.
  Optional<Tag> nearest(String text) {
    return encoder.isEmpty() ? Optional.empty() : judged(text).tags().values().stream().findFirst();
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

  private Ruled read(Reply reply) {
    Wording wording = Wording.of(reply.body());
    if (wording.text().isEmpty()) {
      return new Ruled.Settled(List.of());
    }
    Optional<Asked.Option> picked = reply.asked().picked(wording.text());
    if (picked.isPresent()) {
      return switch (read(Reply.of(picked.get().text()))) {
        case Ruled.Settled(var tags) -> new Ruled.Settled(chosen(picked.get(), tags));
        case Ruled.Open open -> open.picking(picked.get());
      };
    }
    Map<String, Tag> tags = new LinkedHashMap<>();
    Reading reading = optOuts.read(wording);
    switch (reading) {
      case Reading.OptsOut(var evidence) -> tags.put(OPT_OUT, new Tag(OPT_OUT, 0.99, evidence));
      case Reading.Unclear(var evidence) -> tags.put(OPT_OUT_UNCLEAR, unclear(evidence));
      case Reading.Bounded(var evidence) -> tags.put(OPT_OUT_UNCLEAR, unclear(evidence));
      case Reading.Hinted(var evidence) when encoder.isEmpty() ->
          tags.put(OPT_OUT_UNCLEAR, unclear(evidence));
      case Reading.Hinted _, Reading.Denied _, Reading.Silent _ -> {}
    }
    Optional<AnswerReader.Answer> answer = answers.read(wording);
    if (tags.isEmpty() && answer.isPresent()) {
      return new Ruled.Settled(answered(answer.get(), reply));
    }
    answers
        .readWithin(wording)
        .ifPresent(it -> tags.putIfAbsent(it.tag(), new Tag(it.tag(), 0.95, it.evidence())));
    return encoder.isEmpty()
        ? new Ruled.Settled(sorted(tags))
        : new Ruled.Open(reply.body(), reading, tags, Optional.empty());
  }

  private List<Tag> heard(Ruled.Open open) {
    Map<String, Tag> tags = new LinkedHashMap<>(open.tags());
    Reading reading =
        open.picked()
            .<Reading>map(it -> new Reading.Denied("an option of the author's"))
            .orElse(open.reading());
    learned(open.body(), reading, tags);
    List<Tag> sorted = sorted(tags);
    return open.picked().map(it -> chosen(it, sorted)).orElse(sorted);
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

  /// An option means what its text means; flows can also split on its place. The words are the
  /// author's, so that only what the rules are sure of is an opt-out.
  private static List<Tag> chosen(Asked.Option option, List<Tag> meant) {
    String evidence = option.key() + ": " + option.text();
    List<Tag> tags = new ArrayList<>();
    for (Tag tag : meant) {
      if (!tag.name().equals(OPT_OUT_UNCLEAR)) {
        tags.add(new Tag(tag.name(), tag.score(), evidence));
      }
    }
    tags.add(new Tag("choice_" + option.place(), 1, evidence));
    return tags;
  }

  private void learned(String body, Reading reading, Map<String, Tag> tags) {
    Judged judged = judged(body);
    Map<String, Tag> whole = new LinkedHashMap<>(judged.tags());
    Tag leaving = whole.remove(OPT_OUT);
    if (leaving != null) {
      leaves(leaving, judged.leaning(), reading, tags);
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

  /// Rules and model together: the more the rules read, the less it takes of the model to obey or
  /// to ask; what they deny is neither obeyed nor asked about.
  private static void leaves(Tag leaving, double leaning, Reading reading, Map<String, Tag> tags) {
    double obeyed =
        switch (reading) {
          case Reading.OptsOut _ -> OBEYED_WHERE_READ;
          case Reading.Unclear _ -> OBEYED_WHERE_ASKED;
          case Reading.Hinted _ -> OBEYED_WHERE_HINTED;
          case Reading.Silent _ -> OBEYED_ALONE;
          case Reading.Denied _, Reading.Bounded _ -> NEVER;
        };
    double asked =
        switch (reading) {
          case Reading.OptsOut _, Reading.Unclear _, Reading.Bounded _ -> -NEVER;
          case Reading.Hinted _ -> ASKED_WHERE_HINTED;
          case Reading.Silent _ -> ASKED_ALONE;
          case Reading.Denied _ -> NEVER;
        };
    if (leaning >= obeyed) {
      tags.remove(OPT_OUT_UNCLEAR);
      tags.putIfAbsent(
          OPT_OUT, new Tag(OPT_OUT, Math.max(leaving.score(), 0.5), leaving.evidence()));
    } else if (leaning >= asked) {
      Tag read = tags.remove(OPT_OUT);
      tags.putIfAbsent(
          OPT_OUT_UNCLEAR, unclear(read == null ? leaving.evidence() : read.evidence()));
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
        Map<String, Tag> judged = new LinkedHashMap<>(judged(clause).tags());
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

  /// What the models make of a text.
  ///
  /// @param tags the best first
  /// @param leaning towards an opt-out: its raw score, less a share of the best other one
  private record Judged(Map<String, Tag> tags, double leaning) {}

  private Judged judged(String text) {
    float[] vector = encoder.orElseThrow().apply(text);
    double leaning = -1;
    List<Tag> all = new ArrayList<>();
    for (TagModel model : models) {
      TagModel.Verdict verdict = model.judge(text, vector);
      leaning = Math.max(leaning, leaning(verdict.tags()));
      for (Scored scored : verdict.tags()) {
        all.add(new Tag(scored.tag(), scored.score(), "like \"" + verdict.like() + "\""));
      }
    }
    all.sort(Comparator.comparingDouble(Tag::score).reversed());
    Map<String, Tag> judged = new LinkedHashMap<>();
    all.forEach(tag -> judged.putIfAbsent(tag.name(), tag));
    return new Judged(judged, leaning);
  }

  private static double leaning(List<Scored> all) {
    double leaving = -1;
    double rival = 0;
    for (Scored scored : all) {
      if (scored.tag().equals(OPT_OUT)) {
        leaving = scored.raw();
      } else if (!NEAR_OPT_OUT.contains(scored.tag())) {
        rival = Math.max(rival, scored.raw());
      }
    }
    return leaving - RIVALRY * rival;
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
