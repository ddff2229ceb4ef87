package io.parley.store;

import static io.parley.store.StoreFixture.LEASE;
import static io.parley.store.StoreFixture.SINK;
import static io.parley.store.StoreFixture.await;
import static io.parley.store.StoreFixture.effect;
import static io.parley.store.StoreFixture.fresh;
import static io.parley.store.StoreFixture.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.codec.Codec;
import io.parley.engine.EffectId;
import io.parley.store.DeadLetters.DeadLetter;
import io.parley.store.DeadLetters.Done;
import io.parley.store.DeadLetters.Which;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

  private final StoreFixture store = new StoreFixture();
  private final DeadLetters letters = new DeadLetters(store.pool);

  @AfterEach
  void close() {
    store.close();
  }

  /// A seal whose key is a word: the place and the body stand behind it, backwards. Any seal whose
  /// word comes later in the alphabet does not open it.
  private record Word(String word) implements Seal {

    @Override
    public Optional<Sealed> seal(String body, String place) {
      return Optional.of(new Sealed(word, backwards(place + "|" + body)));
    }

    @Override
    public Opening open(Sealed sealed, String place) {
      String text = backwards(sealed.text());
      return word.compareTo(sealed.key()) >= 0 && text.startsWith(place + "|")
          ? new Opening.Open(text.substring(place.length() + 1))
          : new Opening.Shut("not mine");
    }

    @Override
    public Optional<String> key() {
      return Optional.of(word);
    }

    private static String backwards(String text) {
      return new StringBuilder(text).reverse().toString();
    }
  }

  /// Reports of contacts, refused for reasons of their own.
  private void bury(Outbox outbox, int from, String... reasons) {
    for (int i = 0; i < reasons.length; i++) {
      store.write(store.turn(fresh(from + i), report(fresh(from + i), 0)));
    }
    List<Outbox.Leased> leased = await(outbox.leaseReports(SINK, 1_000, LEASE));
    assertThat(leased).hasSize(reasons.length);
    for (int i = 0; i < reasons.length; i++) {
      await(outbox.bury(leased.get(i), reasons[i]));
    }
  }

  private List<EffectId> ids(Which which) {
    return await(letters.list(which, 100)).stream()
        .map(DeadLetter::id)
        .sorted(java.util.Comparator.comparing(EffectId::toString))
        .toList();
  }

  private static Which reason(String reason) {
    return new Which(Optional.empty(), Optional.empty(), Optional.of(reason), Optional.empty());
  }

  private Done replay(Which which) {
    return await(letters.replay(which, Done.NOTHING, 100));
  }

  @Test
  void lettersAreChosenByWhereToAndWhyAndWhen() {
    bury(store.outbox, 1, "400 no such person", "400 Too Large", "gone");
    store.execute(
        "update dead_letter set died_at = now() - interval '1 day' where reason = 'gone'");

    assertThat(ids(Which.ALL)).hasSize(3);
    assertThat(ids(reason("too large"))).containsExactly(effect(fresh(2), 0));
    assertThat(ids(reason("%"))).isEmpty();
    assertThat(
            ids(new Which(Optional.empty(), Optional.of(SINK), Optional.empty(), Optional.empty())))
        .hasSize(3);
    assertThat(
            ids(new Which(Optional.empty(), Optional.of("x"), Optional.empty(), Optional.empty())))
        .isEmpty();
    assertThat(
            ids(
                new Which(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(java.time.Instant.now().minusSeconds(3600)))))
        .hasSize(2);
    assertThat(await(letters.count(reason("400")))).isEqualTo(2);
  }

  @Test
  void aReplayPutsEachBackOnce() {
    bury(store.outbox, 1, "400", "400", "410");

    assertThat(replay(reason("400")).letters()).isEqualTo(2);
    assertThat(replay(reason("400")).letters()).isZero();

    assertThat(store.texts("select attempts from outbox order by seq")).containsExactly("1", "1");
    assertThat(ids(Which.ALL)).containsExactly(effect(fresh(3), 0));
    List<Outbox.Leased> leased = await(store.outbox.leaseReports(SINK, 10, LEASE));
    assertThat(leased)
        .extracting(Outbox.Leased::id)
        .containsExactly(effect(fresh(1), 0), effect(fresh(2), 0));
    await(store.outbox.bury(leased.getFirst(), "400 again"));
    assertThat(await(letters.list(reason("again"), 1)))
        .singleElement()
        .returns(2, DeadLetter::attempts);
  }

  @Test
  void twoReplaysAtOnceDoNotRepeatEachOther() {
    String[] reasons = new String[60];
    java.util.Arrays.fill(reasons, "400");
    bury(store.outbox, 1, reasons);
    List<io.vertx.core.Future<Done>> replays = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      replays.add(letters.replay(Which.ALL, Done.NOTHING, 60));
    }

    int moved = replays.stream().map(StoreFixture::await).mapToInt(Done::letters).sum();

    assertThat(moved).isEqualTo(60);
    assertThat(store.count("outbox")).isEqualTo(60);
    assertThat(store.count("dead_letter")).isZero();
  }

  @Test
  void aReplayGoesOnBatchByBatchOldestFirst() {
    bury(store.outbox, 1, "400", "400", "400");
    store.execute(
        "update dead_letter set created_at = created_at - interval '1 hour' where attempts = 1"
            + " and conversation = '"
            + fresh(3).id()
            + "'");

    Done first = await(letters.replay(Which.ALL, Done.NOTHING, 2));
    Done second = await(letters.replay(Which.ALL, first, 2));

    assertThat(first.letters()).isEqualTo(2);
    assertThat(second.letters()).isEqualTo(3);
    assertThat(await(letters.replay(Which.ALL, second, 2))).isEqualTo(second);
    assertThat(store.texts("select conversation from outbox order by seq limit 1"))
        .containsExactly(fresh(3).id().toString());
  }

  @Test
  void whatWasDeliveredAfterAllIsNotSentAgain() {
    bury(store.outbox, 1, "400");
    store.execute(
        """
        insert into delivery (conversation, turn, index, destination, outcome, at)
        select conversation, turn, index, destination, 'delivered', now() from dead_letter
        """);

    assertThat(replay(Which.ALL).letters()).isEqualTo(1);

    assertThat(store.count("outbox")).isZero();
    assertThat(store.count("dead_letter")).isZero();
  }

  @Test
  void whatIsDiscardedStaysOnRecord() {
    bury(store.outbox, 1, "400", "410");

    assertThat(await(letters.discard(reason("400")))).isEqualTo(1);
    assertThat(await(letters.discard(reason("400")))).isZero();

    assertThat(ids(Which.ALL)).containsExactly(effect(fresh(2), 0));
    assertThat(store.count("outbox")).isZero();
    assertThat(
            store.texts(
                "select outcome from delivery where conversation = '" + fresh(1).id() + "'"))
        .containsExactly("discarded");
  }

  @Test
  void anEditIsLostToNobody() {
    bury(store.outbox, 1, "400");
    DeadLetter shown = await(letters.list(Which.ALL, 1)).getFirst();
    String body = Codec.encodeEffect(report(fresh(1), 0)).replace("twilio_reply", "mended");

    assertThat(await(letters.edit(shown, body))).isTrue();
    assertThat(await(letters.edit(shown, body))).as("it was another one that was shown").isFalse();

    DeadLetter edited = await(letters.list(Which.ALL, 1)).getFirst();
    assertThat(edited.editedAt()).isPresent();
    replay(Which.ALL);
    assertThat(await(store.outbox.leaseReports(SINK, 1, LEASE)))
        .singleElement()
        .extracting(it -> Codec.encodeEffect(it.effect()))
        .isEqualTo(body);
  }

  @Test
  void aSealedBodyIsOpenedForItsPlaceAlone() {
    Seal seal = new Word("b");
    DeadLetters sealed = new DeadLetters(store.pool, seal);
    bury(new Outbox(store.pool, seal), 1, "400", "400");
    String body = Codec.encodeEffect(report(fresh(1), 0));

    assertThat(store.texts("select effect from dead_letter"))
        .noneMatch(it -> it.contains("twilio_reply"));
    assertThat(store.texts("select distinct key from dead_letter")).containsExactly("b");
    assertThat(await(letters.list(Which.of(effect(fresh(1), 0)), 1)).getFirst().body())
        .isInstanceOf(Seal.Opening.Shut.class);
    assertThat(await(sealed.list(Which.of(effect(fresh(1), 0)), 1)).getFirst().body())
        .isEqualTo(new Seal.Opening.Open(body));

    store.execute(
        """
        update dead_letter set effect = (select o.effect from dead_letter o
                                          where o.conversation <> dead_letter.conversation)
         where conversation = '%s'
        """
            .formatted(fresh(1).id()));
    Done done = await(sealed.replay(Which.ALL, Done.NOTHING, 10));

    assertThat(done)
        .returns(1, Done::letters)
        .returns(1, Done::shut)
        .returns("not mine", Done::why);
    assertThat(ids(Which.ALL)).containsExactly(effect(fresh(1), 0));
    assertThat(await(store.outbox.leaseReports(SINK, 10, LEASE)))
        .extracting(it -> Codec.encodeEffect(it.effect()))
        .containsExactly(Codec.encodeEffect(report(fresh(2), 0)));
  }

  @Test
  void aNewKeySealsWhatTheOldOneDidAndWhatNoneDid() {
    bury(new Outbox(store.pool, new Word("a")), 1, "400");
    bury(store.outbox, 2, "400");
    bury(new Outbox(store.pool, new Word("z")), 3, "400");
    Seal seal = new Word("c");
    DeadLetters sealed = new DeadLetters(store.pool, seal);

    Done done = await(sealed.reseal());

    assertThat(done).returns(2, Done::letters).returns(1, Done::shut);
    assertThat(store.texts("select key from dead_letter order by key"))
        .containsExactly("c", "c", "z");
    assertThat(await(sealed.reseal()).letters()).isZero();
    assertThat(await(sealed.list(Which.of(effect(fresh(2), 0)), 1)).getFirst().body())
        .isEqualTo(new Seal.Opening.Open(Codec.encodeEffect(report(fresh(2), 0))));
  }
}
