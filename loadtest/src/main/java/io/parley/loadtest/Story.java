package io.parley.loadtest;

import io.parley.loadtest.Journey.Answer;
import io.parley.loadtest.customerio.Profile;
import io.parley.loadtest.customerio.ReceivedEvent;
import io.parley.loadtest.customerio.StandInCustomerIo;
import io.parley.loadtest.twilio.DeliveryStatus;
import io.parley.loadtest.twilio.Inbound;
import io.parley.loadtest.twilio.InboundResult;
import io.parley.loadtest.twilio.SentMessage;
import io.parley.loadtest.twilio.StandInTwilio;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A skincare shop's carts: one that is won by help and a discount, one whose customer begins with
/// a discount and is given none, one whose customer wants to be left alone, and one whose customer
/// wants a person. Each step is awaited for a bounded time, printed and checked; the first one that
/// does not come ends the story.
final class Story {

  private static final Shopper ASHA = new Shopper("asha", "Asha", "+12125550101", 120);
  private static final Shopper BEN = new Shopper("ben", "Ben", "+12125550102", 95);
  private static final Shopper CHLOE = new Shopper("chloe", "Chloe", "+12125550103", 140);

  private static final Shopper DAN = new Shopper("dan", "Dan", "+12125550104", 90);

  private static final int PATIENCE_SECONDS = 20;

  /// How long Asha takes to pay, so that there is a time between our last message and the order.
  private static final Duration CHECKOUT = Duration.ofSeconds(2);

  private final StandInTwilio twilio;
  private final StandInCustomerIo customerIo;
  private final Journey journey;
  private final Colleague mia;
  private final String sender;
  private final Narrator narrator;

  /// A step of the story that did not come.
  private static final class Missing extends Exception {
    private static final long serialVersionUID = 1;

    private final String what;

    Missing(String what) {
      super(what);
      this.what = what;
    }
  }

  /// @param mia answers customers at the desk
  /// @param sender our address
  Story(
      StandInTwilio twilio,
      StandInCustomerIo customerIo,
      Journey journey,
      Colleague mia,
      String sender,
      Narrator narrator) {
    this.twilio = twilio;
    this.customerIo = customerIo;
    this.journey = journey;
    this.mia = mia;
    this.sender = sender;
    this.narrator = narrator;
  }

  /// Plays it; whether everything was as expected.
  boolean play() throws IOException, InterruptedException {
    explain();
    try {
      helpThenDiscountThenOrder();
      discountAtTheStart();
      leaveMeAlone();
      aPerson();
    } catch (Missing e) {
      narrator.expect(e.what, false);
    }
    report();
    return narrator.isAsExpected();
  }

  private void explain() {
    narrator.say(
        """

        How to read it
          =>  comes from outside: a Journey's webhook, a customer's message, an order. Each is an event. It is verified, given
              to the one writer of its conversation, and the engine answers state and event with a new state and effects:
              a turn. When the turn is committed to Postgres, with its effects, the event is acknowledged.
          <=  is an effect of a committed turn that a courier has carried out: a message that Twilio has delivered.
              What Twilio says to it comes back as an event, and the flow goes on with the next turn.
          The rest is what Customer.io was told of it, which is an effect, too.\
        """);
  }

  // ---- help, then a discount, then an order

  private void helpThenDiscountThenOrder() throws IOException, InterruptedException, Missing {
    narrator.heading("1. Asha leaves a cart of 120 USD that ships to Canada");
    JsonObject trigger = Journey.trigger(ASHA, "cart-1");
    Answer started = tell("Journey", "/customerio/triggers", trigger, "a cart was abandoned");
    narrator.expect("the trigger is taken", isTaken(started));
    ReceivedEvent began = event(ASHA, "conversation_started", 1);
    ReceivedEvent held = event(ASHA, "suppression_started", 1);
    narrator.note("held", "other messages to her wait until " + until(held.attributes()));
    awaitMessage(ASHA, "Need help checking out?");

    writes(ASHA, "How long does shipping to Canada take?", "shipping");
    awaitMessage(ASHA, "Shipping to Canada takes 4 to 6 days");

    ReceivedEvent heard = writes(ASHA, "Ok. Any code?", "discount");
    narrator.expect(
        "that is her second sign of friction",
        heard.attributes().getJsonObject("friction").getInteger("count") == 2);
    JsonObject granted = event(ASHA, "offer_granted", 1).attributes();
    String code = granted.getString("offer_code", "");
    narrator.note(
        "gate",
        "opens: %s, %s with %s"
            .formatted(granted.getString("offer"), granted.getString("offer_value"), code));
    SentMessage offer = awaitMessage(ASHA, "15% off with the code ");
    narrator.expect(
        "she is told the code that was reserved for her, which is nobody else's",
        code.startsWith("SKIN-") && offer.body().contains(code));

    writes(ASHA, "Perfect, thanks!", "thanks");
    awaitMessage(ASHA, "You are welcome!");
    ends(ASHA, "completed");
    LockSupport.parkNanos(CHECKOUT.toNanos());

    Answer ordered =
        tell(
            "Shop",
            "/events",
            Journey.order(ASHA, "1001", 102, code),
            "Order Completed, coupon " + code);
    narrator.expect("the order finds her conversation", ordered.status() == 200);
    orderIsReported(code);
    repeatsAreRefused(trigger);
    path(began);
    everythingWasReported(
        ASHA,
        List.of(
            "conversation_started",
            "suppression_started",
            "twilio_reply_intent",
            "twilio_reply_intent",
            "offer_granted",
            "twilio_reply_intent",
            "twilio_flow_completed",
            "conversation_ended",
            "offer_used",
            "conversion",
            "suppression_ended",
            "suppression_started",
            "conversation_refused"));
    narrator.expect("four messages were sent, no more", sentTo(ASHA) == 4);
  }

  private void orderIsReported(String code) throws Missing {
    JsonObject sale = event(ASHA, "conversion", 1).attributes();
    narrator.note(
        "sale",
        "conversion: order %s, offer %s (%s), used: %s, %s s after our last message"
            .formatted(
                sale.getValue("order_id"),
                sale.getValue("offer"),
                sale.getValue("offer_value"),
                sale.getValue("offer_used"),
                sale.getValue("seconds_since_last_message")));
    narrator.expect(
        "the order counts for the offer",
        code.equals(sale.getString("offer_code")) && sale.getBoolean("offer_used", false));
    narrator.expect(
        "it tells the time since our last message",
        sale.getLong("seconds_since_last_message", -1L) >= CHECKOUT.toSeconds() - 1);
    JsonObject over = event(ASHA, "suppression_ended", 1).attributes();
    JsonObject bought = event(ASHA, "suppression_started", 2).attributes();
    narrator.note("held", "no more as a conversation: ended by " + over.getString("reason"));
    narrator.note("held", "as a buyer, who is asked to buy nothing else until " + until(bought));
    narrator.expect(
        "one suppression is over and the buyers' one has begun, by the purchase",
        over.getString("reason").equals("purchase")
            && bought.getString("reason").equals("purchase"));
    Profile person =
        await(
            "conversation_in_progress to become false at Customer.io",
            customerIo.awaitProfile(
                profile ->
                    profile.id().filter(ASHA.id()::equals).isPresent()
                        && Boolean.FALSE.equals(
                            profile.attributes().getValue("conversation_in_progress"))));
    narrator.note("profile", person.attributes().encode());
  }

  /// To the minute: `2026-11-30T00:07Z`.
  private static String until(JsonObject window) {
    return Instant.parse(window.getString("until")).truncatedTo(ChronoUnit.MINUTES).toString();
  }

  private void repeatsAreRefused(JsonObject trigger)
      throws IOException, InterruptedException, Missing {
    Answer repeat = tell("Journey", "/customerio/triggers", trigger, "the same webhook once more");
    narrator.expect(
        "a repeat is known as one, and begins nothing",
        repeat.body().getBoolean("duplicate", false)
            && eventsOf(ASHA, "conversation_started").count() == 1);
    isRefused(ASHA, "suppressed");
  }

  private void path(ReceivedEvent began) throws IOException, InterruptedException {
    List<String> steps =
        journey.steps(
            began.attributes().getString("flow_sid"),
            began.attributes().getString("execution_sid"));
    narrator.note("path", "through the flow, as Studio's API tells it:");
    steps.forEach(step -> narrator.note("", "  " + step));
    narrator.expect(
        "it led through the FAQ and the gate",
        steps.contains("about match -> shipping") && steps.contains("gate granted -> offer"));
  }

  // ---- a discount at the start

  private void discountAtTheStart() throws IOException, InterruptedException, Missing {
    narrator.heading("2. Ben begins with a discount");
    begins(BEN);
    writes(BEN, "Do you have a discount code?", "discount");
    JsonObject withheld = event(BEN, "offer_withheld", 1).attributes();
    narrator.note(
        "gate",
        "stays shut: %s (%s)"
            .formatted(withheld.getString("reason"), withheld.getString("explanation")));
    narrator.expect(
        "a discount is not given for the asking",
        withheld.getString("reason").equals("little_friction"));
    awaitMessage(BEN, "There is no code to give you just now");
    writes(BEN, "No thanks", "no");
    awaitMessage(BEN, "You are welcome!");
    ends(BEN, "completed");
    everythingWasReported(
        BEN,
        List.of(
            "conversation_started",
            "suppression_started",
            "twilio_reply_intent",
            "offer_withheld",
            "twilio_reply_intent",
            "twilio_flow_completed",
            "conversation_ended"));
    narrator.expect(
        "no message to him names a code or a discount",
        messagesTo(BEN).stream()
            .noneMatch(it -> it.body().contains("SKIN-") || it.body().contains("%")));
  }

  // ---- leave me alone

  private void leaveMeAlone() throws IOException, InterruptedException, Missing {
    narrator.heading("3. Chloe wants to be left alone");
    begins(CHLOE);
    writes(CHLOE, "please leave me alone", "opt_out");
    awaitMessage(CHLOE, "You are unsubscribed");
    ends(CHLOE, "opted_out");
    isRefused(CHLOE, "opted_out");
    everythingWasReported(
        CHLOE,
        List.of(
            "conversation_started",
            "suppression_started",
            "twilio_reply_intent",
            "opted_out",
            "suppression_ended",
            "twilio_flow_completed",
            "conversation_ended",
            "conversation_refused"));
    narrator.expect(
        "she got the question and one confirmation, and nothing after it", sentTo(CHLOE) == 2);
  }

  // ---- a person

  private void aPerson() throws IOException, InterruptedException, Missing {
    narrator.heading("4. Dan wants a person");
    begins(DAN);
    writes(DAN, "Can I talk to a real person please?", "human_agent");
    JsonObject handedOver = event(DAN, "agent_handoff", 1).attributes();
    narrator.note(
        "handoff",
        "by "
            + handedOver.getJsonObject("request").getString("reason")
            + ": the flow stands still");
    String conversation = waiting(DAN);

    does("takes it", () -> mia.takes(conversation));
    answers(conversation, "Hi Dan, Mia here. How can I help?");
    awaitMessage(DAN, "Mia here");
    says(DAN, "Does the day cream suit dry skin?");
    answers(conversation, "It does: it is made for it. Shall I leave it in your cart?");
    awaitMessage(DAN, "made for it");
    does("closes it as solved, and the flow goes on", () -> mia.closes(conversation, "solved"));
    JsonObject closed = event(DAN, "agent_handoff_closed", 1).attributes();
    narrator.note(
        "handoff",
        "closed as %s after %s s; first answer after %s s"
            .formatted(
                closed.getString("disposition"),
                closed.getValue("seconds"),
                closed.getValue("first_response_seconds")));
    narrator.expect(
        "it is told how long he waited for an answer",
        closed.getValue("first_response_seconds") != null);

    writes(DAN, "Perfect, thanks!", "thanks");
    awaitMessage(DAN, "You are welcome!");
    ends(DAN, "completed");
    everythingWasReported(
        DAN,
        List.of(
            "conversation_started",
            "suppression_started",
            "twilio_reply_intent",
            "agent_handoff",
            "agent_handoff_accepted",
            "twilio_reply_intent",
            "agent_handoff_closed",
            "twilio_reply_intent",
            "twilio_flow_completed",
            "conversation_ended"));
    narrator.expect(
        "he got two messages of the flow and two of Mia's, and nothing while she had him",
        sentTo(DAN) == 4);
  }

  /// The id of the conversation, once it waits at the desk.
  private String waiting(Shopper customer) throws IOException, InterruptedException, Missing {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      Optional<JsonObject> row = mia.waiting(customer.phone());
      if (row.isPresent()) {
        String id = row.get().getString("id");
        JsonObject cart =
            mia.conversation(id).getJsonObject("context").getJsonObject("cart", new JsonObject());
        narrator.note(
            "desk",
            "%s waits, %s; cart %s %s"
                .formatted(
                    customer.name(),
                    row.get().getString("reason"),
                    cart.getValue("total"),
                    cart.getString("currency")));
        return id;
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    throw new Missing("the desk lists %s among those who wait".formatted(customer.name()));
  }

  /// Something that Mia does at the desk.
  private interface Deed {
    Colleague.Answer make() throws IOException, InterruptedException;
  }

  private void does(String what, Deed deed) throws IOException, InterruptedException, Missing {
    narrator.line(Instant.now(), mia.name(), "=>", what);
    Colleague.Answer answer = deed.make();
    if (!answer.isDone()) {
      throw new Missing("the desk does what Mia asks, but: " + answer.body().encode());
    }
  }

  private void answers(String conversation, String text)
      throws IOException, InterruptedException, Missing {
    does(text, () -> mia.writes(conversation, text));
  }

  // ---- what customers do, and what comes of it

  private void begins(Shopper customer) throws IOException, InterruptedException, Missing {
    Answer started =
        tell(
            "Journey",
            "/customerio/triggers",
            Journey.trigger(customer, "cart-1"),
            "a cart was abandoned");
    narrator.expect("the trigger is taken", isTaken(started));
    awaitMessage(customer, "Need help checking out?");
  }

  /// A busy machine answers before the turn: `accepted`.
  private static boolean isTaken(Answer answer) {
    return answer.says("status", "started") || answer.says("status", "accepted");
  }

  /// The Journey comes again with another cart, and is told why it may not.
  private void isRefused(Shopper customer, String reason)
      throws IOException, InterruptedException, Missing {
    JsonObject trigger = Journey.trigger(customer, "cart-2");
    Answer answer = tell("Journey", "/customerio/triggers", trigger, "another cart of hers");
    JsonObject refusal = event(customer, "conversation_refused", 1).attributes();
    narrator.expect(
        "that is refused: " + reason,
        reason.equals(refusal.getString("reason")) && !answer.says("status", "started"));
  }

  private Answer tell(String who, String path, JsonObject body, String what)
      throws IOException, InterruptedException {
    narrator.line(Instant.now(), who, "=>", "POST %s: %s".formatted(path, what));
    Answer answer = journey.post(path, body);
    narrator.note("answer", answer.toString());
    return answer;
  }

  /// The customer writes; answers what Customer.io is told of its meaning, which has to be as
  /// named.
  private ReceivedEvent writes(Shopper customer, String body, String meaning) throws Missing {
    int earlier = (int) eventsOf(customer, "twilio_reply_intent").count();
    says(customer, body);
    ReceivedEvent intent = event(customer, "twilio_reply_intent", earlier + 1);
    JsonObject attributes = intent.attributes();
    JsonObject friction = attributes.getJsonObject("friction");
    narrator.note(
        "heard",
        "%s; friction: %s, score %s"
            .formatted(
                meanings(attributes.getJsonObject("scores")),
                friction.getValue("count"),
                friction.getValue("score")));
    narrator.expect("it means " + meaning, meaning.equals(attributes.getString("top_tag")));
    return intent;
  }

  private void says(Shopper customer, String body) throws Missing {
    narrator.line(Instant.now(), customer.name(), "=>", body);
    InboundResult result =
        await(
            "Parley to acknowledge the message",
            twilio.receive(Inbound.sms(customer.phone(), sender, body)));
    if (!result.accepted()) {
      throw new Missing("Parley acknowledges the message, but: " + result.answer());
    }
  }

  /// `discount 1.00, yes 0.90`
  private static String meanings(JsonObject scores) {
    return scores.fieldNames().stream()
        .map(tag -> "%s %.2f".formatted(tag, scores.getDouble(tag)))
        .collect(Collectors.joining(", "));
  }

  private SentMessage awaitMessage(Shopper customer, String part) throws Missing {
    Predicate<SentMessage> wanted =
        message ->
            message.viaApi()
                && message.to().equals(customer.phone())
                && message.body().contains(part)
                && message.status() == DeliveryStatus.DELIVERED;
    try {
      SentMessage message = twilio.awaitMessage(wanted).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      narrator.line(message.receivedAt(), customer.name(), "<=", message.body());
      return message;
    } catch (TimeoutException _) {
      throw new Missing(
          "%s gets a message with \"%s\" within %d s, but got: %s"
              .formatted(
                  customer.name(),
                  part,
                  PATIENCE_SECONDS,
                  messagesTo(customer).stream().map(SentMessage::body).toList()));
    }
  }

  private void ends(Shopper customer, String result) throws Missing {
    ReceivedEvent ended = event(customer, "conversation_ended", 1);
    narrator.expect(
        "the conversation ended: " + result, result.equals(ended.attributes().getString("result")));
  }

  /// The nth event of a name that Customer.io has about a customer.
  private ReceivedEvent event(Shopper customer, String name, int nth) throws Missing {
    try {
      return customerIo
          .awaitEvents(nth, event -> isOf(customer, event) && event.name().equals(name))
          .await(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .get(nth - 1);
    } catch (TimeoutException _) {
      throw new Missing(
          "Customer.io is told %s (number %d) of %s within %d s, but knows of: %s"
              .formatted(name, nth, customer.name(), PATIENCE_SECONDS, namesOf(customer)));
    }
  }

  private static <T> T await(String what, Future<T> future) throws Missing {
    try {
      return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException _) {
      throw new Missing("waited %d s for %s".formatted(PATIENCE_SECONDS, what));
    }
  }

  private List<SentMessage> messagesTo(Shopper customer) {
    return twilio.messagesViaApi().stream().filter(it -> it.to().equals(customer.phone())).toList();
  }

  private int sentTo(Shopper customer) {
    return messagesTo(customer).size();
  }

  // ---- what Customer.io was told

  private static boolean isOf(Shopper customer, ReceivedEvent event) {
    return event.person().value().equals(customer.id());
  }

  private Stream<ReceivedEvent> eventsOf(Shopper customer, String name) {
    return customerIo.events().stream()
        .filter(event -> isOf(customer, event) && event.name().equals(name));
  }

  private List<String> namesOf(Shopper customer) {
    return customerIo.events().stream()
        .filter(event -> isOf(customer, event))
        .map(ReceivedEvent::name)
        .toList();
  }

  /// Customer.io knows of these in this order, and of each reply, of each message that it was sent
  /// and that it was delivered, and of nothing else.
  private void everythingWasReported(Shopper customer, List<String> milestones) throws Missing {
    int messages = sentTo(customer);
    event(customer, "twilio_message_sent", messages);
    event(customer, "twilio_message_delivered", messages);
    List<String> names = namesOf(customer);
    List<String> rest =
        names.stream()
            .filter(
                name ->
                    !List.of("twilio_reply", "twilio_message_sent", "twilio_message_delivered")
                        .contains(name))
            .toList();
    boolean holds = rest.equals(milestones);
    narrator.expect("Customer.io was told all of it, once, in order", holds);
    if (!holds) {
      narrator.note("expected", milestones.toString());
      narrator.note("received", rest.toString());
    }
  }

  private void report() {
    narrator.heading("What Customer.io received, in order");
    customerIo.events().forEach(this::show);
    narrator.say("");
    narrator.say(
        narrator.isAsExpected()
            ? "Everything was as expected."
            : "NOT everything was as expected: see NOT OK above.");
  }

  private void show(ReceivedEvent event) {
    JsonObject attributes = event.attributes();
    StringBuilder details = new StringBuilder();
    for (String name :
        List.of(
            "widget",
            "body",
            "top_tag",
            "friction",
            "offer",
            "offer_code",
            "offer_value",
            "offer_used",
            "order_id",
            "disposition",
            "first_response_seconds",
            "seconds_since_last_message",
            "result",
            "reason",
            "until")) {
      Object value = attributes.getValue(name);
      if (value != null && !value.toString().isEmpty()) {
        details.append("  ").append(name).append('=').append(value);
      }
    }
    narrator.say(
        "  %-6s %-24s%s".formatted(event.person().value(), event.name(), details).stripTrailing());
  }
}
