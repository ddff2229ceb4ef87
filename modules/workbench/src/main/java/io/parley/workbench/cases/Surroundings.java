package io.parley.workbench.cases;

import io.parley.engine.Block;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Tag;
import io.parley.engine.Values;
import java.util.List;
import java.util.Optional;

/// What the service knows beside the engine: what replies mean and what Twilio's error codes say. A
/// play is true to the service as far as these are the service's own.
public interface Surroundings {

  /// What a reply means.
  ///
  /// @param parameters the webhook's, as Twilio names them
  Seen see(Values parameters, ContactFacts contact);

  /// What an error code of Twilio's says.
  Meaning meaning(int code);

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
