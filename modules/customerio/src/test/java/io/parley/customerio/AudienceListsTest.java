package io.parley.customerio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parley.customerio.EngageAudiences.Format;
import io.parley.edge.AudienceLists;
import io.parley.edge.OutcomeSink;
import io.parley.edge.OutcomeSink.Composed;
import io.parley.edge.OutcomeSink.Response;
import io.parley.edge.OutcomeSink.Verdict;
import io.parley.edge.Ulid;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Outcomes;
import io.parley.engine.Person;
import io.parley.engine.Values;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Manual segments of Customer.io, and audiences in Engage's format.
class AudienceListsTest {

  private static final Instant NOW = Instant.parse("2026-11-23T00:10:00.250Z");
  private static final String CART = "cio_cart_abandon_6h";
  private static final Address CONTACT = new Address("+14155550100");
  private static final Person ASHA = new Person(Optional.of("42"), Values.EMPTY);
  private static final Person BEN =
      new Person(Optional.empty(), Values.of("email", "ben@example.com"));

  private static final OutcomeSink SEGMENTS =
      new ManualSegments(
          new AudienceLists("segment", Map.of(CART, "7")),
          URI.create("https://track.customer.io/"),
          new TrackKey("SITE", "KEY"));

  private static OutcomeSink engage(Format format) {
    return new EngageAudiences(
        new EngageAudiences.Settings("engage", Set.of(CART), format, "spa_1"),
        URI.create("https://api.segment.io"),
        "WRITE",
        InstantSource.fixed(NOW));
  }

  private static Effect.ReportOutcome change(int index, String name, Person person) {
    return new Effect.ReportOutcome(
        new EffectId(ConversationId.parse("00000000-0000-8000-8000-000000000001"), 3, index),
        name,
        person,
        CONTACT,
        Values.of("audience", CART).with("computation_id", "aud_2x").with("reason", "rule"),
        NOW);
  }

  private static Effect.ReportOutcome entered(int index, Person person) {
    return change(index, Outcomes.AUDIENCE_ENTERED, person);
  }

  @Test
  void aRequestNamesPeopleByOneKindOfName() {
    Composed composed =
        SEGMENTS.compose(List.of(entered(0, ASHA), entered(1, BEN), entered(2, ASHA)));

    assertThat(composed.method()).isEqualTo("POST");
    assertThat(composed.url())
        .isEqualTo("https://track.customer.io/api/v1/segments/7/add_customers?id_type=id");
    assertThat(composed.headers()).containsEntry("Authorization", "Basic U0lURTpLRVk=");
    assertThat(composed.body()).isEqualTo("{\"ids\":[\"42\"]}");
    assertThat(composed.effects()).hasSize(1);
  }

  @Test
  void whoLeavesIsRemovedAndWhoHasNoIdGoesByTheAddress() {
    Composed composed = SEGMENTS.compose(List.of(change(0, Outcomes.AUDIENCE_EXITED, BEN)));

    assertThat(composed.url()).endsWith("/segments/7/remove_customers?id_type=email");
    assertThat(composed.body()).isEqualTo("{\"ids\":[\"ben@example.com\"]}");
  }

  @Test
  void whomSegmentsCannotNameIsUndeliverable() {
    assertThat(SEGMENTS.compose(List.of(entered(0, Person.UNKNOWN))).undeliverable().values())
        .containsExactly(
            "the person has no id, cio_id or e-mail address, by which segments name people");
  }

  @Test
  void anAnswerIsReadForWhatItMeans() {
    Composed two = SEGMENTS.compose(List.of(entered(0, ASHA), entered(1, person("43"))));
    Composed one = SEGMENTS.compose(List.of(entered(0, ASHA)));

    assertThat(verdicts(two, 200)).containsOnly(new Verdict.Delivered());
    assertThat(SEGMENTS.blamesTheWhole(two, new Response(400, Map.of(), "bad"))).isTrue();
    assertThat(verdicts(two, 400)).hasOnlyElementsOfType(Verdict.Retry.class);
    assertThat(verdicts(one, 400))
        .containsExactly(
            new Verdict.Refused("Customer.io refused the change of the segment (400): bad"));
    assertThat(SEGMENTS.read(one, new Response(429, Map.of("retry-after", "7"), "")))
        .containsExactly(
            new Verdict.Retry(
                "Customer.io asks for fewer requests (429)", Optional.of(Duration.ofSeconds(7))));
    assertThat(List.of(401, 404, 503))
        .allSatisfy(
            status -> assertThat(verdicts(one, status)).hasOnlyElementsOfType(Verdict.Retry.class));
  }

  private static Person person(String id) {
    return new Person(Optional.of(id), Values.EMPTY);
  }

  private static List<Verdict> verdicts(Composed composed, int status) {
    return SEGMENTS.read(composed, new Response(status, Map.of(), "bad"));
  }

  @Test
  void aSegmentIsNamedByDigits() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ManualSegments(
                    new AudienceLists("s", Map.of(CART, "vip")),
                    URI.create("https://track.customer.io"),
                    new TrackKey("SITE", "KEY")))
        .withMessageContaining("needs the id of its list (digits), not 'vip'");
  }

  @Test
  void engageIsToldByABooleanTrait() {
    Composed composed = engage(Format.IDENTIFY).compose(List.of(entered(0, ASHA)));

    assertThat(composed.body())
        .isEqualTo(
            """
            {"sentAt":"2026-11-23T00:10:00.250Z","context":{"library":{"name":"Parley"}},"batch":[\
            {"type":"identify","messageId":"%s","userId":"42",\
            "timestamp":"2026-11-23T00:10:00.250Z","context":{"personas":{\
            "computation_class":"audience","computation_id":"aud_2x",\
            "computation_key":"cio_cart_abandon_6h","namespace":"spa_1","space_id":"spa_1"}},\
            "traits":{"cio_cart_abandon_6h":true}}]}"""
                .formatted(Ulid.of(NOW, entered(0, ASHA).id()).value()));
  }

  @Test
  void engageIsToldByAnEventWithWhatElseIsKnown() {
    Composed composed =
        engage(Format.TRACK).compose(List.of(change(0, Outcomes.AUDIENCE_EXITED, BEN)));

    assertThat(composed.body())
        .contains(
            """
            "event":"Audience Exited","context":{"personas":{"computation_class":"audience",\
            "computation_id":"aud_2x","computation_key":"cio_cart_abandon_6h",\
            "namespace":"spa_1","space_id":"spa_1"},\
            "traits":{"phone":"+14155550100","email":"ben@example.com"}},\
            "properties":{"audience_key":"cio_cart_abandon_6h","cio_cart_abandon_6h":false}""")
        .contains("\"anonymousId\":\"");
  }

  @Test
  void engageTakesItsOwnAudiencesAndAllWhereItNamesNone() {
    OutcomeSink all =
        new EngageAudiences(
            new EngageAudiences.Settings("engage", Set.of(), Format.IDENTIFY, "spa_1"),
            URI.create("https://api.segment.io"),
            "WRITE",
            InstantSource.fixed(NOW));
    Effect.ReportOutcome other =
        new Effect.ReportOutcome(
            entered(0, ASHA).id(),
            Outcomes.AUDIENCE_ENTERED,
            ASHA,
            CONTACT,
            Values.of("audience", "vip"),
            NOW);

    assertThat(engage(Format.IDENTIFY).takes(entered(0, ASHA))).isTrue();
    assertThat(engage(Format.IDENTIFY).takes(other)).isFalse();
    assertThat(engage(Format.IDENTIFY).compose(List.of(other)).undeliverable()).hasSize(1);
    assertThat(all.takes(other)).isTrue();
    assertThat(all.isActivation()).isTrue();
    assertThat(all.knownBy(entered(0, BEN))).containsExactly("phone", "email");
  }
}
