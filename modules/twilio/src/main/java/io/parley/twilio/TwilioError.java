package io.parley.twilio;

import static io.parley.edge.MessageChannel.Reaction.ALERT;
import static io.parley.edge.MessageChannel.Reaction.GIVE_UP;
import static io.parley.edge.MessageChannel.Reaction.RETRY;
import static io.parley.edge.MessageChannel.Reaction.SUPPRESS;

import io.parley.edge.MessageChannel.Failure;
import io.parley.edge.MessageChannel.Reaction;
import io.parley.engine.FailureClass;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What one of Twilio's codes means and asks of us. One table for both ways in which a code comes:
/// with the answer to a send (2xxxx, HTTP 4xx: Twilio has not taken the message) and with a status
/// callback (3xxxx, 63xxx: it had taken it). [Reaction#ALERT] gives up like [Reaction#GIVE_UP] and
/// tells an operator, unless the error may pass.
///
/// Source: the error dictionary, twilio.com/docs/api/errors; Twilio adds codes and refines old ones
/// without notice, so a code that is not in the table is answered by its family.
///
/// @param refusal the error in our words, for outcomes and metrics: `invalid_recipient`
/// @param meaning one sentence for an operator
/// @param prospect what becomes of the same message if it is sent once more
public record TwilioError(
    int code, Reaction reaction, String refusal, String meaning, Prospect prospect) {

  /// What becomes of the same message if it is sent once more.
  public enum Prospect {
    /// The same again.
    NONE,
    /// It may go through, and surely has not before.
    MAY_PASS,
    /// It may go through, and may have before: the contact may get it twice.
    MAY_REPEAT
  }

  private static final TwilioError[] TABLE = {
    alert(20003, "not_authorised", "The account's credentials are wrong or lack the permission")
        .with(Prospect.MAY_PASS),
    alert(20005, "account_suspended", "The account is not active").with(Prospect.MAY_PASS),
    alert(20404, "not_found", "The account or resource does not exist").with(Prospect.MAY_PASS),
    retry(20429, "too_many_requests", "Too many concurrent requests; this one was not processed"),
    retry(20500, "server_error", "Twilio failed within").with(Prospect.MAY_REPEAT),
    retry(20503, "server_error", "Twilio's service was unavailable").with(Prospect.MAY_REPEAT),
    retry(14107, "rate_limited", "Too many messages between two numbers in a short time"),
    giveUp(21211, "invalid_recipient", "The recipient's number is not valid"),
    giveUp(21214, "invalid_recipient", "The recipient's number cannot be reached"),
    giveUp(21217, "invalid_recipient", "The recipient's number does not appear to be valid"),
    giveUp(21604, "invalid_recipient", "The recipient's number is missing"),
    alert(21212, "wrong_sender", "The sender's number is not valid"),
    alert(21603, "wrong_sender", "Neither a sender nor a Messaging Service was given"),
    alert(21606, "wrong_sender", "The sender cannot carry messages to this destination"),
    alert(21607, "wrong_sender", "A trial account must send from its sandbox number"),
    alert(21612, "wrong_sender", "This sender cannot reach this recipient"),
    alert(21616, "wrong_sender", "The sender matches several numbers of the account"),
    alert(21657, "wrong_sender", "The sender id is not valid"),
    alert(21659, "wrong_sender", "The sender is not a Twilio number of this account"),
    alert(21660, "wrong_sender", "The sender does not belong to this account"),
    alert(21661, "wrong_sender", "The sender cannot carry SMS"),
    alert(21701, "wrong_sender", "The Messaging Service does not exist"),
    alert(21703, "wrong_sender", "The Messaging Service has no number that can send this"),
    alert(21704, "wrong_sender", "The Messaging Service has no numbers"),
    alert(21705, "wrong_sender", "The Messaging Service is not valid"),
    alert(21408, "region_blocked", "The account may not send to the recipient's region"),
    alert(21608, "unverified_recipient", "A trial account may send only to verified numbers"),
    alert(21609, "invalid_callback", "The status callback's URL is not valid"),
    suppress(21610, "opted_out", "The recipient has opted out of this sender"),
    retry(21611, "queue_full", "The sender's queue is full"),
    suppress(21614, "not_mobile", "The recipient's number is no mobile number"),
    suppress(21635, "not_mobile", "The recipient's number is a landline"),
    giveUp(21602, "empty_message", "The message has neither text nor media"),
    giveUp(21619, "empty_message", "The message has neither text nor media"),
    giveUp(21617, "too_long", "The text is longer than 1,600 characters"),
    alert(21618, "filtered", "The carriers filter this content"),
    giveUp(21620, "invalid_media", "A media URL is not valid"),
    giveUp(21623, "invalid_media", "There are more than ten media URLs"),
    alert(21654, "invalid_template", "Template variables came without a template"),
    alert(21655, "invalid_template", "The template's sid is not valid"),
    alert(21656, "invalid_template", "The template's variables are not valid"),
    retry(30001, "queue_full", "The sender's queue overflowed"),
    alert(30002, "account_suspended", "The account was suspended before the message left")
        .with(Prospect.MAY_PASS),
    retry(30003, "unreachable", "The handset is switched off or unavailable"),
    giveUp(30004, "blocked", "The recipient's number is blocked from this message"),
    suppress(30005, "unknown_recipient", "The recipient's number may no longer exist"),
    suppress(30006, "not_mobile", "A landline, or a carrier that cannot be reached"),
    alert(30007, "filtered", "The carrier or Twilio filtered the message"),
    retry(30008, "unknown_error", "The carrier gave no reason").with(Prospect.MAY_REPEAT),
    giveUp(30010, "too_dear", "The message costs more than the highest price allowed"),
    giveUp(30011, "media_not_supported", "The recipient's number takes no MMS"),
    retry(30017, "carrier_congested", "The carrier has too much traffic").with(Prospect.MAY_REPEAT),
    alert(30018, "unregistered_sender", "The carrier wants the sender id registered"),
    giveUp(30019, "too_long", "The content is larger than the carrier takes"),
    retry(30022, "rate_limited", "The campaign's rate at this carrier is used up"),
    retry(30023, "daily_limit", "The day's messages at this carrier are used up (Pacific day)"),
    alert(30024, "unregistered_sender", "The sender is not provisioned at the carrier"),
    retry(30027, "daily_limit", "The day's messages at T-Mobile are used up (Pacific day)"),
    alert(30032, "unregistered_sender", "The toll-free number has not been verified"),
    alert(30034, "unregistered_sender", "The sender is not registered for 10DLC"),
    alert(30035, "unregistered_sender", "The sender's 10DLC registration is still in progress"),
    retry(30410, "carrier_timeout", "The carrier did not answer; it may have the message")
        .with(Prospect.MAY_REPEAT),
    alert(30450, "pumping_suspected", "Twilio suspects SMS pumping and blocks for a while"),
    retry(30610, "quiet_hours", "It is quiet hours where the recipient is"),
    suppress(30640, "known_litigator", "The recipient is known to sue over messages"),
    alert(63001, "wrong_sender", "The channel could not authenticate us"),
    alert(63002, "wrong_sender", "The channel does not know the sender"),
    giveUp(63003, "not_on_channel", "The channel does not know the recipient"),
    giveUp(63005, "invalid_content", "The channel did not accept the content"),
    giveUp(63006, "invalid_content", "The content could not be formatted for the channel"),
    alert(63007, "wrong_sender", "Twilio has no channel with this sender"),
    alert(63008, "wrong_sender", "The channel is misconfigured"),
    retry(63009, "channel_error", "The channel's provider failed within").with(Prospect.MAY_REPEAT),
    retry(63010, "channel_error", "Twilio failed within").with(Prospect.MAY_REPEAT),
    retry(63012, "channel_error", "The channel's provider failed within").with(Prospect.MAY_REPEAT),
    alert(63013, "filtered", "The message violates the channel's policy"),
    suppress(63014, "blocked", "The recipient has blocked the message"),
    giveUp(63015, "not_on_channel", "The recipient has not joined the sandbox"),
    giveUp(63016, "outside_window", "Free text outside the 24 hour window needs a template"),
    retry(63017, "rate_limited", "The account's rate on the channel is used up"),
    retry(63018, "rate_limited", "The channel's rate for the sender is used up"),
    giveUp(63019, "invalid_media", "The media could not be fetched"),
    alert(63020, "wrong_sender", "The Business Manager account has an error"),
    alert(63021, "invalid_template", "The channel says that the content is not valid"),
    giveUp(63024, "not_on_channel", "The recipient is not valid on the channel"),
    alert(63026, "filtered", "The channel flags the sender's content as spam"),
    alert(63027, "invalid_template", "The template does not exist in this language"),
    alert(63028, "invalid_template", "The number of variables is not the template's"),
    suppress(63032, "blocked", "WhatsApp does not carry this message to this user"),
    suppress(63033, "blocked", "The recipient is blocked from this message"),
    giveUp(63034, "invalid_media", "The media is too large"),
    retry(63038, "daily_limit", "The account's messages of the day are used up"),
    alert(63040, "invalid_template", "The template was rejected"),
    alert(63041, "invalid_template", "The template is paused"),
    alert(63042, "invalid_template", "The template is disabled"),
    alert(63051, "account_suspended", "The WhatsApp Business Account is locked"),
    alert(63062, "account_suspended", "The Marketing Messages terms are not accepted"),
    giveUp(50350, "no_conversation", "The conversation does not exist"),
    giveUp(50353, "conversation_exists", "A conversation with this unique name exists already"),
    giveUp(50407, "invalid_recipient", "The participant's address is not valid"),
    alert(50408, "wrong_sender", "The participant's proxy address is not ours or not valid"),
    giveUp(50416, "in_conversation", "The participant is in another active conversation with us"),
    giveUp(50425, "in_conversation", "The participant is in another active conversation with us"),
    giveUp(50433, "in_conversation", "The participant is in this conversation already"),
    giveUp(50438, "in_conversation", "A group conversation of the same participants exists"),
    alert(11200, "webhook_failed", "Twilio could not fetch our webhook"),
  };

  private static final Map<Integer, TwilioError> BY_CODE =
      Arrays.stream(TABLE).collect(Collectors.toMap(TwilioError::code, Function.identity()));

  /// The error of a code; for an unknown one, what its family suggests.
  public static TwilioError of(int code) {
    TwilioError known = BY_CODE.get(code);
    return known != null ? known : unknown(code);
  }

  /// The error of an answer that carries no code of Twilio's, by its HTTP status. A redirect or a
  /// 404 tells of a wrong URL in the settings, which passes once it is put right.
  public static TwilioError ofStatus(int status) {
    if (status / 100 == 3) {
      return of(20404).at(status);
    }
    return switch (status) {
      case 401, 403 -> of(20003).at(status);
      case 404 -> of(20404).at(status);
      case 429 -> of(20429).at(status);
      default -> giveUp(status, "request_refused", "The request was refused: HTTP " + status);
    };
  }

  /// Whether the same message may go through later.
  public boolean mayPass() {
    return prospect != Prospect.NONE;
  }

  /// The error as a channel tells it.
  ///
  /// @param message what Twilio said; blank where it said nothing
  public Failure failure(String message) {
    return new Failure(
        code, refusal, message.isBlank() ? meaning : message, reaction, failureClass());
  }

  /// What kind of failure it is: the same for all codes of a refusal.
  public FailureClass failureClass() {
    return switch (refusal) {
      case "invalid_recipient",
          "not_mobile",
          "unknown_recipient",
          "unreachable",
          "not_on_channel",
          "no_conversation",
          "conversation_exists",
          "in_conversation" ->
          FailureClass.UNDELIVERABLE;
      case "opted_out", "blocked", "known_litigator" -> FailureClass.OPTED_OUT;
      case "filtered", "pumping_suspected", "carrier_refused", "channel_refused" ->
          FailureClass.CARRIER_FILTERED;
      case "rate_limited",
          "too_many_requests",
          "queue_full",
          "daily_limit",
          "carrier_congested",
          "quiet_hours" ->
          FailureClass.RATE;
      case "empty_message",
          "too_long",
          "invalid_media",
          "media_not_supported",
          "invalid_content",
          "invalid_template",
          "outside_window" ->
          FailureClass.CONTENT;
      case "not_authorised",
          "account_suspended",
          "not_found",
          "wrong_sender",
          "region_blocked",
          "unverified_recipient",
          "unregistered_sender",
          "invalid_callback",
          "webhook_failed",
          "too_dear" ->
          FailureClass.SETUP;
      case "server_error", "carrier_timeout", "channel_error" -> FailureClass.OUTAGE;
      default -> FailureClass.UNKNOWN;
    };
  }

  private static TwilioError unknown(int code) {
    String refusal =
        switch (code / 1000) {
          case 10, 11, 12, 13, 14, 15, 16 -> "webhook_failed";
          case 20, 21, 22, 23 -> "request_refused";
          case 30, 31, 32, 33, 34 -> "carrier_refused";
          case 50 -> "conversation_refused";
          case 60, 61, 62, 63, 64 -> "channel_refused";
          default -> "refused";
        };
    return giveUp(
        code, refusal, "A code that Parley does not know: twilio.com/docs/api/errors/" + code);
  }

  private static TwilioError retry(int code, String refusal, String meaning) {
    return new TwilioError(code, RETRY, refusal, meaning, Prospect.MAY_PASS);
  }

  private static TwilioError suppress(int code, String refusal, String meaning) {
    return new TwilioError(code, SUPPRESS, refusal, meaning, Prospect.NONE);
  }

  private static TwilioError giveUp(int code, String refusal, String meaning) {
    return new TwilioError(code, GIVE_UP, refusal, meaning, Prospect.NONE);
  }

  private static TwilioError alert(int code, String refusal, String meaning) {
    return new TwilioError(code, ALERT, refusal, meaning, Prospect.NONE);
  }

  private TwilioError with(Prospect other) {
    return new TwilioError(code, reaction, refusal, meaning, other);
  }

  private TwilioError at(int otherCode) {
    return new TwilioError(otherCode, reaction, refusal, meaning, prospect);
  }
}
