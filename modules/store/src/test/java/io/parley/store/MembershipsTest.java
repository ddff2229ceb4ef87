package io.parley.store;

import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.codec.Codec;
import io.parley.engine.Address;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.engine.outcomes.OutcomeCatalogue;
import io.parley.engine.policy.Holdouts;
import io.parley.engine.rules.Audience;
import io.parley.engine.rules.Audience.News;
import io.parley.engine.rules.AudienceReason;
import io.parley.engine.rules.Occasion;
import io.parley.engine.rules.Rules;
import io.parley.store.Memberships.Change;
import io.parley.store.Memberships.Look;
import io.parley.store.Memberships.Member;
import io.parley.store.Purchases.Order;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MembershipsTest {

  private static final String PHONE = "+14155550142";

  private static final String CART =
      "{'name': 'cart', 'enter': {'track': 'Cart Abandoned'}, 'window': {'until': '24h'}}";
  private static final String LATER =
      "{'name': 'later', 'enter': {'track': 'Cart Abandoned'},"
          + " 'window': {'from': '24h', 'until': '72h'}}";
  private static final String BUYERS =
      "{'name': 'buyers', 'enter': 'purchase', 'window': {'until': '30d'}}";
  private static final String HIGH = "{'name': 'high', 'while': {'traits.ltv': {'at_least': 500}}}";
  private static final List<Audience> ALL = audiences(CART, LATER, BUYERS, HIGH);

  private final StoreFixture store = new StoreFixture();
  private final Memberships memberships =
      new Memberships(store.pool, List.of(Subscription.toAll(StoreFixture.SINK)));
  private final Purchases purchases = new Purchases(store.pool);

  @AfterEach
  void close() {
    store.close();
  }

  // ---- changes

  @Test
  void aChangeIsTheMembersRowAndItsReportUnderANameThatFollowsFromBoth() {
    store.execute(
        "insert into trait (person, name, value, set_by, at)"
            + " values ('id:42', 'email', '\"jane@example.com\"', 1, now())");

    assertThat(heard(jane(), "Cart Abandoned", 0))
        .containsExactly(new Change("cart", true, AudienceReason.RULE));

    Effect.ReportOutcome report = reports().getFirst();
    assertThat(reports()).hasSize(1);
    assertThat(report.name()).isEqualTo("audience_entered");
    assertThat(report.person().externalId()).contains("42");
    assertThat(report.person().attributes().text("email")).contains("jane@example.com");
    assertThat(report.contact()).isEqualTo(new Address(PHONE));
    assertThat(OutcomeCatalogue.find(report.name()).orElseThrow().problems(report.properties()))
        .isEmpty();
    assertThat(report.properties().entries())
        .containsEntry("audience", "cart")
        .containsEntry("computation_id", Audience.computationId("cart"))
        .containsEntry("reason", "rule")
        .containsEntry("entered_at", NOW.toString())
        .containsEntry("window_ends_at", NOW.plus(Duration.ofDays(1)).toString());
    assertThat(report.id().turn()).isEqualTo(1);
    assertThat(store.texts("select conversation from audience_member where audience = 'cart'"))
        .containsExactly(report.id().conversation().toString());
  }

  @Test
  void theSameNewsAgainIsToldOnce() {
    heard(jane(), "Cart Abandoned", 0);

    assertThat(heard(jane(), "Cart Abandoned", 0)).isEmpty();
    assertThat(reports()).hasSize(1);
  }

  /// However a process ends, the row is there with its report or neither is.
  @Test
  void whatCannotBeReportedHasNotChanged() {
    store.execute(
        """
        create function refuse() returns trigger language plpgsql as $$
        begin raise exception 'no'; end $$;
        create trigger refuse before insert on outbox for each row execute function refuse();
        """);
    assertThat(judge(jane(), cart(0), NOW).transform(it -> Future.succeededFuture(it.failed())))
        .satisfies(it -> assertThat(await(it)).isTrue());
    assertThat(store.count("audience_member")).isZero();

    store.execute("drop trigger refuse on outbox");

    assertThat(heard(jane(), "Cart Abandoned", 0)).hasSize(1);
    assertThat(reports()).extracting(it -> it.id().turn()).containsExactly(1);
  }

  @Test
  void timeMovesAPersonAtTheExactBoundAndTheExitIsToldFirst() {
    heard(jane(), "Cart Abandoned", 0);
    Instant bound = NOW.plus(Duration.ofDays(1));
    assertThat(await(memberships.due(bound.minusMillis(1), 10))).isEmpty();

    List<Member> due = await(memberships.due(bound, 10));
    List<Change> changes = await(judge(due.getFirst(), new News.Later(), bound));

    assertThat(due).hasSize(1);
    assertThat(changes)
        .containsExactlyInAnyOrder(
            new Change("cart", false, AudienceReason.WINDOW),
            new Change("later", true, AudienceReason.WINDOW));
    assertThat(told())
        .containsExactly("audience_entered cart", "audience_exited cart", "audience_entered later");
    assertThat(await(memberships.due(bound, 10))).isEmpty();
  }

  // ---- purchases

  @Test
  void anOrderExitsAndEntersInItsOwnCommit() {
    heard(jane(), "Cart Abandoned", 0);

    buy(Optional.empty(), Optional.of(PHONE), 60);

    assertThat(told())
        .containsExactly(
            "audience_entered cart", "audience_exited cart", "audience_entered buyers");
    assertThat(reports().getLast().properties().text("reason")).contains("purchase");
    assertThat(reports().getLast().person().externalId())
        .as("whom the number is known to be of")
        .contains("42");
    assertThat(await(memberships.due(NOW.plus(Duration.ofHours(25)), 9))).isEmpty();
  }

  /// Whichever of the two is committed first, afterwards the buyer is in no cart's audience.
  @Test
  void anEntryAndAPurchaseAtOnceLeaveNoBuyerInTheAudience() {
    int people = 60;
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < people; i++) {
      String number = "+1415555%04d".formatted(i);
      Member member = member("p" + i, number);
      all.add(judge(member, cart(0), NOW.plusSeconds(30)));
      // The shop knows every other buyer by number alone.
      Optional<String> id = i % 2 == 0 ? Optional.empty() : Optional.of("p" + i);
      all.add(order("o" + i, id, Optional.of(number), 10));
    }
    await(Future.join(all));

    assertThat(store.texts("select person from audience_member where audience = 'cart' and told"))
        .isEmpty();
    for (int i = 0; i < people; i++) {
      Address contact = new Address("+1415555%04d".formatted(i));
      List<String> theirs =
          reports().stream()
              .filter(it -> it.contact().equals(contact))
              .filter(it -> it.properties().text("audience").equals(Optional.of("cart")))
              .map(Effect.ReportOutcome::name)
              .toList();
      assertThat(theirs)
          .as("of " + contact)
          .isIn(List.of(), List.of("audience_entered", "audience_exited"));
    }
    assertThat(store.count("audience_member where audience = 'buyers' and told")).isEqualTo(people);
  }

  @Test
  void whatIsToldAtOnceManyTimesIsOneChange() {
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(judge(jane(), cart(0), NOW));
    }
    await(Future.all(all));

    assertThat(told()).containsExactly("audience_entered cart");
  }

  // ---- opt-outs

  @Test
  void anOptOutExitsEveryAudienceWhateverWayItCame() {
    for (String said :
        List.of(
            "insert into contact (address, block, block_at, updated_at)"
                + " values ('whatsapp:"
                + PHONE
                + "', 'OPTED_OUT', now(), now())",
            "insert into consent (address, external_id, channel, programme, state, method, source,"
                + " evidence, at, recorded_at) values ('', '42', 'sms', 'marketing', 'revoked',"
                + " 'subscription', 'customerio', '', now(), now())")) {
      store.execute(
          "truncate audience_member, outbox, audience_opt_out, contact, consent, purchase");
      heard(jane(), "Cart Abandoned", 0);
      buy(Optional.of("42"), Optional.empty(), -60);
      assertThat(told()).hasSize(2);

      store.execute(said);
      for (Memberships.OptedOut each : await(memberships.optedOut(9))) {
        await(judge(each.member(), new News.Later(), NOW));
        await(memberships.heeded(each.seq()));
      }

      assertThat(told())
          .as(said)
          .contains("audience_exited cart", "audience_exited buyers")
          .hasSize(4);
      assertThat(reports().getLast().properties().text("reason")).contains("opt_out");
      assertThat(store.count("audience_opt_out")).isZero();
      assertThat(heard(jane(), "Cart Abandoned", 5)).as("kept out").isEmpty();
    }
  }

  /// Whoever shares the number is somebody of their own, whom the stop concerns as well.
  @Test
  void aStopExitsEachOfThoseWhoShareTheNumberUnderNamesOfTheirOwn() {
    heard(member("41", PHONE), "Cart Abandoned", 0);
    heard(jane(), "Cart Abandoned", 0);

    store.execute(
        "insert into contact (address, external_id, block, block_at, updated_at)"
            + " values ('%s', '42', 'OPTED_OUT', now(), now())".formatted(PHONE));
    Member told = await(memberships.optedOut(9)).getFirst().member();
    List<Change> changes = await(judge(told, new News.Later(), NOW));

    Change exit = new Change("cart", false, AudienceReason.OPT_OUT);
    assertThat(changes).containsExactly(exit, exit);
    store.execute("update contact set block = null");
    heard(jane(), "Cart Abandoned", 5);
    assertThat(reports()).extracting(Effect.ReportOutcome::id).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void optOutsWaitWhereThereIsSomebodyToTakeOutAndNowhereElse() {
    String revoked =
        "insert into consent (address, external_id, channel, programme, state, method, source,"
            + " evidence, at, recorded_at) values ('', '42', 'sms', 'marketing', 'revoked',"
            + " 'subscription', 'customerio', '', now() + %s * interval '1 second', now())";
    store.execute(revoked.formatted(0));
    await(memberships.forgetOptOutsOfNobody());
    assertThat(store.count("audience_opt_out")).as("no audience, no member").isZero();

    await(memberships.enforce(ALL, NOW));
    store.execute(revoked.formatted(1));
    await(memberships.forgetOptOutsOfNobody());
    assertThat(store.count("audience_opt_out")).as("an audience").isOne();

    heard(member("43", "+14155550143"), "Cart Abandoned", 0);
    store.execute("delete from audience");
    await(memberships.forgetOptOutsOfNobody());
    assertThat(store.count("audience_opt_out")).as("a member").isOne();
  }

  // ---- who a person is

  @Test
  void whoIsAnonymousIsToldAsSoonAsTheyAreKnown() {
    Member visitor =
        new Member(
            "anonymous:a1",
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    heard(visitor, "Cart Abandoned", 0);
    assertThat(reports()).isEmpty();

    Member known =
        new Member(
            "id:42",
            List.of("anonymous:a1"),
            Optional.of("42"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    await(judge(known, identified(Map.of()), NOW.plusSeconds(9)));

    assertThat(told()).containsExactly("audience_entered cart");
    assertThat(store.texts("select external_id from audience_member where told"))
        .containsExactly("42");
    assertThat(
            store.texts("select entered_at = '%s' from audience_member where told".formatted(NOW)))
        .containsExactly("true");
  }

  @Test
  void twoMembersWhoAreOneAreToldAsOne() {
    heard(Member.of(Optional.empty(), Optional.of(PHONE)), "Cart Abandoned", 0);

    heard(jane(), "Cart Abandoned", 60);

    assertThat(store.texts("select person from audience_member where entered_at is not null"))
        .hasSize(1);
    assertThat(reports().getLast().person().externalId()).contains("42");
    assertThat(reports().getLast().properties().text("reason")).contains("merged");
  }

  @Test
  void whoSharesANumberWithSomebodyElseIsNotTheSamePerson() {
    heard(member("42", PHONE), "Cart Abandoned", 0);
    heard(member("43", PHONE), "Cart Abandoned", 0);

    assertThat(store.texts("select person from audience_member where told order by 1"))
        .containsExactly("id:42", "id:43");
  }

  @Test
  void whoWasErasedWhileTheirCallWaitedEntersNothing() {
    Member gone =
        new Member(
            "id:42",
            List.of(),
            Optional.of("42"),
            Optional.empty(),
            Optional.empty(),
            Optional.of(7L));

    assertThat(await(judge(gone, cart(0), NOW))).isEmpty();
    assertThat(store.count("audience_member")).isZero();
  }

  // ---- the file

  @Test
  void whoIsInAnAudienceThatIsGoneExits() {
    await(memberships.enforce(ALL, NOW));
    heard(jane(), "Cart Abandoned", 0);
    List<Audience> rest = audiences(BUYERS, HIGH);

    await(memberships.enforce(rest, NOW));
    List<Member> due = await(memberships.due(NOW, 10));
    List<Change> changes =
        await(memberships.judge(due.getFirst(), new News.Later(), look(rest, NOW)));

    assertThat(changes).containsExactly(new Change("cart", false, AudienceReason.REMOVED));
    assertThat(told()).containsExactly("audience_entered cart", "audience_exited cart");
    assertThat(await(memberships.due(NOW.plus(Duration.ofDays(9)), 10))).isEmpty();
  }

  @Test
  void anotherWindowHoldsForWhoIsAlreadyThere() {
    await(memberships.enforce(ALL, NOW));
    heard(jane(), "Cart Abandoned", 0);
    List<Audience> shorter = audiences(CART.replace("24h", "6h"));
    Instant later = NOW.plus(Duration.ofHours(7));

    assertThat(await(memberships.enforce(shorter, later))).containsExactly("cart");
    assertThat(await(memberships.enforce(shorter, later))).as("the same again").isEmpty();
    List<Member> due = await(memberships.due(later, 10));

    assertThat(await(memberships.judge(due.getFirst(), new News.Later(), look(shorter, later))))
        .contains(new Change("cart", false, AudienceReason.WINDOW));
  }

  // ---- again

  @Test
  void theWholeMembershipIsToldAgainOnce() {
    await(memberships.enforce(ALL, NOW));
    heard(jane(), "Cart Abandoned", 0);
    heard(member("43", "+14155550143"), "Cart Abandoned", 0);
    assertThat(await(memberships.tellAgain(look(ALL, NOW)))).isEmpty();

    assertThat(await(Memberships.resync(store.pool, "cart"))).isTrue();
    assertThat(await(Memberships.resync(store.pool, "carts"))).isFalse();

    assertThat(await(memberships.tellAgain(look(ALL, NOW)))).contains(2);
    assertThat(await(memberships.tellAgain(look(ALL, NOW)))).isEmpty();
    assertThat(reports())
        .filteredOn(it -> it.properties().text("reason").equals(Optional.of("resync")))
        .extracting(it -> it.id().turn())
        .containsExactly(2, 2);
  }

  @Test
  void aSizeIsComparedWithThatOfADayAgo() {
    await(memberships.enforce(ALL, NOW));
    heard(jane(), "Cart Abandoned", 0);
    await(memberships.keepSizes(await(Memberships.sizes(store.pool, NOW)), NOW));
    heard(member("43", "+14155550143"), "Cart Abandoned", 0);

    List<Memberships.Size> sizes =
        await(Memberships.sizes(store.pool, NOW.plus(Duration.ofDays(1))));

    assertThat(sizes)
        .filteredOn(it -> it.audience().equals("cart"))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.members()).isEqualTo(2);
              assertThat(it.drift()).contains(1L);
            });
    assertThat(sizes)
        .filteredOn(it -> it.audience().equals("later"))
        .extracting(Memberships.Size::waiting)
        .containsExactly(2L);
  }

  // ---- by hand

  private List<Change> heard(Member member, String event, int seconds) {
    Instant at = NOW.plusSeconds(seconds);
    return await(judge(member, new News.Heard(occasion("track", event, Map.of(), at)), at));
  }

  private Future<List<Change>> judge(Member member, News news, Instant now) {
    return memberships.judge(member, news, look(ALL, now));
  }

  private void buy(Optional<String> id, Optional<String> number, int seconds) {
    await(order("order-1", id, number, seconds));
  }

  private Future<Boolean> order(
      String order, Optional<String> id, Optional<String> number, int seconds) {
    Instant at = NOW.plusSeconds(seconds);
    return purchases.record(
        new Order(new Event.PurchaseSeen(order, Values.EMPTY, at), id, number),
        at,
        memberships.bought(Member.of(id, number), at, look(ALL, NOW.plusSeconds(60)), _ -> {}));
  }

  private List<Effect.ReportOutcome> reports() {
    return store.texts("select effect from outbox order by seq").stream()
        .map(it -> Codec.decodeEffect(Codec.FORMAT, it))
        .map(Effect.ReportOutcome.class::cast)
        .toList();
  }

  private List<String> told() {
    return reports().stream()
        .map(it -> it.name() + " " + it.properties().text("audience").orElse(""))
        .toList();
  }

  private static Member jane() {
    return member("42", PHONE);
  }

  private static Member member(String id, String number) {
    return Member.of(Optional.of(id), Optional.of(number));
  }

  private static News cart(int seconds) {
    return new News.Heard(occasion("track", "Cart Abandoned", Map.of(), NOW.plusSeconds(seconds)));
  }

  private static News identified(Map<String, Object> traits) {
    return new News.Heard(occasion("identify", "", traits, NOW));
  }

  private static Occasion occasion(
      String kind, String name, Map<String, Object> traits, Instant at) {
    return new Occasion(kind, name, "shop", Values.EMPTY, new Values(traits), Map.of(), at);
  }

  private static Look look(List<Audience> audiences, Instant now) {
    return new Look(audiences, new Holdouts(List.of("holdout")), now);
  }

  private static List<Audience> audiences(String... written) {
    String json = "{'audiences': [%s]}".formatted(String.join(", ", written)).replace('\'', '"');
    return switch (Rules.read(Json.parse(json).orElseThrow())) {
      case Rules.Reading.Valid(var rules) -> rules.audiences();
      case Rules.Reading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }
}
