/// A stand-in for Twilio's Messages API, webhooks and carriers, on one local port.
///
/// [StandInTwilio] accepts the requests that Twilio accepts and refuses the others with Twilio's
/// error bodies; then each message lives as it would at Twilio: it waits for its sender's turn
/// ([Pace]), is sent, and is delivered or not as the test's [Fate] rule says, each step reported to
/// the message's StatusCallback with a valid signature, once or twice, in order or not
/// ([CallbackHabits]). Customers are played with [StandInTwilio#receive]. What goes wrong on the
/// way is programmed with a [SendFault].
///
/// Conversations are on the same port: [StandInTwilio#say] and [StandInTwilio#receive] play their
/// participants, and their own webhooks hear of it.
///
/// Documented behaviour is taken from Twilio's OpenAPI document of the API 2010-04-01 and its pages
/// on webhooks, opt-outs and errors.
@NullMarked
package io.parley.loadtest.twilio;

import org.jspecify.annotations.NullMarked;
