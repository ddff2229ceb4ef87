package io.parley.workbench.cases;

import io.parley.engine.Block;
import io.parley.engine.Conversation;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowShelf;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Tag;
import io.parley.engine.Values;
import io.parley.engine.policy.Policy;
import java.util.List;
import java.util.Optional;

/// What the service knows beside the engine: what replies mean and what Twilio's error codes say. A
/// play is true to the service as far as these are the service's own.
public interface Surroundings {

  /// What a reply means.
  Seen see(Saying saying);

  /// What an error code of Twilio's says.
  Meaning meaning(int code);

  /// The brand's rules.
  default Policy policy() {
    return Policy.DEFAULT;
  }

  /// A reply, and what it is said to.
  ///
  /// @param parameters the webhook's, as Twilio names them
  /// @param contact what is on record about its writer
  /// @param conversation before it
  /// @param said the text of our last message to the contact, empty where there was none
  /// @param startable the flow that it starts where none runs
  record Saying(
      Values parameters,
      ContactFacts contact,
      Conversation conversation,
      String said,
      Optional<FlowRef> startable,
      FlowShelf flows) {}

  /// @param tagger the version of the tagger that saw them
  record Seen(List<Tag> tags, String tagger) {
    public Seen {
      tags = List.copyOf(tags);
    }
  }

  /// @param refusal in our words: `invalid_recipient`
  /// @param sentence for people
  /// @param block what it says of the recipient for good, if anything
  record Meaning(String refusal, String sentence, Optional<Block> block) {}
}
