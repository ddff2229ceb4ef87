package io.parley.bench;

import io.parley.edge.Arrival;
import io.parley.engine.Address;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.MessageSid;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToLongFunction;

/// Replies of customers, as the edge makes them of Twilio's webhook: the conversation asks again,
/// so that conversations neither end nor grow.
final class Replies {

  static final Address OURS = new Address("+14155550199");

  /// The name of the flow that talks to them.
  static final String FLOW = "loop";

  static final String ACCOUNT = "AC00000000000000000000000000000001";

  private static final List<String> BODIES =
      List.of(
          "how long does shipping to Canada take?",
          "ok, and is there a gift box?",
          "does it come in size M",
          "thanks! I think I will take the blue one",
          "what about returns?");

  private final Clock clock = Clock.tickMillis(ZoneOffset.UTC);
  private final IntToLongFunction messages;

  private Replies(IntToLongFunction messages) {
    this.messages = messages;
  }

  /// Each is new.
  ///
  /// @param first that no earlier reply to the same database has: replies are told apart by it
  static Replies from(long first) {
    AtomicLong next = new AtomicLong(first);
    return new Replies(_ -> next.getAndIncrement());
  }

  /// The same one from a customer each time, whichever process brings it: new once, and a repeat
  /// ever after.
  static Replies repeated() {
    return new Replies(customer -> customer);
  }

  /// The parameters of a webhook.
  static Map<String, String> parameters(int customer, long message) {
    String sid = sid(message);
    return Map.of(
        "MessageSid",
        sid,
        "SmsMessageSid",
        sid,
        "AccountSid",
        ACCOUNT,
        "From",
        theirs(customer),
        "To",
        OURS.value(),
        "Body",
        BODIES.get((int) (message % BODIES.size())),
        "NumMedia",
        "0",
        "NumSegments",
        "1");
  }

  static String theirs(int customer) {
    return "+1212%07d".formatted(customer);
  }

  /// The customer of a number.
  static int customer(String theirs) {
    return Integer.parseInt(theirs.substring(theirs.length() - 7));
  }

  private static String sid(long message) {
    return "SM%032x".formatted(message);
  }

  /// The next reply of a customer.
  Arrival of(int customer) {
    long message = messages.applyAsLong(customer);
    String sid = sid(message);
    Instant now = clock.instant();
    return new Arrival(
        Arrival.Source.TWILIO_MESSAGE,
        sid,
        Optional.empty(),
        new ThreadId(OURS, new Address(theirs(customer))),
        new Event.ReplyReceived(
            new MessageSid(sid),
            new Values(Map.copyOf(parameters(customer, message))),
            List.of(),
            "",
            Optional.of(new FlowRef(FlowSid.named(FLOW), FLOW, 1))),
        now);
  }
}
