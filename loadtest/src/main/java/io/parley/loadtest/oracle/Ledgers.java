package io.parley.loadtest.oracle;

import io.parley.loadtest.customerio.Profile;
import io.parley.loadtest.customerio.ReceivedEvent;
import io.parley.loadtest.customerio.StandInCustomerIo;
import io.parley.loadtest.shop.Asked;
import io.parley.loadtest.twilio.ConversationMessage;
import io.parley.loadtest.twilio.SentMessage;
import io.parley.loadtest.twilio.StandInTwilio;
import io.parley.loadtest.twilio.StatusCallback;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the stand-ins, and whoever told Parley of events, know of a run.
///
/// @param asked what the shop was asked, oldest first
public record Ledgers(Twilio twilio, CustomerIo customerIo, List<Asked> asked, Told told) {

  public Ledgers {
    asked = List.copyOf(asked);
  }

  /// What they know by now. Lists of opt-outs at Customer.io are kept by no stand-in.
  public static Ledgers of(
      StandInTwilio twilio, StandInCustomerIo customerIo, List<Asked> asked, Told told) {
    return new Ledgers(
        new Twilio(
            twilio.messagesViaApi(),
            twilio.conversationMessages().stream().filter(ConversationMessage::viaApi).toList(),
            twilio.statusCallbacks()),
        new CustomerIo(customerIo.events(), customerIo.profiles(), Set.of()),
        asked,
        told);
  }

  /// What the stand-in Twilio knows.
  ///
  /// @param messages what requests to the API created, oldest first
  /// @param said what requests to the API created in conversations, oldest first
  /// @param callbacks the status callbacks that were made, oldest first
  public record Twilio(
      List<SentMessage> messages, List<ConversationMessage> said, List<StatusCallback> callbacks) {

    public Twilio {
      messages = List.copyOf(messages);
      said = List.copyOf(said);
      callbacks = List.copyOf(callbacks);
    }
  }

  /// What the stand-in Customer.io knows.
  ///
  /// @param outcomes the events that arrived, oldest first, repeats left out
  /// @param profiles the people and their attributes
  /// @param optedOut the list of opt-outs by sender: `customer-1 sms +14155550199`
  public record CustomerIo(
      List<ReceivedEvent> outcomes, List<Profile> profiles, Set<String> optedOut) {

    public CustomerIo {
      outcomes = List.copyOf(outcomes);
      profiles = List.copyOf(profiles);
      optedOut = Set.copyOf(optedOut);
    }
  }

  /// What Parley was told, and answered with 2xx; status callbacks are in Twilio's own ledger.
  public record Told(Set<Acknowledged> acknowledged, List<OptOut> optOuts) {

    public Told {
      acknowledged = Set.copyOf(acknowledged);
      optOuts = List.copyOf(optOuts);
    }
  }

  /// An event by the name under which the journal keeps it.
  ///
  /// @param sourceId may be the beginning of it where one event concerns several conversations
  /// @param contact whose it is, by address; empty where that is not known
  public record Acknowledged(String source, String sourceId, String contact) {}

  /// That a contact has said STOP.
  ///
  /// @param contact the address that it was written from
  /// @param at when Parley had acknowledged it
  /// @param lifted when the contact wrote START, if they did
  public record OptOut(String contact, Instant at, Optional<Instant> lifted) {}
}
