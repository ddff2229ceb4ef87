package io.parley.loadtest.twilio;

/// What Twilio does with STOP, START and HELP before our webhook hears of them. WhatsApp messages
/// are never handled.
public enum KeywordHandling {
  /// Opt-outs are kept and confirmed by Twilio.
  DEFAULT,
  /// The same, and the webhook gets `OptOutType`.
  ADVANCED,
  /// Nothing: the account manages its opt-outs itself.
  OFF
}
