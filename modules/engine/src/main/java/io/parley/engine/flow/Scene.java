package io.parley.engine.flow;

import io.parley.engine.Address;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Execution;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.time.Duration;
import java.time.Instant;

/// What a widget may see and do while a turn runs. It collects effects; it does nothing itself.
/// Confined to one step.
public interface Scene {

  Instant now();

  /// Our address in this thread: `flow.channel.address`.
  Address ours();

  /// The contact's address: `contact.channel.address`.
  Address theirs();

  /// A template, rendered to text. A template error is a warning (81018) and renders as empty text.
  String text(String template);

  /// Adds a message to the turn's effects, unless the rules refuse it.
  Sending send(Address from, Address to, Effect.Content content);

  /// Adds a message in which short links of ours stand for urls, so that clicks are heard of.
  Sending sendWithShortLinks(Address from, Address to, Effect.Content content);

  /// Whether what is for this address is to be said in the conversation of Twilio Conversations
  /// that the execution is held in; never, where it is held in none.
  boolean hears(Address address);

  /// Says something in that conversation, unless the rules refuse it.
  Sending say(Effect.Content content, Effect.Byline byline);

  /// Says something there in which short links of ours stand for urls.
  Sending sayWithShortLinks(Effect.Content content, Effect.Byline byline);

  /// Whether a conversation may be opened: by a REST call's execution that is in none yet. Source:
  /// Studio documentation, Start Conversation and Resume Conversation.
  boolean mayOpenRoom();

  /// From here on the execution is held in a conversation.
  void enterRoom(Execution.Room room);

  /// Sets a timer that fires `after` from now.
  EffectId timer(Duration after, Effect.ScheduleTimer.Purpose purpose);

  void cancel(EffectId timer);

  /// Calls another system and answers the call's id.
  EffectId call(Effect.Request request);

  /// Hands the conversation to a person and answers the handoff's id.
  EffectId handOver(Values request);

  /// The person is done, or nobody came: the flow speaks again.
  ///
  /// @param why what ended the handoff, where it was not the person; empty text where it was
  void takeBack(EffectId handoff, String why);

  /// Whether this turn is the contact's message, so that its webhook can still be answered with
  /// TwiML.
  boolean answersMessage();

  /// A number from 0 up to `below`, always the same for one contact, flow and widget.
  int lot(String widget, int below);

  /// Counts the contact to an experiment's arm from now on.
  void assign(String cohort);

  /// Writes `flow.variables.name`.
  void set(String name, Object value);

  void warn(Warning warning);

  /// Friction, and offers against it.
  Bargaining bargaining();
}
