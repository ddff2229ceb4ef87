package io.parley.twilio;

import io.parley.engine.Address;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.Json;
import io.parley.engine.MessageSid;
import io.parley.engine.MessageStatus;
import io.parley.engine.Tag;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.twilio.TwilioForms.Fields;
import io.parley.twilio.TwilioForms.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Reads the forms that Twilio Conversations posts. Parameters that nobody knows pass through.
///
/// A message moves a flow only where a participant wrote it who is no agent. By what is documented:
///
/// - `Attributes` name an effect of ours: we said it.
/// - `ParticipantSid` is that of the author, and a message of the system or of an API call under a
///   made-up name has none: with neither that nor a `Source` other than `API`, nobody in the
///   conversation wrote it. An integration that writes in a participant's name counts.
/// - `Author` is an agent's chat identity, which configuration knows.
///
/// Source: Conversations documentation, Webhooks (onMessageAdded, onDeliveryUpdated).
public final class ConversationForms {

  private static final String MESSAGE_ADDED = "onMessageAdded";
  private static final String DELIVERY_UPDATED = "onDeliveryUpdated";
  private static final String SYSTEM = "system";
  private static final String API = "API";

  private ConversationForms() {}

  /// What a form tells.
  public sealed interface Reading {

    /// A participant wrote.
    record Heard(Said said) implements Reading {}

    /// How far a message of ours got with one participant.
    record Reported(Delivery delivery) implements Reading {}

    /// Nothing that concerns a flow.
    ///
    /// @param why for metrics: the type of the event, `ours`, `agent`, `nobody`
    record Ignored(String why) implements Reading {}

    /// @param problems all that is wrong, at least one
    record Malformed(List<Problem> problems) implements Reading {
      public Malformed {
        problems = List.copyOf(problems);
      }
    }
  }

  /// What a participant wrote.
  ///
  /// @param thread ours is the chat service, theirs the conversation, where no thread goes by the
  ///     conversation's name
  /// @param parameters all of them as text, with Studio's other names for them: `ChannelSid`,
  ///     `InstanceSid`, `From`; `ChannelAttributes` and `Media` read as JSON
  public record Said(MessageSid sid, ThreadId thread, Values parameters) {

    /// The name that tells a repeat from a new one: `IM...`.
    public String sourceId() {
      return sid.value();
    }

    public Event.ReplyReceived event(List<Tag> tags, String tagger, Optional<FlowRef> startable) {
      return new Event.ReplyReceived(sid, parameters, tags, tagger, startable);
    }
  }

  /// @param participant who it went to, as Twilio names them; empty where it does not
  public record Delivery(ThreadId thread, String participant, Event.DeliveryReported event) {

    /// The name that tells a repeat from a new one: `IM...:MB...:delivered`.
    public String sourceId() {
      return event.sid() + ":" + participant + ":" + event.status().word();
    }
  }

  /// @param agents whether an identity is an agent's
  public static Reading read(byte[] body, Predicate<String> agents) {
    Fields fields = Fields.of(body);
    String type = fields.given("EventType").orElse(MESSAGE_ADDED);
    return switch (type) {
      case MESSAGE_ADDED -> message(fields, agents);
      case DELIVERY_UPDATED -> delivery(fields);
      default -> new Reading.Ignored(type);
    };
  }

  private static Reading message(Fields fields, Predicate<String> agents) {
    Optional<String> sid = fields.required("MessageSid");
    Optional<ThreadId> thread = thread(fields);
    if (!fields.problems().isEmpty()) {
      return new Reading.Malformed(fields.problems());
    }
    String author = fields.given("Author").orElse("");
    if (ConversationsChannel.effect(fields.given("Attributes").orElse("")).isPresent()) {
      return new Reading.Ignored("ours");
    }
    if (isNobodys(fields, author)) {
      return new Reading.Ignored("nobody");
    }
    if (agents.test(author)) {
      return new Reading.Ignored("agent");
    }
    return new Reading.Heard(
        new Said(new MessageSid(sid.orElseThrow()), thread.orElseThrow(), parameters(fields)));
  }

  private static boolean isNobodys(Fields fields, String author) {
    String source = fields.given("Source").orElse("");
    return fields.given("ParticipantSid").isEmpty()
        && (source.isEmpty() || source.equalsIgnoreCase(API) || author.equals(SYSTEM));
  }

  private static Optional<ThreadId> thread(Fields fields) {
    Optional<Address> theirs = fields.required("ConversationSid", "ChannelSid").map(Address::new);
    Optional<Address> ours = fields.required("ChatServiceSid", "InstanceSid").map(Address::new);
    return theirs.isPresent() && ours.isPresent()
        ? Optional.of(new ThreadId(ours.get(), theirs.get()))
        : Optional.empty();
  }

  private static Values parameters(Fields fields) {
    Values parameters = fields.parameters();
    Values named = parameters;
    named = alias(named, "ConversationSid", "ChannelSid");
    named = alias(named, "ChannelSid", "ConversationSid");
    named = alias(named, "ChatServiceSid", "InstanceSid");
    named = alias(named, "InstanceSid", "ChatServiceSid");
    named = alias(named, "Author", "From");
    named = parsed(named, "ChannelAttributes", Map.class);
    named = parsed(named, "Media", List.class);
    int media = named.entries().get("Media") instanceof List<?> files ? files.size() : 0;
    return named.text("NumMedia").isPresent()
        ? named
        : named.with("NumMedia", String.valueOf(media));
  }

  /// Gives a parameter its other name, where nothing has it.
  private static Values alias(Values parameters, String name, String other) {
    Optional<String> value = parameters.text(name);
    return value.isPresent() && parameters.text(other).isEmpty()
        ? parameters.with(other, value.get())
        : parameters;
  }

  private static Values parsed(Values parameters, String name, Class<?> shape) {
    return parameters
        .text(name)
        .flatMap(Json::parse)
        .filter(shape::isInstance)
        .map(value -> parameters.with(name, value))
        .orElse(parameters);
  }

  /// What fails with one participant says nothing of the others, and so blocks nobody.
  private static Reading delivery(Fields fields) {
    Optional<String> sid = fields.required("MessageSid");
    Optional<ThreadId> thread = thread(fields);
    Optional<MessageStatus> status = fields.given("Status").flatMap(MessageStatus::parse);
    if (!fields.problems().isEmpty()) {
      return new Reading.Malformed(fields.problems());
    }
    if (status.isEmpty()) {
      return new Reading.Ignored(DELIVERY_UPDATED);
    }
    return new Reading.Reported(
        new Delivery(
            thread.orElseThrow(),
            fields.given("ParticipantSid").orElse(""),
            new Event.DeliveryReported(
                Optional.empty(),
                new MessageSid(sid.orElseThrow()),
                status.get(),
                fields.errorCode(),
                TwilioForms.refusal(fields.errorCode()),
                Optional.empty(),
                TwilioForms.failureClass(fields.errorCode()),
                fields.parameters())));
  }
}
