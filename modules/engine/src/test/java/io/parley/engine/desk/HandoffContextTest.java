package io.parley.engine.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Awaiting;
import io.parley.engine.Conversation;
import io.parley.engine.EffectId;
import io.parley.engine.Engagement;
import io.parley.engine.Execution;
import io.parley.engine.ExecutionId;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.Json;
import io.parley.engine.Owner;
import io.parley.engine.Person;
import io.parley.engine.ThreadId;
import io.parley.engine.Traffic;
import io.parley.engine.Values;
import io.parley.engine.limits.SessionWindow;
import io.parley.engine.offers.Bargain;
import io.parley.engine.offers.Bargain.Held;
import io.parley.engine.offers.Friction;
import io.parley.engine.offers.Friction.Signal;
import io.parley.engine.offers.FrictionRules;
import io.parley.engine.offers.Grant;
import io.parley.engine.offers.Worth;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandoffContextTest {

  private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
  private static final ThreadId THREAD =
      new ThreadId(new Address("whatsapp:+15550001111"), new Address("whatsapp:+14155550100"));
  private static final FlowRef FLOW = new FlowRef(FlowSid.named("cart"), "cart-recovery", 3);

  @Test
  void whatIsKnownIsFrozenAsItWas() throws IOException {
    Values whole = HandoffContext.of(conversation(cart(1)), facts()).whole();

    assertThat(Json.print(whole.entries())).isEqualTo(golden("handoff-context.json"));
  }

  @Test
  void whatFitsIsToldWhole() {
    HandoffContext context = HandoffContext.of(conversation(cart(1)), facts());

    assertThat(context.within(HandoffContext.MAX_METADATA)).isEqualTo(context.whole());
  }

  @Test
  void ofMuchAsMuchIsToldAsFits() {
    HandoffContext context = HandoffContext.of(conversation(cart(500)), facts());

    for (int limit : List.of(HandoffContext.MAX_METADATA, 1_500, 600, 150)) {
      Values told = context.within(limit);
      assertThat(Json.print(told.entries()).getBytes(StandardCharsets.UTF_8).length)
          .isLessThanOrEqualTo(limit);
      assertThat(told.text("link")).isPresent();
    }
    assertThat(context.within(HandoffContext.MAX_METADATA).object("cart").text("url")).isPresent();
    assertThat(context.within(1_000).entries().get("cut")).isNotNull();
  }

  @Test
  void aConversationOfWhichNothingIsKnownHasAContext() {
    Values whole = HandoffContext.of(Conversation.fresh(THREAD), facts()).whole();

    assertThat(whole.entries()).doesNotContainKeys("cart", "flow", "external_id");
    assertThat(whole.object("window").flag("open")).isFalse();
  }

  private static String golden(String name) throws IOException {
    try (InputStream file =
        Objects.requireNonNull(HandoffContextTest.class.getResourceAsStream("/golden/" + name))) {
      return Json.print(
          Json.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8)).orElseThrow());
    }
  }

  private static HandoffContext.Facts facts() {
    return new HandoffContext.Facts(
        AT,
        "tag:complaint",
        new Placement(Topic.general(Promise.NONE), Set.of("care"), 5, Optional.empty()),
        List.of(
            new Consent(
                Optional.of("+14155550100"),
                Optional.of("42"),
                ConsentChannel.WHATSAPP,
                "marketing",
                Consent.State.GRANTED,
                Consent.Method.CHECKOUT,
                "checkout",
                "",
                Instant.parse("2026-01-05T09:00:00Z"))),
        Optional.of(Instant.parse("2026-03-01T16:00:00Z")),
        Optional.of("2026-03-01T04:00-08:00"),
        FrictionRules.DEFAULT,
        "https://parley.example.com/desk/conversations/1");
  }

  private static Values cart(int items) {
    List<Object> names = new ArrayList<>();
    for (int i = 1; i <= items; i++) {
      names.add(Map.of("name", "Day cream " + i));
    }
    return Values.of(
        "commerce",
        Values.of("items", names)
            .with("value", 120)
            .with("currency", "USD")
            .with("cart_url", "https://shop.example.com/cart/c1")
            .with("cart_snapshot_at", "2026-03-01T10:10:00Z"));
  }

  private static Conversation conversation(Values data) {
    Conversation fresh = Conversation.fresh(THREAD);
    EffectId effect = new EffectId(fresh.id(), 1, 0);
    Execution execution =
        new Execution(
            ExecutionId.of(fresh.id(), 1),
            FLOW,
            AT.minusSeconds(600),
            Values.EMPTY,
            data,
            Values.EMPTY,
            Values.EMPTY,
            new Execution.Position("person", new Awaiting.Closing(effect, Optional.empty())),
            4,
            1,
            effect,
            List.of(),
            List.of(),
            Optional.empty());
    Grant grant =
        new Grant(
            "second-chance",
            "SKIN-3FWTJW9P",
            new Worth.Percent(new BigDecimal("15")),
            Instant.parse("2026-03-03T12:00:00Z"));
    return new Conversation(
        fresh.id(),
        THREAD,
        4,
        Owner.QUEUED,
        1,
        new Person(Optional.of("42"), Values.of("first_name", "Asha")),
        Optional.of(execution),
        List.of(),
        List.of(new Conversation.Run(1, FLOW, AT.minusSeconds(600), Optional.empty())),
        new Traffic(
            SessionWindow.NEVER_OPENED.heard(AT.minusSeconds(60)), Optional.empty(), List.of()),
        new Bargain(
            new Friction(
                List.of(
                    new Signal("shipping", 1, AT.minusSeconds(300), "keyword SHIPPING"),
                    new Signal("discount", 1, AT.minusSeconds(60), "keyword CODE")),
                Optional.empty()),
            Optional.of(
                new Held(effect, grant, AT.minusSeconds(30), Bargain.State.SENT, List.of())),
            Optional.empty(),
            Optional.empty()),
        Engagement.NONE,
        Optional.empty(),
        0);
  }
}
