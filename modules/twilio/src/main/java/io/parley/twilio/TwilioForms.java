package io.parley.twilio;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.FailureClass;
import io.parley.engine.FlowRef;
import io.parley.engine.MessageSid;
import io.parley.engine.MessageStatus;
import io.parley.engine.Tag;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Reads the two forms that Twilio posts: a contact's message and the status of one of ours.
/// Parameters that nobody knows pass through, since Twilio adds some without notice.
public final class TwilioForms {

  private TwilioForms() {}

  /// What came of reading a form.
  public sealed interface Reading<T> {
    record Parsed<T>(T value) implements Reading<T> {}

    /// @param problems all that is wrong, at least one
    record Malformed<T>(List<Problem> problems) implements Reading<T> {
      public Malformed {
        problems = List.copyOf(problems);
      }
    }
  }

  /// @param parameter the parameter that is wrong; `body` for the form as a whole
  /// @param remedy what is wrong and what to do, in one sentence
  public record Problem(String parameter, String remedy) {}

  /// A contact's message.
  ///
  /// @param thread ours is `To`, the number that was written to even where a Messaging Service
  ///     stands before it; theirs is `From`
  /// @param parameters all parameters verbatim as text; the first value under a repeated name, and
  ///     all of them as a list under `Name[]`
  public record InboundMessage(MessageSid sid, ThreadId thread, Values parameters) {

    /// The name that tells a repeat from a new one: `SM...`.
    public String sourceId() {
      return sid.value();
    }

    public Event.ReplyReceived event(List<Tag> tags, String tagger, Optional<FlowRef> startable) {
      return new Event.ReplyReceived(sid, parameters, tags, tagger, startable);
    }
  }

  /// What reaches the webhook of one flow.
  public sealed interface FlowRequest {
    Values parameters();

    ThreadId thread();

    /// A contact's message, as at any other webhook.
    record Wrote(InboundMessage message) implements FlowRequest {
      @Override
      public Values parameters() {
        return message.parameters();
      }

      @Override
      public ThreadId thread() {
        return message.thread();
      }
    }

    /// Another application gives back the contact that it was given by a redirect.
    ///
    /// @param parameters what it gave with it, and what Twilio says of the message
    record Returned(ThreadId thread, Values parameters) implements FlowRequest {

      public Event.RedirectReturned event() {
        Map<String, Object> told = new LinkedHashMap<>(parameters.entries());
        told.remove(FLOW_EVENT);
        return new Event.RedirectReturned(new Values(told));
      }
    }
  }

  private static final String FLOW_EVENT = "FlowEvent";

  /// How far one of our messages got.
  ///
  /// @param thread the thread of the effect where the addresses agree with it, else (`From`, `To`)
  public record StatusReport(ThreadId thread, Event.DeliveryReported event) {

    /// The name that tells a repeat from a new one: `SM...:delivered`.
    public String sourceId() {
      return event.sid() + ":" + event.status().word();
    }
  }

  /// Reads the form that Twilio posts when a contact writes.
  public static Reading<InboundMessage> message(byte[] body) {
    return message(Fields.of(body));
  }

  private static Reading<InboundMessage> message(Fields fields) {
    Optional<String> sid = fields.required("MessageSid", "SmsSid", "SmsMessageSid");
    Optional<String> from = fields.required("From");
    Optional<String> to = fields.required("To");
    return fields.reading(
        () -> {
          ThreadId thread =
              new ThreadId(new Address(to.orElseThrow()), new Address(from.orElseThrow()));
          return new InboundMessage(new MessageSid(sid.orElseThrow()), thread, fields.parameters());
        });
  }

  /// Reads what Twilio sends to the webhook of a flow, by POST or by GET: with `FlowEvent=return`
  /// in its query the return of a redirect, else a contact's message.
  ///
  /// @param requestTarget the path and query as received
  public static Reading<FlowRequest> flowRequest(String requestTarget, byte[] body) {
    Fields fields = Fields.of(requestTarget, body);
    Optional<String> event = fields.given(FLOW_EVENT);
    if (event.isEmpty()) {
      return switch (message(fields)) {
        case Reading.Parsed<InboundMessage>(var message) ->
            new Reading.Parsed<>(new FlowRequest.Wrote(message));
        case Reading.Malformed<InboundMessage>(var problems) -> new Reading.Malformed<>(problems);
      };
    }
    Optional<String> from = fields.required("From");
    Optional<String> to = fields.required("To");
    fields.refuseUnless(
        event.get().equals("return"),
        new Problem(FLOW_EVENT, "is `" + event.get() + "`: send return, or leave it out"));
    return fields.reading(
        () ->
            new FlowRequest.Returned(
                new ThreadId(new Address(to.orElseThrow()), new Address(from.orElseThrow())),
                fields.parameters()));
  }

  /// Reads the form that Twilio posts to a status callback.
  ///
  /// @param requestTarget the path and query as received; its parameter `effect` names the send
  public static Reading<StatusReport> status(String requestTarget, byte[] body) {
    Fields fields = Fields.of(body);
    Optional<String> sid = fields.required("MessageSid", "SmsSid");
    Optional<String> to = fields.required("To");
    Optional<String> from = fields.required("From", "MessagingServiceSid");
    Optional<MessageStatus> status = fields.status();
    Optional<EffectId> effect = fields.effect(requestTarget);
    return fields.reading(
        () -> {
          Address theirs = new Address(to.orElseThrow());
          ThreadId thread = new ThreadId(new Address(from.orElseThrow()), theirs);
          ThreadId ofService =
              fields
                  .given("MessagingServiceSid")
                  .map(service -> new ThreadId(new Address(service), theirs))
                  .filter(candidate -> effect.filter(isHeldIn(candidate)).isPresent())
                  .orElse(thread);
          return new StatusReport(
              ofService,
              new Event.DeliveryReported(
                  effect,
                  new MessageSid(sid.orElseThrow()),
                  status.orElseThrow(),
                  fields.errorCode(),
                  refusal(fields.errorCode()),
                  block(fields.errorCode()),
                  failureClass(fields.errorCode()),
                  fields.parameters()));
        });
  }

  /// What an error means, in one word; empty where there is none.
  static String refusal(int errorCode) {
    return errorCode == 0 ? "" : TwilioError.of(errorCode).refusal();
  }

  /// What kind of failure an error is; empty where there is none.
  static Optional<FailureClass> failureClass(int errorCode) {
    return errorCode == 0
        ? Optional.empty()
        : Optional.of(TwilioError.of(errorCode).failureClass());
  }

  /// What an error says of the recipient for good.
  private static Optional<Block> block(int errorCode) {
    return errorCode == 0 ? Optional.empty() : TwilioError.of(errorCode).failure("").block();
  }

  /// Whether an effect's conversation is the one that is held in a thread.
  private static Predicate<EffectId> isHeldIn(ThreadId thread) {
    return effect -> effect.conversation().equals(ConversationId.of(thread));
  }

  /// A form while it is read: what it holds, and what has been found wrong with it.
  static final class Fields {

    private final Form form;
    private final List<Problem> problems = new ArrayList<>();

    private Fields(Form form) {
      this.form = form;
    }

    static Fields of(byte[] body) {
      return of("", body);
    }

    /// Of a query and a body; what both have is the query's.
    static Fields of(String requestTarget, byte[] body) {
      try {
        Form query = Form.query(requestTarget);
        List<Form.Parameter> both = new ArrayList<>(query.parameters());
        Form.parse(body).parameters().stream()
            .filter(parameter -> query.first(parameter.name()).isEmpty())
            .forEach(both::add);
        return new Fields(new Form(both));
      } catch (IllegalArgumentException e) {
        Fields fields = new Fields(new Form(List.of()));
        fields.problems.add(
            new Problem("body", "is no form (" + e.getMessage() + "): send it percent-encoded"));
        return fields;
      }
    }

    /// The first of a parameter's names that has a value; a problem where none has.
    Optional<String> required(String name, String... alternatives) {
      Optional<String> value = given(name);
      for (String alternative : alternatives) {
        value = value.or(() -> given(alternative));
      }
      if (value.isEmpty()) {
        problems.add(
            new Problem(name, "is missing: point the webhook of a Twilio number or service here"));
      }
      return value;
    }

    void refuseUnless(boolean right, Problem problem) {
      if (!right) {
        problems.add(problem);
      }
    }

    /// The value of a parameter, without the space around it; empty where it is blank.
    Optional<String> given(String name) {
      return form.first(name).map(String::strip).filter(value -> !value.isEmpty());
    }

    Optional<MessageStatus> status() {
      Optional<String> word = required("MessageStatus", "SmsStatus");
      Optional<MessageStatus> status = word.flatMap(MessageStatus::parse);
      if (word.isPresent() && status.isEmpty()) {
        problems.add(
            new Problem(
                "MessageStatus",
                "is `%s`, no status of an outgoing message: use this URL as status callback only"
                    .formatted(word.get())));
      }
      return status;
    }

    /// Empty, without a problem, where the URL has no effect: a callback that the console
    /// configured.
    Optional<EffectId> effect(String requestTarget) {
      Optional<String> text;
      try {
        text = Form.query(requestTarget).first("effect");
      } catch (IllegalArgumentException _) {
        text = Optional.of(requestTarget);
      }
      try {
        return text.map(EffectId::parse);
      } catch (IllegalArgumentException _) {
        problems.add(
            new Problem("effect", "is no effect id: leave the callback URL as Parley gave it"));
        return Optional.empty();
      }
    }

    /// 0 where there is none, or none that is a number; the parameters keep it as it came.
    int errorCode() {
      try {
        return given("ErrorCode").map(Integer::valueOf).orElse(0);
      } catch (NumberFormatException _) {
        return 0;
      }
    }

    /// NUL becomes U+FFFD, since no text in Postgres may hold it.
    Values parameters() {
      Map<String, Object> entries = new LinkedHashMap<>();
      form.byName()
          .forEach(
              (name, values) -> {
                List<String> storable = values.stream().map(Fields::storable).toList();
                entries.put(storable(name), storable.getFirst());
                if (storable.size() > 1) {
                  entries.put(storable(name) + "[]", storable);
                }
              });
      return new Values(entries);
    }

    private static String storable(String text) {
      return text.replace('\0', '\uFFFD');
    }

    /// All that has been found wrong so far.
    List<Problem> problems() {
      return List.copyOf(problems);
    }

    <T> Reading<T> reading(Supplier<T> value) {
      return problems.isEmpty()
          ? new Reading.Parsed<>(value.get())
          : new Reading.Malformed<>(problems);
    }
  }
}
