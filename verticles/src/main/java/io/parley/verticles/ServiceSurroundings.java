package io.parley.verticles;

import io.parley.edge.MessageChannel.Failure;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Values;
import io.parley.intents.KeywordTagger;
import io.parley.intents.Tags;
import io.parley.twilio.TwilioError;
import io.parley.workbench.cases.Surroundings;

/// The service's own tagger and error table, for conversations that are held without it.
final class ServiceSurroundings implements Surroundings {

  private final KeywordTagger tagger = new KeywordTagger();

  @Override
  public Seen see(Values parameters, ContactFacts contact) {
    Tags tags = tagger.tag(parameters, contact);
    return new Seen(tags.tags(), tags.version());
  }

  @Override
  public Meaning meaning(int code) {
    Failure failure = TwilioError.of(code).failure("");
    return new Meaning(failure.refusal(), failure.message(), failure.block());
  }
}
