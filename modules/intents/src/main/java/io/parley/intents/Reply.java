package io.parley.intents;

import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Values;
import java.util.List;

/// A reply and all that it is to be understood by.
///
/// @param parameters the webhook's, as Twilio names them: `Body`, `OptOutType`, `ButtonPayload`,
///     `ButtonText`, `ListId`
/// @param contact what is on record about its writer
/// @param asked what the writer was asked last
/// @param flows the names of the flows that it is for: the one that runs, and those that wait for
///     it; tags of these flows' own may be given
public record Reply(Values parameters, ContactFacts contact, Asked asked, List<String> flows) {

  public Reply {
    flows = List.copyOf(flows);
  }

  /// For no flow.
  public Reply(Values parameters, ContactFacts contact, Asked asked) {
    this(parameters, contact, asked, List.of());
  }

  public static Reply of(String body) {
    return new Reply(Values.of("Body", body), ContactFacts.NOTHING_KNOWN, Asked.NOTHING);
  }

  String body() {
    return parameters.text("Body").orElse("");
  }
}
