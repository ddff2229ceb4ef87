package io.parley.intents;

import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Values;

/// A reply and all that it is to be understood by.
///
/// @param parameters the webhook's, as Twilio names them: `Body`, `OptOutType`, `ButtonPayload`,
///     `ButtonText`, `ListId`
/// @param contact what is on record about its writer
/// @param asked what the writer was asked last
public record Reply(Values parameters, ContactFacts contact, Asked asked) {

  public static Reply of(String body) {
    return new Reply(Values.of("Body", body), ContactFacts.NOTHING_KNOWN, Asked.NOTHING);
  }

  String body() {
    return parameters.text("Body").orElse("");
  }
}
