/// SMS, WhatsApp and Conversations by way of Twilio; nothing else in Parley knows twilio-java.
///
/// Inwards, [TwilioSignature] tells Twilio's requests from forged ones and [TwilioForms] reads
/// them; [ConversationForms] reads those of Twilio Conversations. Outwards, [TwilioChannel] sends
/// and looks up, [ConversationsChannel] does so in a conversation, and [ConversationCalls] opens
/// and closes one. [TwilioError] is the one table of what Twilio's codes mean, whether they come
/// with an answer or with a status callback.
@NullMarked
package io.parley.twilio;

import org.jspecify.annotations.NullMarked;
