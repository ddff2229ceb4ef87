package io.parley.verticles;

import io.parley.edge.MessageChannel.Failure;
import io.parley.engine.policy.Policy;
import io.parley.intents.Hearing;
import io.parley.intents.LiveTagger;
import io.parley.intents.Tags;
import io.parley.intents.learning.OwnTags;
import io.parley.twilio.TwilioError;
import io.parley.workbench.cases.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The service's own tagger and error table, for conversations that are held without it. The model
/// is loaded when the first reply comes. Confined to one thread.
final class ServiceSurroundings implements Surroundings, AutoCloseable {

  /// How replies are tagged where no service runs.
  static final class Options {

    @Option(
        names = "--tags",
        paramLabel = "DIR",
        description = "folder of own tags, as PARLEY_TAGS_DIR names it to the service")
    private @Nullable Path folder;

    @Option(
        names = "--policy",
        paramLabel = "FILE",
        description = "the brand's rules, as PARLEY_POLICY names them to the service")
    private @Nullable Path policy;

    @Option(
        names = "--rules-only",
        description = "tag without the model: faster, and not what the service does")
    private boolean rulesOnly;
  }

  private final LiveTagger tagger = new LiveTagger();
  private final Options options;
  private final List<OwnTags> own;
  private final Policy policy;

  private ServiceSurroundings(Options options, List<OwnTags> own, Policy policy) {
    this.options = options;
    this.own = own;
    this.policy = policy;
  }

  /// Fails where the own tags or the policy cannot be used.
  static ServiceSurroundings of(Options options) throws FlowSets.Unusable {
    Policy policy = policy(options.policy);
    if (options.folder == null) {
      return new ServiceSurroundings(options, List.of(), policy);
    }
    try {
      Optional<TagsFolder.Reading> reading = new TagsFolder(options.folder).changed();
      if (reading.isEmpty()) {
        throw new FlowSets.Unusable(options.folder + " has no files of tags: *.yaml");
      }
      if (!reading.get().problems().isEmpty()) {
        throw new FlowSets.Unusable(String.join("\n", reading.get().problems()));
      }
      return new ServiceSurroundings(options, reading.get().tags(), policy);
    } catch (IOException e) {
      throw new FlowSets.Unusable("cannot read " + options.folder + ": " + Phrases.why(e));
    }
  }

  private static Policy policy(@Nullable Path file) throws FlowSets.Unusable {
    if (file == null) {
      return Policy.DEFAULT;
    }
    return switch (PolicyFile.read(FlowSets.text(file))) {
      case Policy.Reading.Valid(var policy) -> policy;
      case Policy.Reading.Invalid(var problems) ->
          throw new FlowSets.Unusable(String.join("\n", Phrases.lines(file, problems)));
    };
  }

  @Override
  public Policy policy() {
    return policy;
  }

  @Override
  public Seen see(Saying saying) {
    var reply =
        new Hearing(saying.conversation(), saying.contact(), saying.said())
            .reply(saying.parameters(), saying.startable(), saying.flows());
    if (!options.rulesOnly && !tagger.loaded()) {
      tagger.learn(own);
    }
    Tags tags = tagger.tag(reply);
    return new Seen(tags.tags(), tags.version());
  }

  @Override
  public Meaning meaning(int code) {
    Failure failure = TwilioError.of(code).failure("");
    return new Meaning(failure.refusal(), failure.message(), failure.block());
  }

  @Override
  public void close() {
    tagger.close();
  }
}
