package io.parley.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parley.edge.AudienceLists;
import io.parley.edge.OutcomeSink;
import io.parley.edge.OutcomeSink.Composed;
import io.parley.edge.OutcomeSink.Receipt;
import io.parley.edge.OutcomeSink.Response;
import io.parley.edge.OutcomeSink.Verdict;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Outcomes;
import io.parley.engine.Person;
import io.parley.engine.Values;
import io.parley.networks.GoogleConsent.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AudiencesTest {

  private static final ConversationId CONVERSATION =
      ConversationId.parse("00000000-0000-8000-8000-000000000001");
  private static final String CART = "cio_cart_abandon_6h";

  private static final Address PHONE = new Address("whatsapp:+14155550100");
  private static final Address BRITISH = new Address("+442079460958");

  /// Not a number, so that nobody could be found by it.
  private static final Address NAME = new Address("client:jane");

  private static final GoogleAccount ACCOUNT = new GoogleAccount("123-456-7890", Optional.empty());

  private int told;

  /// Each network with its sink and its stand-in.
  enum At {
    META,
    TIKTOK,
    GOOGLE;

    OutcomeSink sink() {
      AudienceLists lists = new AudienceLists("list", Map.of(CART, "7"));
      return switch (this) {
        case META -> new MetaAudiences(MetaAudiences.Settings.of(lists, "TOKEN"));
        case TIKTOK -> new TikTokAudiences(TikTokAudiences.Settings.of(lists, "701", "TOKEN"));
        case GOOGLE ->
            new GoogleCustomerMatch(
                GoogleCustomerMatch.Settings.of(
                    lists,
                    ACCOUNT,
                    new GoogleConsent(Optional.of(State.GRANTED), Optional.of(State.GRANTED))),
                () -> "ACCESS");
      };
    }

    AudienceStandIn standIn() {
      return switch (this) {
        case META -> new AudienceStandIn.Meta();
        case TIKTOK -> new AudienceStandIn.TikTok();
        case GOOGLE -> new AudienceStandIn.Google();
      };
    }

    String hash(Effect.ReportOutcome report) {
      Network network =
          switch (this) {
            case META -> Network.META_AUDIENCES;
            case TIKTOK -> Network.TIKTOK_AUDIENCES;
            case GOOGLE -> Network.GOOGLE;
          };
      return new Identifiers(network, Rule.OF_THE_NETWORK)
          .phone(report.contact().number())
          .orElseThrow();
    }
  }

  private Effect.ReportOutcome change(String name, Person person, Address contact) {
    return new Effect.ReportOutcome(
        new EffectId(CONVERSATION, 1, told++),
        name,
        person,
        contact,
        Values.of("audience", CART).with("computation_id", "aud_2x").with("reason", "rule"),
        Samples.NOW);
  }

  private Effect.ReportOutcome entered(Person person, Address contact) {
    return change(Outcomes.AUDIENCE_ENTERED, person, contact);
  }

  private Effect.ReportOutcome exited(Person person, Address contact) {
    return change(Outcomes.AUDIENCE_EXITED, person, contact);
  }

  private Effect.ReportOutcome entered(int person) {
    return entered(Person.UNKNOWN, number(person));
  }

  private Effect.ReportOutcome exited(int person) {
    return exited(Person.UNKNOWN, number(person));
  }

  private List<Effect.ReportOutcome> entries(int from, int to) {
    return IntStream.range(from, to).mapToObj(this::entered).toList();
  }

  private static Address number(int person) {
    return new Address("+1415%07d".formatted(5_550_000 + person));
  }

  @Test
  void metaIsSentRowsOfASchemaInASession() {
    Composed composed =
        At.META
            .sink()
            .compose(List.of(entered(Samples.ASHA, PHONE), entered(Person.UNKNOWN, BRITISH)));

    assertThat(composed.method()).isEqualTo("POST");
    assertThat(composed.url()).isEqualTo("https://graph.facebook.com/v25.0/7/users");
    assertThat(composed.headers()).containsEntry("Authorization", "Bearer TOKEN");
    assertThat(composed.body())
        .isEqualTo(
            """
            {"session":{"session_id":7428807022087689,"batch_seq":1,"last_batch_flag":true,\
            "estimated_num_total":2},"payload":{"schema":["EMAIL","PHONE"],"data":[\
            ["ea4e36a829983d27e865b649cd10fcb61f2f1bcd857b47ab709e7adbe941ab68",\
            "5e7ec4c79ccac6e420876e65ad0e6b4b2ccf73ec3dccb50297bf2890a1ec73b9"],\
            ["","35e206e5dec4c89b9e8b71b8c32724a5bb518483ac5a20c6617d738375b3b823"]]}}""");
  }

  @Test
  void tiktokIsSentMappings() {
    Composed composed =
        At.TIKTOK
            .sink()
            .compose(List.of(exited(Samples.ASHA, PHONE), exited(Person.UNKNOWN, BRITISH)));

    assertThat(composed.method()).isEqualTo("POST");
    assertThat(composed.url())
        .isEqualTo("https://business-api.tiktok.com/open_api/v1.3/segment/mapping/");
    assertThat(composed.headers()).containsEntry("Access-Token", "TOKEN");
    assertThat(composed.body())
        .isEqualTo(
            """
            {"advertiser_ids":["701"],"action":"delete","id_schema":["EMAIL_SHA256",\
            "PHONE_SHA256"],"batch_data":[[{"id":\
            "ea4e36a829983d27e865b649cd10fcb61f2f1bcd857b47ab709e7adbe941ab68",\
            "audience_ids":["7"]},{"id":\
            "5e7ec4c79ccac6e420876e65ad0e6b4b2ccf73ec3dccb50297bf2890a1ec73b9",\
            "audience_ids":["7"]}],[{},{"id":\
            "35e206e5dec4c89b9e8b71b8c32724a5bb518483ac5a20c6617d738375b3b823",\
            "audience_ids":["7"]}]]}""");
  }

  @Test
  void googleIsSentMembersWithConsentAndTerms() {
    Composed out = At.GOOGLE.sink().compose(List.of(exited(Person.UNKNOWN, BRITISH)));
    Composed in = At.GOOGLE.sink().compose(List.of(entered(Samples.ASHA, PHONE)));

    assertThat(out.url()).isEqualTo("https://datamanager.googleapis.com/v1/audienceMembers:remove");
    assertThat(in.url()).isEqualTo("https://datamanager.googleapis.com/v1/audienceMembers:ingest");
    assertThat(out.body()).doesNotContain("consent", "termsOfService");
    assertThat(in.body())
        .isEqualTo(
            """
            {"destinations":[{"reference":"7","operatingAccount":{"accountType":"GOOGLE_ADS",\
            "accountId":"1234567890"},"productDestinationId":"7"}],"audienceMembers":[\
            {"userData":{"userIdentifiers":[{"emailAddress":\
            "ea4e36a829983d27e865b649cd10fcb61f2f1bcd857b47ab709e7adbe941ab68"},{"phoneNumber":\
            "40d3f4e02db27d66cf4cfdda506c2c945f115a7955cc8491dda98ce5beabcda0"}]}}],\
            "encoding":"HEX","consent":{"adUserData":"CONSENT_GRANTED",\
            "adPersonalization":"CONSENT_GRANTED"},\
            "termsOfService":{"customerMatchTermsOfServiceStatus":"ACCEPTED"}}""");
  }

  @ParameterizedTest
  @EnumSource
  void whoLeavesIsOutAndWhoComesIsInAndWhoIsInStays(At at) {
    AudienceStandIn network = at.standIn();
    List<Effect.ReportOutcome> reports = new ArrayList<>(entries(0, 5));
    IntStream.range(0, 3).forEach(n -> reports.add(exited(n)));
    reports.addAll(entries(5, 8));

    network.work(at.sink(), reports);

    assertThat(network.members).isEqualTo(hashes(at, entries(3, 8)));
    assertThat(network.requests).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  void nobodysEntriesAndExitsOvertakeEachOther(At at) {
    AudienceStandIn network = at.standIn();

    network.work(
        at.sink(),
        List.of(entered(1), exited(2), entered(2), exited(1), entered(3), entered(1), exited(3)));

    assertThat(network.members).isEqualTo(hashes(at, List.of(entered(1), entered(2))));
  }

  @ParameterizedTest
  @EnumSource
  void whoSharesANameWithSomebodyWhoWaitsWaitsToo(At at) {
    Person asha = new Person(Optional.of("cust-42"), Values.EMPTY);

    Composed composed =
        at.sink()
            .compose(
                List.of(entered(1), exited(asha, number(2)), entered(asha, number(3)), entered(4)));

    assertThat(composed.effects())
        .extracting(it -> ((Effect.ReportOutcome) it).contact())
        .containsExactly(number(1), number(4));
  }

  @ParameterizedTest
  @EnumSource
  void anOutageLosesNobody(At at) {
    AudienceStandIn network = at.standIn();
    network.troubles.add(new Response(0, Map.of(), "refused"));
    network.troubles.add(new Response(429, Map.of("retry-after", "60"), ""));
    network.troubles.add(new Response(503, Map.of(), "<html>"));

    network.work(at.sink(), entries(0, 3));

    assertThat(network.requests).hasSize(4);
    assertThat(network.members).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource
  void aRepeatIsTheSameAndChangesNothing(At at) {
    AudienceStandIn network = at.standIn();
    List<Effect.ReportOutcome> reports = entries(0, 3);

    assertThat(at.sink().compose(List.copyOf(reports)))
        .isEqualTo(at.sink().compose(List.copyOf(reports)));
    network.work(at.sink(), reports);
    network.work(at.sink(), reports);

    assertThat(network.members).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource
  void whoIsAtFaultIsFoundAndAllOthersAreIn(At at) {
    AudienceStandIn network = at.standIn();
    List<Effect.ReportOutcome> reports = entries(0, 100);
    network.faulty = at.hash(reports.get(61));

    AudienceStandIn.Outcome outcome = network.work(at.sink(), reports);

    assertThat(outcome.refused()).containsExactly(reports.get(61));
    assertThat(network.members).hasSize(99).doesNotContain(network.faulty);
    assertThat(network.requests).hasSizeLessThan(20);
  }

  @ParameterizedTest
  @EnumSource
  void whomTheNetworkCouldNotFindIsSaidAndNotSent(At at) {
    Effect.ReportOutcome nobody = entered(Person.UNKNOWN, NAME);
    Effect.ReportOutcome asha = entered(Samples.ASHA, PHONE);

    Composed composed = at.sink().compose(List.of(nobody, asha));

    assertThat(composed.undeliverable())
        .containsExactly(
            Map.entry(nobody, "the person has neither e-mail address nor phone number"));
    assertThat(composed.effects()).containsExactly(asha);
    assertThat(at.sink().knownBy(asha)).containsExactly("email", "phone");
    assertThat(at.sink().knownBy(nobody)).isEmpty();
    assertThat(at.sink().compose(List.of(nobody)).effects()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void onlyWhatChangesOneOfItsListsIsForASink(At at) {
    Effect.ReportOutcome entry = entered(1);
    Effect.ReportOutcome other =
        new Effect.ReportOutcome(
            entry.id(),
            entry.name(),
            entry.person(),
            entry.contact(),
            Values.of("audience", "vip"),
            entry.at());

    assertThat(at.sink().takes(entry)).isTrue();
    assertThat(at.sink().takes(other)).isFalse();
    assertThat(at.sink().takes("conversion")).isFalse();
    assertThat(at.sink().isActivation()).isTrue();
    assertThat(at.sink().compose(List.of(other)).undeliverable())
        .containsValue("audience vip has no list at list");
  }

  @ParameterizedTest
  @EnumSource
  void nothingLeavesThatIsNotHashed(At at) {
    Composed composed = at.sink().compose(List.of(entered(Samples.ASHA, PHONE)));

    assertThat((composed.url() + composed.body()).toLowerCase(Locale.ROOT))
        .doesNotContain("asha", "4155550100", "cust-42", "token", "access\"", CART, "aud_2x");
  }

  @Test
  void metaTellsHowManyItReceivedAndCouldNotRead() {
    OutcomeSink sink = At.META.sink();
    Composed composed = sink.compose(List.copyOf(entries(0, 4)));
    Response response = new AudienceStandIn.Meta().apply(composed);

    assertThat(sink.receipt(composed, response)).contains(new Receipt(4, 1));
    assertThat(At.TIKTOK.sink().receipt(composed, response)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aLimitSaysForHowLong(At at) {
    Composed composed = at.sink().compose(List.of(entered(1)));

    assertThat(at.sink().read(composed, new Response(429, Map.of("retry-after", "60"), "")))
        .singleElement()
        .isInstanceOfSatisfying(
            Verdict.Retry.class,
            retry -> assertThat(retry.after()).contains(Duration.ofMinutes(1)));
  }

  @Test
  void eachRequestIsASessionOfMetaOfItsOwn() {
    AudienceStandIn.Meta meta = new AudienceStandIn.Meta();

    meta.work(At.META.sink(), List.of(entered(1), exited(1), entered(1)));

    assertThat(meta.sessions).hasSize(3);
    assertThat(meta.sessions.values()).allMatch(List.of(1L)::equals);
    assertThat(meta.sessions.keySet()).allMatch(id -> id > 0);
  }

  @Test
  void noNetworkIsSentTheHashesOfAnotherWhereTheirRulesDiffer() {
    Person tagged = new Person(Optional.empty(), Values.of("email", "Ben.Low+x@Gmail.com"));
    Effect.ReportOutcome report = entered(tagged, new Address("+16505551212"));

    assertThat(
            Stream.of(At.values())
                .map(at -> at.sink().compose(List.of(report)).body())
                .map(body -> body.replaceAll(".*?([0-9a-f]{64}).*", "$1")))
        .doesNotHaveDuplicates();
  }

  @Test
  void settingsSayWhatTheyLackAndKeepTheTokenToThemselves() {
    AudienceLists lists = new AudienceLists("list", Map.of(CART, "7"));

    assertThatIllegalArgumentException().isThrownBy(() -> MetaAudiences.Settings.of(lists, " "));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TikTokAudiences.Settings.of(lists, "acme", "TOKEN"))
        .withMessage("TikTok's audiences need advertisers (digits) and a token");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                MetaAudiences.Settings.of(
                    new AudienceLists("list", Map.of(CART, "me/feed")), "TOKEN"))
        .withMessage(
            "destination list: audience cio_cart_abandon_6h needs the id of its list (digits), not"
                + " 'me/feed'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AudienceLists("list", Map.of()))
        .withMessage("destination list keeps no list: name an audience and its list");
    assertThat(MetaAudiences.Settings.of(lists, "TOKEN")).asString().doesNotContain("TOKEN");
    assertThat(TikTokAudiences.Settings.of(lists, "1", "TOKEN")).asString().doesNotContain("TOKEN");
  }

  private static Set<String> hashes(At at, List<Effect.ReportOutcome> reports) {
    return reports.stream().map(at::hash).collect(Collectors.toSet());
  }
}
