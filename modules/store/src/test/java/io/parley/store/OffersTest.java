package io.parley.store;

import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.offers.Codes;
import io.parley.engine.offers.Gate;
import io.parley.engine.offers.Mask;
import io.parley.engine.offers.Offer;
import io.parley.engine.offers.Offer.Kind;
import io.parley.engine.offers.Shop;
import io.parley.engine.offers.Withholding;
import io.parley.engine.offers.Worth;
import io.parley.store.CodePools.Depth;
import io.parley.store.Offers.Answer;
import io.parley.store.Offers.Use;
import io.parley.store.Offers.Wish;
import io.vertx.core.Future;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Offers on a real database, one at a time and many at once.
class OffersTest {

  private static final StoreFixture STORE = new StoreFixture();
  private static final Pool MANY =
      PgBuilder.pool()
          .with(new PoolOptions().setMaxSize(32))
          .connectingTo(STORE.options)
          .using(STORE.vertx)
          .build();
  private static final Offers OFFERS = new Offers(MANY);
  private static final CodePools POOLS = new CodePools(MANY);
  private static final Duration DAY = Duration.ofDays(1);

  @AfterAll
  static void close() {
    await(MANY.close());
    STORE.close();
  }

  @Test
  void aGeneratedCodeIsReservedOnceForAnEffect() {
    Offer offer = offer("generated", new Kind.Generated(new Codes("GEN-", 8)));
    Wish wish = wish(effect(1), offer, NOW, "id:generated");

    Answer first = reserve(wish);
    Answer again = reserve(wish);

    assertThat(code(first)).startsWith("GEN-").hasSize(12);
    assertThat(first)
        .isEqualTo(new Answer.Reserved(code(first), offer.worth(), NOW.plus(DAY)))
        .isEqualTo(again);
  }

  @Test
  void aGeneratedCodeThatIsTakenMakesWayForAnother() {
    Codes shape = new Codes("TAKEN-", 8);
    String secret = STORE.texts("select secret from offer_secret").getFirst();
    EffectId effect = effect(2);
    load("elsewhere", shape.code(secret, effect, 0).toLowerCase(Locale.ROOT));

    Answer answer =
        reserve(wish(effect, offer("taken", new Kind.Generated(shape)), NOW, "id:taken"));

    assertThat(code(answer)).isEqualTo(shape.code(secret, effect, 1));
  }

  @Test
  void aPersonHasOneLiveOfferWhicheverNameItIsAskedBy() {
    Offer offer = fixed("channels");
    reserve(wish(effect(3), offer, NOW, "id:ch", "to:+15550000001"));

    for (String name : List.of("id:ch", "to:+15550000001")) {
      assertThat(reserve(wish(fresh(), offer, NOW.plus(Duration.ofHours(1)), name, "to:other")))
          .isEqualTo(new Answer.Unavailable(Withholding.LIVE_OFFER));
    }
    assertThat(code(reserve(wish(fresh(), offer, NOW, "to:other")))).isEqualTo("FIXED-channels");
  }

  @Test
  void theContactBookTellsThatTwoNamesAreOnePerson() {
    STORE.execute(
        """
        insert into contact (address, external_id, updated_at)
        values ('+15550000002', 'book', now()), ('whatsapp:+15550000003', 'book', now())
        """);
    Offer offer = fixed("book");
    reserve(wish(effect(4), offer, NOW, "to:+15550000002"));

    assertThat(reserve(wish(effect(5), offer, NOW, "to:+15550000003")))
        .isEqualTo(new Answer.Unavailable(Withholding.LIVE_OFFER));
    assertThat(await(OFFERS.of(List.of("id:book"), NOW.minus(DAY))))
        .isEqualTo(new Offers.History(List.of(NOW), Optional.of(NOW.plus(DAY.multipliedBy(2)))));
  }

  @Test
  void aHoldThatIsOverMakesWay() {
    Offer offer = fixed("over");
    reserve(wish(effect(6), offer, NOW, "id:over"));

    assertThat(
            reserve(
                wish(effect(7), offer, NOW.plus(DAY.multipliedBy(2)).minusMillis(1), "id:over")))
        .isEqualTo(new Answer.Unavailable(Withholding.LIVE_OFFER));
    assertThat(reserve(wish(effect(8), offer, NOW.plus(DAY.multipliedBy(2)), "id:over")))
        .isInstanceOf(Answer.Reserved.class);
  }

  @Test
  void aPersonWhoHadTheirOffersIsCapped() {
    Offer offer = capped("capped", 2);
    for (int i = 0; i < 2; i++) {
      assertThat(reserve(wish(fresh(), offer, NOW.plus(DAY.multipliedBy(3L * i)), "id:capped")))
          .isInstanceOf(Answer.Reserved.class);
    }

    assertThat(reserve(wish(fresh(), offer, NOW.plus(DAY.multipliedBy(9)), "id:capped")))
        .isEqualTo(new Answer.Unavailable(Withholding.CAPPED));
    assertThat(reserve(wish(fresh(), offer, NOW.plus(DAY.multipliedBy(34)), "id:capped")))
        .isInstanceOf(Answer.Reserved.class);
  }

  @Test
  void aRefusalIsRememberedToo() {
    Offer offer = pool("never-loaded");
    Wish wish = wish(effect(9), offer, NOW, "id:refused");

    assertThat(reserve(wish)).isEqualTo(new Answer.Unavailable(Withholding.POOL_EMPTY));
    load("never-loaded", "NL-1");

    assertThat(reserve(wish)).isEqualTo(new Answer.Unavailable(Withholding.POOL_EMPTY));
    assertThat(code(reserve(wish(fresh(), offer, NOW, "id:refused")))).isEqualTo("NL-1");
  }

  @Test
  void aCodeThatIsGivenBackIsAnothers() {
    load("back", "BACK-1");
    Offer offer = pool("back");
    Wish wish = wish(effect(10), offer, NOW, "id:back");
    reserve(wish);

    assertThat(await(OFFERS.giveBack(wish.effect(), NOW))).isTrue();
    assertThat(await(OFFERS.giveBack(wish.effect(), NOW))).isFalse();

    assertThat(reserve(wish)).isEqualTo(new Answer.Unavailable(Withholding.GIVEN_BACK));
    assertThat(code(reserve(wish(fresh(), offer, NOW, "id:back")))).isEqualTo("BACK-1");
    assertThat(await(OFFERS.giveBack(wish.effect(), NOW))).isFalse();
    assertThat(await(POOLS.free("back"))).isZero();
  }

  @Test
  void whatWasUsedIsNeverGivenBack() {
    load("used", "USED-1");
    Wish wish = wish(effect(11), pool("used"), NOW, "id:used");
    reserve(wish);
    await(OFFERS.sent(wish.effect(), NOW));

    Optional<Offers.Used> used = await(OFFERS.used(new Use(" used-1", List.of(), "O-1", NOW)));

    assertThat(used).map(Offers.Used::effect).contains(wish.effect());
    assertThat(await(OFFERS.used(new Use("USED-1", List.of(), "O-1", NOW.plus(DAY)))))
        .isEqualTo(used);
    assertThat(await(OFFERS.used(new Use("USED-1", List.of(), "O-2", NOW)))).isEmpty();
    assertThat(await(OFFERS.giveBack(wish.effect(), NOW))).isFalse();
    assertThat(await(OFFERS.used(new Use("NOBODYS", List.of(), "O-3", NOW)))).isEmpty();
  }

  @Test
  void aCodeThatEverybodyHasIsUsedByTheOneWhoBuys() {
    Offer offer = fixed("shared");
    reserve(wish(effect(12), offer, NOW, "id:one"));
    reserve(wish(effect(13), offer, NOW, "id:two"));

    assertThat(await(OFFERS.used(new Use("FIXED-shared", List.of("id:one"), "S-1", NOW))))
        .map(Offers.Used::effect)
        .contains(effect(12));
    assertThat(await(OFFERS.used(new Use("FIXED-shared", List.of("id:three"), "S-2", NOW))))
        .isEmpty();
  }

  @Test
  void aCodeOfTheShopIsNamedAfterTheHold() {
    Shop shop = new Shop("https://shop.example.com", Optional.empty(), "", List.of("code"));
    Offer offer = offer("http", new Kind.Http(shop, new Mask("SHOP-****")));
    Wish wish = wish(effect(14), offer, NOW, "id:http");

    assertThat(reserve(wish)).isEqualTo(new Answer.Held(offer.worth(), NOW.plus(DAY)));
    assertThat(await(OFFERS.name(wish.effect(), "SHOP-1234", NOW))).isTrue();
    assertThat(await(OFFERS.name(wish.effect(), "SHOP-9999", NOW))).isFalse();
    assertThat(code(reserve(wish))).isEqualTo("SHOP-1234");
  }

  @Test
  void whatIsOverExpiresAndItsCodeIsNobodysAgain() {
    load("expiring", "EXP-1");
    Instant past = NOW.minus(Duration.ofDays(100));
    Wish wish = wish(effect(15), pool("expiring"), past, "id:expiring");
    reserve(wish);

    assertThat(await(OFFERS.expire(past.plus(DAY), 100))).isEqualTo(1);

    assertThat(code(reserve(wish))).isEqualTo("EXP-1");
    assertThat(await(POOLS.free("expiring"))).isZero();
    assertThat(await(OFFERS.used(new Use("EXP-1", List.of(), "late", past.plus(DAY))))).isPresent();
    assertThat(STORE.texts("select person from offer_hold")).contains("id:expiring");
    await(OFFERS.expire(past.plus(DAY.multipliedBy(2)), 100));
    assertThat(STORE.texts("select person from offer_hold")).doesNotContain("id:expiring");
  }

  @Test
  void codesThatAreThereAreCountedAndNamed() {
    load("first", "LOAD-1", "LOAD-2");

    CodePools.Loaded loaded = load("second", "load-2", "LOAD-3", "LOAD-4", "LOAD-3");

    assertThat(loaded.added()).isEqualTo(2);
    assertThat(loaded.repeated()).isEqualTo(2);
    assertThat(loaded.named())
        .containsExactly(
            new CodePools.Repeat("load-2", "first"), new CodePools.Repeat("LOAD-3", "second"));
    assertThat(await(POOLS.depths())).contains(new Depth("first", 2, 2), new Depth("second", 2, 2));
  }

  @Test
  void manyCodesAreLoadedInSeveralStatements() {
    String[] codes =
        IntStream.range(0, 12_001).mapToObj("BULK-%05d"::formatted).toArray(String[]::new);

    assertThat(load("bulk", codes).added()).isEqualTo(12_001);
    assertThat(await(POOLS.free("bulk"))).isEqualTo(12_001);
    assertThat(code(reserve(wish(fresh(), pool("bulk"), NOW, "id:bulk")))).isEqualTo("BULK-00000");
  }

  @Test
  void grantsThatStandAreListed() {
    Wish wish = wish(effect(16), fixed("listed"), NOW, "id:listed");
    reserve(wish);
    await(OFFERS.sent(wish.effect(), NOW));

    assertThat(await(OFFERS.live(NOW, 1_000)))
        .contains(
            new Offers.Live(
                wish.effect(),
                "listed",
                "FIXED-listed",
                wish.offer().worth(),
                Offers.State.SENT,
                NOW.plus(DAY)));
    assertThat(await(OFFERS.live(NOW.plus(DAY), 1_000)))
        .extracting(Offers.Live::offer)
        .doesNotContain("listed");
  }

  @Test
  void ofThirtyTwoAtOnceOneReservesForAContact() {
    Offer offer = fixed("race");
    List<Wish> wishes =
        IntStream.range(0, 32)
            .mapToObj(
                i ->
                    // By their id, by their number, by both, and by both with another number.
                    switch (i % 4) {
                      case 0 -> wish(fresh(), offer, NOW, "id:race", "to:+15550000100");
                      case 1 -> wish(fresh(), offer, NOW, "to:+15550000100", "id:race");
                      case 2 -> wish(fresh(), offer, NOW, "id:race");
                      default -> wish(fresh(), offer, NOW, "to:+15550000101", "id:race");
                    })
            .toList();

    List<Answer> answers = all(wishes.stream().map(OFFERS::reserve).toList());

    assertThat(answers).filteredOn(Answer.Reserved.class::isInstance).hasSize(1);
    assertThat(answers)
        .filteredOn(Answer.Unavailable.class::isInstance)
        .hasSize(31)
        .allMatch(new Answer.Unavailable(Withholding.LIVE_OFFER)::equals);
  }

  @Test
  void oneEffectAskedThirtyTwoTimesAtOnceHasOneCode() {
    load("retried", IntStream.range(0, 40).mapToObj(i -> "RT-" + i).toArray(String[]::new));
    Wish wish = wish(fresh(), pool("retried"), NOW, "id:retried");

    List<Answer> answers = all(IntStream.range(0, 32).mapToObj(_ -> OFFERS.reserve(wish)).toList());

    assertThat(new HashSet<>(answers)).hasSize(1);
    assertThat(await(POOLS.free("retried"))).isEqualTo(39);
  }

  @Test
  void tenCodesAreGivenToTenOfThirtyTwoAtOnce() {
    load("ten", IntStream.range(0, 10).mapToObj(i -> "TEN-" + i).toArray(String[]::new));
    Offer offer = pool("ten");

    List<Answer> answers =
        all(
            IntStream.range(0, 32)
                .mapToObj(i -> OFFERS.reserve(wish(fresh(), offer, NOW, "id:ten" + i)))
                .toList());

    List<String> codes =
        answers.stream().filter(Answer.Reserved.class::isInstance).map(OffersTest::code).toList();
    assertThat(codes).hasSize(10).doesNotHaveDuplicates();
    assertThat(answers)
        .filteredOn(Answer.Unavailable.class::isInstance)
        .allMatch(new Answer.Unavailable(Withholding.POOL_EMPTY)::equals);
  }

  /// Twelve people with overlapping names, reserving, giving back, sending, buying and expiring all
  /// at once. A deadlock would fail a future.
  @Test
  void aThousandOperationsAtOnceWaitForNobodyWhoWaitsForThem() {
    load("mixed", IntStream.range(0, 60).mapToObj(i -> "MIX-" + i).toArray(String[]::new));
    Random chance = new Random(7);
    List<EffectId> effects = new ArrayList<>();
    List<Future<?>> running = new ArrayList<>();
    Offer offer = unlimited("mixed", new Kind.Pool("mixed", new Mask("MIX-###"), 5));
    for (int i = 0; i < 1_000; i++) {
      if (effects.isEmpty() || chance.nextInt(10) < 5) {
        EffectId effect = fresh();
        effects.add(effect);
        int person = chance.nextInt(12);
        running.add(
            OFFERS.reserve(
                wish(
                    effect,
                    offer,
                    NOW,
                    "to:+1555111" + (person + 1) % 12,
                    "id:mix" + person,
                    "to:+1555111" + person)));
        continue;
      }
      EffectId effect = effects.get(chance.nextInt(effects.size()));
      running.add(
          switch (chance.nextInt(5)) {
            case 0, 1 -> OFFERS.giveBack(effect, NOW);
            case 2 -> OFFERS.sent(effect, NOW);
            case 3 -> OFFERS.used(new Use("MIX-" + chance.nextInt(60), List.of(), "M" + i, NOW));
            default -> OFFERS.expire(NOW.minus(Duration.ofDays(50)), 10);
          });
    }
    running.forEach(StoreFixture::await);

    assertThat(
            STORE.texts(
                """
                select code from offer_grant where offer = 'mixed' and state in ('RESERVED', 'SENT')
                """))
        .doesNotHaveDuplicates();
    assertThat(
            STORE.texts(
                """
                select person from offer_grant, unnest(persons) as person
                 where offer = 'mixed' and state in ('RESERVED', 'SENT', 'USED')
                """))
        .doesNotHaveDuplicates();
    assertThat(
            STORE.texts(
                """
                select count(*) from offer_code c
                 where pool = 'mixed' and conversation is null
                   and exists (select from offer_grant g where g.code = c.code
                                  and g.state in ('RESERVED', 'SENT', 'USED'))
                """))
        .containsExactly("0");
    assertThat(STORE.count("offer_grant where offer = 'mixed' and state <> 'REFUSED'"))
        .isPositive();
  }

  // ---- in few words

  private static Offer offer(String name, Kind kind) {
    return new Offer(
        name,
        kind,
        Worth.parse("15%").orElseThrow(),
        DAY,
        DAY.multipliedBy(2),
        Optional.empty(),
        gate(100),
        List.of());
  }

  private static Gate gate(int offers) {
    Gate usual = Gate.DEFAULT;
    return new Gate(
        usual.opening(),
        usual.purchaserFor(),
        Set.of(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        new Gate.Cap(offers, Duration.ofDays(30)));
  }

  private static Offer fixed(String name) {
    return offer(name, new Kind.Static("FIXED-" + name));
  }

  private static Offer pool(String name) {
    return offer(name, new Kind.Pool(name, new Mask("POOL-###"), 5));
  }

  private static Offer capped(String name, int offers) {
    Offer offer = fixed(name);
    return with(offer, gate(offers));
  }

  private static Offer unlimited(String name, Kind kind) {
    return with(offer(name, kind), gate(10_000));
  }

  private static Offer with(Offer offer, Gate gate) {
    return new Offer(
        offer.name(),
        offer.kind(),
        offer.worth(),
        offer.expiry(),
        offer.window(),
        offer.endsAt(),
        gate,
        List.of());
  }

  private static Wish wish(EffectId effect, Offer offer, Instant now, String... persons) {
    return new Wish(effect, List.of(persons), offer, now);
  }

  private static EffectId effect(int turn) {
    return new EffectId(
        new ConversationId(UUID.nameUUIDFromBytes(new byte[] {(byte) turn})), turn, 0);
  }

  private static EffectId fresh() {
    return new EffectId(new ConversationId(UUID.randomUUID()), 1, 0);
  }

  private static Answer reserve(Wish wish) {
    return await(OFFERS.reserve(wish));
  }

  private static CodePools.Loaded load(String pool, String... codes) {
    return await(POOLS.load(pool, List.of(codes), NOW));
  }

  private static String code(Answer answer) {
    return answer instanceof Answer.Reserved reserved ? reserved.code() : answer.toString();
  }

  private static List<Answer> all(List<Future<Answer>> running) {
    return running.stream().map(StoreFixture::await).toList();
  }
}
