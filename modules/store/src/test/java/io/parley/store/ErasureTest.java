package io.parley.store;

import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.OURS;
import static io.parley.store.StoreFixture.after;
import static io.parley.store.StoreFixture.await;
import static io.parley.store.StoreFixture.effect;
import static io.parley.store.StoreFixture.fresh;
import static io.parley.store.StoreFixture.report;
import static io.parley.store.StoreFixture.send;
import static io.parley.store.StoreFixture.thread;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.MessageSid;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.offers.Gate;
import io.parley.engine.offers.Mask;
import io.parley.engine.offers.Offer;
import io.parley.engine.offers.Withholding;
import io.parley.engine.offers.Worth;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.Consent.Method;
import io.parley.engine.policy.Consent.State;
import io.parley.engine.policy.ConsentChannel;
import io.parley.store.Purchases.Order;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ErasureTest {

  private static final Address PHONE = thread(1).theirs();
  private static final Address WHATSAPP = new Address("whatsapp:" + PHONE);
  private static final Who PERSON = new Who.Addressed(PHONE);

  private static final ContactFacts OPTED_OUT =
      new ContactFacts(Optional.of(Block.OPTED_OUT), Optional.of(NOW));

  private final StoreFixture store = new StoreFixture();
  private final Erasure erasure = new Erasure(store.pool);
  private final Journal journal = new Journal(store.pool);

  @AfterEach
  void close() {
    store.close();
  }

  private Erasure.Taken erase() {
    return await(erasure.erase(PERSON, NOW.plusSeconds(60)));
  }

  // ---- what is left

  @Test
  void nothingOfTheNumberTheIdOrTheWordsRemains() {
    everything();

    Erasure.Taken taken = erase();

    assertThat(taken).isEqualTo(new Erasure.Taken(4, 3, 4, 1));
    for (String trace :
        List.of(PHONE.value().substring(1), "person-42", "jane@", "STOP please", "a secret")) {
      assertThat(readable(trace)).as(trace).isEmpty();
    }
    assertThat(readable(thread(9).theirs().value())).as("another person's").isNotEmpty();
  }

  @Test
  void whoIsKnownByTheirTraitsAloneIsErasedByTheirNumber() {
    store.execute(
        """
        insert into ingested (source, message_id, subject, format, call, received_at)
        values ('shop', 'm1', 'id:77', 3, 'a secret', now());
        insert into trait (person, name, value, set_by, at)
        values ('id:77', 'phone', '"%s"', 1, now()), ('id:77', 'city', '"a city"', 1, now()),
               ('id:78', 'city', '"a city"', 1, now());
        """
            .formatted(PHONE));
    assertThat(await(Dossier.of(store.pool, PERSON)).externalIds()).containsExactly("77");
    assertThat(await(Dossier.of(store.pool, new Who.Known("77"))).addresses())
        .containsExactly(PHONE, WHATSAPP);

    erase();

    assertThat(readable("a secret")).isEmpty();
    assertThat(store.texts("select person from trait")).containsExactly("id:78");
  }

  @Test
  void aPersonIsErasedByExternalIdAsWell() {
    everything();

    await(erasure.erase(new Who.Known("person-42"), NOW.plusSeconds(60)));

    assertThat(readable(PHONE.value().substring(1))).isEmpty();
    assertThat(readable("person-42")).isEmpty();
  }

  @Test
  void anErasureOfNobodyTakesNothing() {
    everything();

    assertThat(await(erasure.erase(new Who.Known("nobody"), NOW)))
        .isEqualTo(new Erasure.Taken(0, 0, 0, 0));
    assertThat(readable("person-42")).isNotEmpty();
  }

  @Test
  void aSecondErasureFindsWhatCameAfterTheFirst() {
    everything();
    erase();
    Conversation then = await(journal.load(thread(1))).conversation();
    store.write(store.turn("late", then, reply("I am " + PHONE)));
    assertThat(readable(PHONE.value().substring(1))).isNotEmpty();

    assertThat(erase().turns()).isEqualTo(1);

    assertThat(readable(PHONE.value().substring(1))).isEmpty();
  }

  @Test
  void aRoomInWhichThePersonSpokeIsErasedToo() {
    ThreadId room =
        new ThreadId(
            new Address("IS" + "0".repeat(31) + "1"), new Address("CH" + "0".repeat(31) + "1"));
    Event said =
        new Event.ReplyReceived(
            new MessageSid("IM1"),
            Values.of("Body", "a secret").with("Author", PHONE.value()),
            List.of(),
            "",
            Optional.empty());
    store.write(store.turn("IM1", Conversation.fresh(room), said));

    assertThat(erase().conversations()).isEqualTo(1);

    assertThat(readable("a secret")).isEmpty();
  }

  /// A table that nobody has thought of would keep what it holds.
  @Test
  void everyTableIsErasedOrHoldsNobody() {
    assertThat(
            store.texts(
                """
                select table_name from information_schema.tables
                 where table_schema = 'public' and table_type = 'BASE TABLE' order by 1
                """))
        .isSubsetOf(
            "agent_presence",
            "audience",
            "audience_member",
            "audience_opt_out",
            "cooling_off",
            "consent",
            "contact",
            "conversation",
            "dead_letter",
            "desk_note",
            "delivery",
            "engaged",
            "execution",
            "handoff",
            "handoff_queue",
            "handoff_target",
            "inbox",
            "ingested",
            "link",
            "offer_grant",
            "offer_hold",
            "outbox",
            "person_course",
            "purchase",
            "relayed",
            "reply_review",
            "suppression",
            "thread_name",
            "timer",
            "trait",
            "turn",
            // Names that a provider gave.
            "turn_alias",
            // Ids that Customer.io gave.
            "customerio_report",
            // Of those who work here, and no contact's.
            "desk_attempt",
            "desk_audit",
            "desk_invite",
            "desk_session",
            "desk_user",
            "desk_view",
            // Nobody's.
            "audience_size",
            "conversion_rule",
            "erasure",
            "erasure_key",
            "flow",
            "flow_revision",
            "flyway_schema_history",
            "paced",
            // Keyed hashes.
            "ingested_name",
            "kept_opt_out",
            "link_secret",
            // Given away, and to be given to nobody else.
            "offer_code",
            "offer_secret");
  }

  @Test
  void aReplyThatWasKeptForReviewIsErased() {
    everything();
    store.execute(
        """
        insert into reply_review (conversation, turn, at, text, text_sha256, tags, score, tagger, flow)
        select id, 1, now(), 'a secret', '', '', 0, '', '' from conversation;
        """);

    erase();

    assertThat(store.count("reply_review")).as("another person's").isEqualTo(1);
  }

  // ---- offers

  private final Offers offers = new Offers(store.pool);

  private static Offer pooled() {
    Gate usual = Gate.DEFAULT;
    return new Offer(
        "spring",
        new Offer.Kind.Pool("spring", new Mask("POOL-###"), 1),
        Worth.parse("15%").orElseThrow(),
        Duration.ofDays(1),
        Duration.ofDays(2),
        Optional.empty(),
        usual,
        List.of());
  }

  private Offers.Answer reserve(EffectId effect, int days, String... persons) {
    return await(
        offers.reserve(
            new Offers.Wish(effect, List.of(persons), pooled(), NOW.plus(Duration.ofDays(days)))));
  }

  /// Jane is made an offer in her SMS thread, and has used it.
  private void offered() {
    everything();
    await(
        new CodePools(store.pool).load("spring", List.of("POOL-001", "POOL-002", "POOL-003"), NOW));
    reserve(effect(fresh(1), 5), 0, "id:person-42", "to:" + PHONE);
    await(
        offers.used(
            new Offers.Use("POOL-001", List.of("id:person-42"), "order-of-person-42", NOW)));
    reserve(effect(fresh(9), 5), 0, "id:other", "to:" + thread(9).theirs());
  }

  @Test
  void anErasedOffersNamesCodeAndOrderAreGone() {
    offered();

    erase();

    for (String trace : List.of(PHONE.value().substring(1), "person-42")) {
      assertThat(readable(trace)).as(trace).isEmpty();
    }
    assertThat(readable("POOL-001"))
        .containsExactlyInAnyOrder("offer_code.code", "offer_code.code_key");
    assertThat(store.texts("select conversation::text from offer_code where code = 'POOL-001'"))
        .containsExactly(new UUID(0, 0).toString());
    assertThat(
            store.texts(
                "select distinct conversation::text from offer_grant where conversation = '%s'"
                    .formatted(fresh(1).id())))
        .isEmpty();
    assertThat(readable("POOL-002")).as("another person's").contains("offer_grant.code");
  }

  @Test
  void aCodeThatWasGivenAwayIsGivenToNobodyElse() {
    offered();

    erase();

    assertThat(await(new CodePools(store.pool).free("spring"))).isEqualTo(1);
    assertThat(reserve(effect(fresh(3), 5), 0, "id:third"))
        .isInstanceOfSatisfying(
            Offers.Answer.Reserved.class, it -> assertThat(it.code()).isEqualTo("POOL-003"));
    assertThat(reserve(effect(fresh(4), 5), 0, "id:fourth"))
        .isEqualTo(new Offers.Answer.Unavailable(Withholding.POOL_EMPTY));
  }

  @Test
  void anErasureIsNoWayToASecondOffer() {
    offered();
    erase();
    erase();

    for (String name : List.of("id:person-42", "to:" + PHONE)) {
      assertThat(reserve(effect(fresh(21), name.length()), 1, name))
          .as("the first stands")
          .isEqualTo(new Offers.Answer.Unavailable(Withholding.LIVE_OFFER));
      assertThat(reserve(effect(fresh(22), name.length()), 3, name))
          .as("one in thirty days")
          .isEqualTo(new Offers.Answer.Unavailable(Withholding.CAPPED));
    }
    assertThat(await(offers.of(List.of("id:person-42"), NOW.minusSeconds(1))))
        .isEqualTo(new Offers.History(List.of(NOW), Optional.of(NOW.plus(Duration.ofDays(2)))));
    assertThat(reserve(effect(fresh(23), 5), 31, "id:person-42", "to:" + PHONE))
        .isInstanceOf(Offers.Answer.Reserved.class);
  }

  @Test
  void anOfferOfANumberThatHasChangedHandsForgetsThePersonAlone() {
    offered();
    reserve(effect(fresh(8), 5), 0, "id:person-42-before", "to:+15550009999");
    store.execute(
        """
        insert into contact (address, external_id, updated_at)
        values ('+15550009999', 'somebody-new', now())
        """);

    await(erasure.erase(new Who.Known("person-42-before"), NOW.plusSeconds(60)));

    assertThat(readable("person-42-before")).isEmpty();
    assertThat(readable("+15550009999")).contains("offer_grant.persons", "offer_hold.person");
  }

  @Test
  void aReservationThatComesAfterTheErasureOfItsConversationIsNotKept() {
    everything();
    erase();

    assertThat(
            offers
                .reserve(
                    new Offers.Wish(effect(fresh(1), 5), List.of("to:" + PHONE), pooled(), NOW))
                .otherwiseEmpty()
                .toCompletionStage())
        .succeedsWithin(Duration.ofSeconds(10))
        .isNull();

    assertThat(readable(PHONE.value().substring(1))).isEmpty();
  }

  // ---- what holds

  @Test
  void aRepeatOfAnErasedEventMakesNoTurn() {
    everything();
    erase();
    Conversation then = await(journal.load(thread(1))).conversation();

    assertThat(store.write(store.turn("SM1", then, reply("hi"))).getFirst())
        .as("its name was the caller's: it is kept as a hash")
        .isEqualTo(
            new Written.Repeated(new Written.FirstTurn(2, Optional.empty(), at(2), List.of())));
    assertThat(store.write(StoreFixture.alias(store.turn("other", then), "alias-1")).getFirst())
        .isInstanceOf(Written.Repeated.class);
    assertThat(store.write(store.turn("SM-new", then, reply("hi"))).getFirst())
        .isEqualTo(new Written.Committed());
  }

  @Test
  void aRepeatOfAnEventThatWaitedInTheInboxMakesNoTurn() {
    ThreadId never = thread(5);
    await(
        new Inbox(store.pool)
            .keep(
                new Inbox.Kept("test", "kept", Optional.empty(), never, reply("a secret"), NOW),
                "poison"));
    await(erasure.erase(new Who.Addressed(never.theirs()), NOW));

    assertThat(store.count("inbox")).isZero();
    assertThat(readable(never.theirs().value().substring(1))).isEmpty();
    Conversation then = await(journal.load(never)).conversation();
    assertThat(then.turn()).isEqualTo(1);
    assertThat(store.write(store.turn("kept", then, reply("a secret"))).getFirst())
        .isInstanceOf(Written.Repeated.class);
  }

  @Test
  void whoRemembersTheConversationIsFenced() {
    everything();
    Conversation remembered = after(after(fresh(1)));
    erase();

    assertThat(store.write(store.turn("SM-new", remembered, reply("hi"))).getFirst())
        .isEqualTo(new Written.Fenced());
    Conversation then = await(journal.load(thread(1))).conversation();
    assertThat(then).as("one number more for what waited in the inbox").isEqualTo(at(4));
    assertThat(store.write(store.turn("SM-new", then, reply("hi"))).getFirst())
        .isEqualTo(new Written.Committed());
  }

  /// Turns are written all the while; none of those that are erased comes back.
  @Test
  void anErasureBetweenTurnsTakesAllThatWereCommittedBeforeIt() {
    Conversation conversation = fresh(1);
    TurnCommitter other = store.committer();
    store.write(store.turn("before", conversation, reply("a secret")));
    conversation = after(conversation);
    for (int round = 0; round < 30; round++) {
      List<Future<List<Written>>> writes = new ArrayList<>();
      writes.add(other.write(List.of(store.turn("SM-" + round, conversation, reply("a secret")))));
      Future<Erasure.Taken> erased = erasure.erase(PERSON, NOW);
      Written written = await(writes.getFirst()).getFirst();
      await(erased);
      conversation = await(journal.load(thread(1))).conversation();

      assertThat(written).isIn(new Written.Committed(), new Written.Fenced());
      long last = Long.parseLong(store.texts("select max(number) from turn").getFirst());
      assertThat((long) conversation.turn()).isEqualTo(last);
      if (!readable("a secret").isEmpty()) {
        assertThat(conversation.turn()).as("it came after the erasure").isGreaterThan(1);
        await(erasure.erase(PERSON, NOW));
        conversation = await(journal.load(thread(1))).conversation();
      }
      assertThat(readable("a secret")).isEmpty();
    }
  }

  @Test
  void theThreadGoesOnAndIsFoundAgainWithItsNextExecution() {
    everything();
    erase();
    assertThat(await(journal.threadsOf(Optional.of(PHONE), Optional.empty()))).isEmpty();

    store.execute(
        "insert into execution (sid, flow, revision, conversation, first_turn, contact,"
            + " initiated_by, started_at) values ('FN-new', 'FW', 1, '%s', 4, '%s', 'x', now())"
                .formatted(fresh(1).id(), PHONE));

    assertThat(await(journal.threadsOf(Optional.of(PHONE), Optional.empty())))
        .containsExactly(thread(1));
  }

  // ---- opt-outs

  @Test
  void anOptOutSurvivesAndStartLiftsIt() {
    everything();
    erase();

    assertThat(store.count("contact")).isEqualTo(1);
    assertThat(await(journal.contact(PHONE))).isEqualTo(OPTED_OUT);
    assertThat(await(journal.load(thread(1))).contact()).isEqualTo(OPTED_OUT);
    assertThat(await(journal.contact(thread(7).theirs()))).isEqualTo(ContactFacts.NOTHING_KNOWN);

    Conversation then = await(journal.load(thread(1))).conversation();
    store.write(
        store.turn(
            then, new Effect.UnblockContact(PHONE, Block.OPTED_OUT, "START", NOW.plusSeconds(90))));

    assertThat(await(journal.contact(PHONE))).isEqualTo(ContactFacts.NOTHING_KNOWN);
    assertThat(store.count("kept_opt_out")).isZero();
  }

  @Test
  void whoComesBackWithoutAWordIsStillOptedOutUntilStart() {
    everything();
    erase();
    Conversation then = await(journal.load(thread(1))).conversation();

    store.write(store.turn(then, new Effect.RecordContact(PHONE, "person-42")));
    assertThat(await(journal.contact(PHONE))).isEqualTo(OPTED_OUT);

    store.write(
        store.turn(
            after(then),
            new Effect.UnblockContact(PHONE, Block.OPTED_OUT, "START", NOW.plusSeconds(90))));
    assertThat(await(journal.contact(PHONE))).isEqualTo(ContactFacts.NOTHING_KNOWN);
    assertThat(store.count("kept_opt_out")).isZero();
  }

  @Test
  void theLastLookBeforeASendHeedsAnErasedOptOut() {
    everything();
    erase();
    Conversation then = await(journal.load(thread(1))).conversation();
    store.write(store.turn(then, send(then, 0)));
    Outbox.Leased row =
        await(store.outbox.leaseSends(new Outbox.Share(9, 9), StoreFixture.LEASE, List.of()))
            .stream()
            .filter(it -> it.contact().equals(PHONE.value()))
            .findFirst()
            .orElseThrow();

    assertThat(await(store.outbox.markInDoubt(row)))
        .isEqualTo(new LastLook.Blocked(Block.OPTED_OUT));
  }

  @Test
  void aRevokedConsentIsKeptAsAnOptOutOfItsChannel() {
    await(
        new ConsentHistory(store.pool)
            .record(
                List.of(
                    consent(ConsentChannel.WHATSAPP, State.GRANTED, 0),
                    consent(ConsentChannel.WHATSAPP, State.REVOKED, 5),
                    consent(ConsentChannel.SMS, State.REVOKED, 0),
                    consent(ConsentChannel.SMS, State.GRANTED, 5)),
                NOW.plusSeconds(10)));

    assertThat(erase().optOuts()).isEqualTo(1);

    assertThat(await(journal.contact(WHATSAPP)).block()).contains(Block.OPTED_OUT);
    assertThat(await(journal.contact(PHONE))).isEqualTo(ContactFacts.NOTHING_KNOWN);
    assertThat(store.count("consent")).isZero();
  }

  @Test
  void theHashIsTheHmacThatTheSpecificationDescribes() {
    // RFC 4231, test case 1, whose key is twenty times 0b.
    store.execute(
        """
        update erasure_key
           set inner_key = decode(repeat('3d', 20) || repeat('36', 44), 'hex'),
               outer_key = decode(repeat('57', 20) || repeat('5c', 44), 'hex')
        """);

    assertThat(store.texts("select keyed_hash('Hi There')"))
        .containsExactly("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  }

  @Test
  void theSecretIsDrawnAndDiffersByDatabase() {
    try (StoreFixture other = new StoreFixture()) {
      assertThat(
              other.texts("select length(inner_key) || ' ' || length(outer_key) from erasure_key"))
          .containsExactly("64 64");
    }
  }

  // ---- a person of whom there is everything

  private void everything() {
    Conversation conversation = fresh(1);
    store.write(
        store.turn(
            "person-42:cart",
            conversation,
            reply("a secret"),
            new Effect.RecordContact(PHONE, "person-42"),
            send(conversation, 1),
            report(conversation, 2),
            new Effect.ScheduleTimer(effect(conversation, 3), NOW, Purpose.REPLY_TIMEOUT),
            new Effect.KeepLink(
                "code", "https://shop.example.com/?p=a secret", effect(conversation, 1))));
    store.write(
        StoreFixture.alias(
            store.turn(
                "SM1",
                after(conversation),
                reply("STOP please"),
                new Effect.BlockContact(PHONE, Block.OPTED_OUT, "STOP please", NOW)),
            "alias-1"));
    store.write(
        store.turn(
            "wa",
            Conversation.fresh(new ThreadId(new Address("whatsapp:" + OURS), WHATSAPP)),
            reply("a secret")));
    store.write(
        store.turn("work", fresh(2), new Effect.RecordContact(thread(2).theirs(), "person-42")));
    store.write(
        store.turn("else", fresh(9), new Effect.RecordContact(thread(9).theirs(), "other")));
    await(
        new Purchases(store.pool)
            .record(
                new Order(
                    new Event.PurchaseSeen("1", Values.of("note", "a secret"), NOW),
                    Optional.of("person-42"),
                    Optional.of(PHONE.value())),
                NOW));
    store.execute(
        "insert into suppression (conversation, reason, started_at, until)"
            + " values ('%s', 'conversation', now(), now())".formatted(conversation.id()));
    await(
        new ConsentHistory(store.pool)
            .record(
                List.of(
                    consent(ConsentChannel.SMS, State.GRANTED, 0),
                    new Consent(
                        Optional.of("jane@example.com"),
                        Optional.of("person-42"),
                        ConsentChannel.EMAIL,
                        "marketing",
                        State.GRANTED,
                        Method.CHECKOUT,
                        "shop",
                        "",
                        NOW)),
                NOW));
    store.execute(
        """
        insert into audience_member (audience, person, conversation, external_id, number)
        values ('cart', 'id:person-42', gen_random_uuid(), 'person-42', '%s'),
               ('high', 'email:jane@example.com', gen_random_uuid(), 'person-42', ''),
               ('low', 'number:%s', gen_random_uuid(), '', '');
        insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format, effect,
                            due_at, created_at)
        select conversation, 1, 0, 'customerio', '', 'jane@example.com', 0, 0, 'a secret', now(), now()
          from audience_member;
        insert into delivery (conversation, turn, index, destination, outcome, at)
        select conversation, 2, 0, 'customerio', 'delivered', now() from audience_member;
        insert into audience (name, definition, filled_to, resynced_to) values ('cart', '', 'id:person-42', null)
        """
            .formatted(PHONE, PHONE));
    store.execute(
        """
        insert into cooling_off (flow, person, begun_at, until, conversation, turn)
        select 'FW', 'person-42', now(), now(), id, 1 from conversation limit 1;
        insert into execution (sid, flow, revision, conversation, first_turn, contact, initiated_by, started_at)
        select 'FN' || id, 'FW', 1, id, 1, theirs, 'person-42:cart', now() from conversation
         where theirs like '%%%1$s';
        insert into dead_letter select conversation, turn, index, destination, sender, contact, epoch, format,
               effect, 1, 'x', now(), now() from outbox where destination = 'customerio';
        insert into inbox (source, source_id, ours, theirs, format, event, received_at, due_at, error)
        select 'test', 'inbox', ours, theirs, 1, 'a secret', now(), now(), 'x' from conversation
         where theirs = '%1$s';
        insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format, effect,
                            due_at, created_at)
        values (gen_random_uuid(), 0, 0, 'customerio', '', 'id:person-42', 0, 3, 'a secret', now(), now());
        insert into ingested (source, message_id, subject, format, call, received_at)
        values ('shop', 'm1', 'id:person-42', 3, 'a secret', now()),
               ('shop', 'm2', 'anonymous:z', 3, '{"phone": "%1$s"}', now());
        insert into trait (person, name, value, set_by, at)
        values ('id:person-42', 'city', '"a secret"', 1, now()),
               ('id:person-42', 'phone', '"%1$s"', 1, now()),
               ('anonymous:z', 'phone', '"%1$s"', 1, now()),
               ('anonymous:z', 'city', '"a secret"', 1, now()),
               ('id:other', 'city', '"a city"', 1, now());
        insert into thread_name (name, conversation, at)
        select 'CH' || theirs, id, now() from conversation where theirs = '%1$s';
        insert into handoff (conversation, turn, index, ours, theirs, external_id, flow, widget, epoch, format,
                             effect, state, opened_at)
        select id, 1, 1, ours, theirs, 'person-42', 'FW', 'w', 0, 1, 'a secret', 'QUEUED', now()
          from conversation where theirs = '%1$s';
        insert into delivery (conversation, turn, index, destination, outcome, provider_id, at)
        select id, 1, 9, 'twilio', 'accepted', 'SM-of-' || theirs, now() from conversation
         where theirs = '%1$s';
        """
            .formatted(PHONE));
  }

  private static Event reply(String body) {
    return new Event.ReplyReceived(
        new MessageSid("SM" + body.length()),
        Values.of("Body", body).with("From", PHONE.value()),
        List.of(),
        "",
        Optional.empty());
  }

  private static Consent consent(ConsentChannel channel, State state, int seconds) {
    return new Consent(
        Optional.of(PHONE.value()),
        Optional.of("person-42"),
        channel,
        "marketing",
        state,
        Method.CHECKOUT,
        "shop",
        "a secret",
        NOW.plusSeconds(seconds));
  }

  /// The conversation after an erased turn.
  private Conversation at(int number) {
    Conversation at = fresh(1);
    while (at.turn() < number) {
      at = after(at);
    }
    return at;
  }

  /// Every column of every table in which a text can be read, but for what is another person's.
  private List<String> readable(String text) {
    List<String> found = new ArrayList<>();
    for (String column :
        store.texts(
            """
            select c.table_name || '.' || c.column_name from information_schema.columns c
              join information_schema.tables t using (table_schema, table_name)
             where c.table_schema = 'public' and t.table_type = 'BASE TABLE' order by 1
            """)) {
      String[] names = column.split("\\.", 2);
      if (!store
          .texts(
              "select 1 from %s where \"%s\"::text like '%%%s%%' limit 1"
                  .formatted(names[0], names[1], text))
          .isEmpty()) {
        found.add(column);
      }
    }
    return found;
  }
}
