package io.parley.verticles;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Channel;
import io.parley.engine.Conversation;
import io.parley.engine.Event;
import io.parley.engine.FrequencyCap;
import io.parley.engine.Person;
import io.parley.engine.Tag;
import io.parley.engine.policy.Policy;
import io.parley.store.CoolingOff;
import io.parley.store.PersonCourse;
import io.parley.store.Persons;
import io.parley.store.Persons.Ids;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// What a step must know of a conversation's person that the conversation itself does not: what is
/// on record of the other threads, orders and consents. Asked for where the event depends on it, or
/// once a step has looked at it, and not otherwise.
record Elsewhere(Persons persons, CoolingOff coolingOff, Supplier<Policy> policy) {

  /// What is known.
  ///
  /// @param begun when a trigger's flow last began for the person, where that matters
  /// @param counted when the person was last begun with, where a frequency cap counts that
  /// @param person empty where a step has to look before the person is asked for; see [#more]
  record Known(Optional<Instant> begun, Optional<Instant> counted, Optional<Persons.Known> person) {

    List<PersonCourse> courses() {
      return person.map(Persons.Known::courses).orElse(List.of());
    }
  }

  /// Fails as [ConversationVerticle] does.
  Future<Known> ask(Event event, Conversation conversation) {
    Future<Optional<Instant>> begun = begun(event);
    Future<Optional<Instant>> counted = counted(event, conversation);
    Future<Optional<Persons.Known>> person = person(event, conversation);
    return Future.all(begun, counted, person)
        .map(_ -> new Known(begun.result(), counted.result(), person.result()));
  }

  /// A trigger that cools off must know of the person's other threads.
  private Future<Optional<Instant>> begun(Event event) {
    return event instanceof Event.Triggered triggered && triggered.coolingUser().isPresent()
        ? asked(
            coolingOff.begun(triggered.flow().sid(), triggered.coolingUser().get()),
            "the cooling-off cannot be read")
        : Future.succeededFuture(Optional.empty());
  }

  private Future<Optional<Instant>> counted(Event event, Conversation conversation) {
    Optional<FrequencyCap> cap =
        event instanceof Event.Triggered triggered && !policy.get().triggers().window().isZero()
            ? FrequencyCap.of(triggered, conversation.thread().theirs())
            : Optional.empty();
    return cap.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : asked(coolingOff.counted(cap.get()), "the frequency cap cannot be read");
  }

  /// What an event asks for that concerns the person as a whole: to write first, to stop, to start
  /// again. What a flow may ask for on the way is read when it does, which few turns do.
  private Future<Optional<Persons.Known>> person(Event event, Conversation conversation) {
    if (concernsPerson(event)) {
      return read(event, conversation).map(Optional::of);
    }
    return Future.succeededFuture(
        mayAskOfPerson(event, conversation)
            ? Optional.empty()
            : Optional.of(Persons.Known.NOTHING));
  }

  /// What is known once the person is asked for, too. Fails as [ConversationVerticle] does.
  Future<Known> more(Event event, Conversation conversation, Known known) {
    return read(event, conversation)
        .map(person -> new Known(known.begun(), known.counted(), Optional.of(person)));
  }

  private Future<Persons.Known> read(Event event, Conversation conversation) {
    Person known =
        event instanceof Event.Triggered triggered ? triggered.person() : conversation.person();
    return asked(
        persons.ask(
            new Persons.Question(
                speaker(event, conversation),
                known.externalId(),
                policy.get().consent().person(),
                Optional.of(conversation.thread()),
                isStop(event) ? Ids.TOLD_AND_ON_RECORD : Ids.TOLD)),
        "the person cannot be read");
  }

  private static boolean concernsPerson(Event event) {
    return switch (event) {
      case Event.Triggered _, Event.ConsentRevoked _ -> true;
      case Event.ReplyReceived reply -> isStop(reply) || reply.tagged(Tag.OPT_IN);
      default -> isStop(event);
    };
  }

  /// Whoever may be meant by a stop is spared: who was spoken to in this thread, and whose the
  /// address is by now.
  private static boolean isStop(Event event) {
    return switch (event) {
      case Event.ReplyReceived reply ->
          reply.tagged(Tag.OPT_OUT) || reply.tagged(Tag.OPT_OUT_UNCLEAR);
      case Event.SendFailed failed -> failed.block().equals(Optional.of(Block.OPTED_OUT));
      case Event.DeliveryReported report -> report.block().equals(Optional.of(Block.OPTED_OUT));
      default -> false;
    };
  }

  /// A flow that comes to an offer asks for the person's orders, and one that falls back to SMS
  /// whether the person is to be written to there.
  private boolean mayAskOfPerson(Event event, Conversation conversation) {
    boolean runs =
        conversation.execution().isPresent()
            || (event instanceof Event.ReplyReceived reply && reply.startable().isPresent());
    boolean fallsBack = speaker(event, conversation).channel() == Channel.WHATSAPP;
    return runs && (fallsBack || !policy.get().offers().offers().isEmpty());
  }

  /// The address that an event is about: in a conversation of Twilio Conversations that of whoever
  /// speaks there.
  Address speaker(Event event, Conversation conversation) {
    Optional<Address> author =
        conversation.thread().theirs().isConversation()
                && event instanceof Event.ReplyReceived reply
            ? reply.author()
            : Optional.empty();
    return author.orElseGet(conversation::contact);
  }

  private static <T> Future<T> asked(Future<T> answer, String complaint) {
    return answer
        .timeout(ConversationVerticle.READ_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .recover(failure -> ConversationVerticle.unavailable(complaint, failure));
  }
}
