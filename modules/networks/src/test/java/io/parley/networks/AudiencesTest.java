package io.parley.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parley.edge.OutcomeSink.Response;
import io.parley.networks.AudienceAnswer.Later;
import io.parley.networks.AudienceAnswer.Taken;
import io.parley.networks.AudienceSink.Plan;
import io.parley.networks.GoogleConsent.State;
import java.time.Duration;
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

  private static final Member ASHA =
      new Member(
          Optional.of("Asha@Example.com"), Optional.of("+14155550100"), Optional.of("cust-42"));
  private static final Member BY_PHONE = member("", "+442079460958");
  private static final Member NOBODY = member("", "2079460958");

  private static final GoogleAccount ACCOUNT = new GoogleAccount("123-456-7890", Optional.empty());

  /// Each network with its sink and its stand-in.
  enum At {
    META(10_000),
    TIKTOK(1_000),
    GOOGLE(10_000);

    final int most;

    At(int most) {
      this.most = most;
    }

    AudienceSink sink() {
      return switch (this) {
        case META -> new MetaAudiences(MetaAudiences.Settings.of("TOKEN"));
        case TIKTOK -> new TikTokAudiences(TikTokAudiences.Settings.of("701", "TOKEN"));
        case GOOGLE ->
            new GoogleCustomerMatch(
                GoogleCustomerMatch.Settings.of(
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

    String hash(Member member) {
      Network network =
          switch (this) {
            case META -> Network.META_AUDIENCES;
            case TIKTOK -> Network.TIKTOK_AUDIENCES;
            case GOOGLE -> Network.GOOGLE;
          };
      return member
          .phone()
          .flatMap(new Identifiers(network, Rule.OF_THE_NETWORK)::phone)
          .orElseThrow();
    }
  }

  @Test
  void metaIsSentRowsOfASchemaInASession() {
    Plan plan = At.META.sink().plan(new Audience("7", List.of(ASHA, BY_PHONE), List.of()));

    NetworkRequest request = plan.requests().getFirst().http();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.url()).isEqualTo("https://graph.facebook.com/v25.0/7/users");
    assertThat(request.headers()).containsEntry("Authorization", "Bearer TOKEN");
    assertThat(request.body())
        .isEqualTo(
            """
            {"session":{"session_id":1657688066282812,"batch_seq":1,"last_batch_flag":true,\
            "estimated_num_total":2},"payload":{"schema":["EMAIL","PHONE"],"data":[\
            ["ea4e36a829983d27e865b649cd10fcb61f2f1bcd857b47ab709e7adbe941ab68",\
            "5e7ec4c79ccac6e420876e65ad0e6b4b2ccf73ec3dccb50297bf2890a1ec73b9"],\
            ["","35e206e5dec4c89b9e8b71b8c32724a5bb518483ac5a20c6617d738375b3b823"]]}}""");
  }

  @Test
  void tiktokIsSentMappings() {
    Plan plan = At.TIKTOK.sink().plan(new Audience("7", List.of(), List.of(ASHA, BY_PHONE)));

    NetworkRequest request = plan.requests().getFirst().http();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.url())
        .isEqualTo("https://business-api.tiktok.com/open_api/v1.3/segment/mapping/");
    assertThat(request.headers()).containsEntry("Access-Token", "TOKEN");
    assertThat(request.body())
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
    Plan plan = At.GOOGLE.sink().plan(new Audience("7", List.of(ASHA), List.of(BY_PHONE)));

    assertThat(plan.requests())
        .extracting(request -> request.http().url())
        .containsExactly(
            "https://datamanager.googleapis.com/v1/audienceMembers:remove",
            "https://datamanager.googleapis.com/v1/audienceMembers:ingest");
    assertThat(plan.requests().getFirst().http().body())
        .isEqualTo(
            """
            {"destinations":[{"reference":"7","operatingAccount":{"accountType":"GOOGLE_ADS",\
            "accountId":"1234567890"},"productDestinationId":"7"}],"audienceMembers":[\
            {"userData":{"userIdentifiers":[{"phoneNumber":\
            "f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d"}]}}],\
            "encoding":"HEX"}""");
    assertThat(plan.requests().getLast().http().body())
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
    network.work(at.sink(), new Audience("7", people(0, 5), List.of()));

    network.work(at.sink(), new Audience("7", people(5, 8), people(0, 3)));

    assertThat(network.members).isEqualTo(hashes(at, people(3, 8)));
  }

  @ParameterizedTest
  @EnumSource
  void manyAreCutIntoRequestsThatTheNetworkTakes(At at) {
    AudienceStandIn network = at.standIn();
    int many = 2 * at.most + 1;

    network.work(at.sink(), new Audience("7", people(0, many), List.of()));

    assertThat(network.requests).hasSize(3);
    assertThat(network.members).hasSize(many);
  }

  @ParameterizedTest
  @EnumSource
  void anOutageLosesNobody(At at) {
    AudienceStandIn network = at.standIn();
    network.troubles.add(new Response(0, Map.of(), "refused"));
    network.troubles.add(new Response(429, Map.of("retry-after", "60"), ""));
    network.troubles.add(new Response(503, Map.of(), "<html>"));

    network.work(at.sink(), new Audience("7", people(0, 3), List.of()));

    assertThat(network.requests).hasSize(4);
    assertThat(network.members).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource
  void aRepeatChangesNothing(At at) {
    AudienceStandIn network = at.standIn();
    Audience change = new Audience("7", people(0, 3), List.of());

    assertThat(at.sink().plan(change)).isEqualTo(at.sink().plan(change));
    network.work(at.sink(), change);
    network.work(at.sink(), change);

    assertThat(network.members).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource
  void whoIsAtFaultIsFoundByHalvesAndAllOthersAreIn(At at) {
    AudienceStandIn network = at.standIn();
    List<Member> people = people(0, 100);
    network.faulty = at.hash(people.get(61));

    AudienceStandIn.Outcome outcome = network.work(at.sink(), new Audience("7", people, List.of()));

    assertThat(outcome.refused()).containsExactly(people.get(61));
    assertThat(network.members).hasSize(99).doesNotContain(network.faulty);
    assertThat(network.requests).hasSizeLessThan(20);
  }

  @ParameterizedTest
  @EnumSource
  void whomTheNetworkCouldNotFindIsSaidAndNotSent(At at) {
    Plan plan = at.sink().plan(new Audience("7", List.of(NOBODY, ASHA), List.of()));
    Plan none = at.sink().plan(new Audience("7", List.of(NOBODY), List.of()));

    assertThat(plan.unmatchable()).containsExactly(NOBODY);
    assertThat(plan.requests())
        .singleElement()
        .extracting(AudienceRequest::members)
        .isEqualTo(List.of(ASHA));
    assertThat(none.requests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void nothingLeavesThatIsNotHashed(At at) {
    AudienceRequest request =
        at.sink().plan(new Audience("7", List.of(ASHA), List.of())).requests().getFirst();

    assertThat((request.http().url() + request.http().body()).toLowerCase(Locale.ROOT))
        .doesNotContain("asha", "4155550100", "cust-42", "token\":");
    assertThat(request.http()).asString().doesNotContain("TOKEN", "ACCESS", Samples.EMAIL);
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerTellsHowManyWereReceived(At at) {
    AudienceStandIn network = at.standIn();
    AudienceRequest request =
        at.sink().plan(new Audience("7", people(0, 4), List.of())).requests().getFirst();

    assertThat(at.sink().read(request, network.apply(request.http())))
        .isEqualTo(new Taken(4, at == At.META ? 1 : 0));
  }

  @ParameterizedTest
  @EnumSource
  void aLimitSaysForHowLong(At at) {
    AudienceRequest request =
        at.sink().plan(new Audience("7", people(0, 1), List.of())).requests().getFirst();

    assertThat(at.sink().read(request, new Response(429, Map.of("retry-after", "60"), "")))
        .isInstanceOfSatisfying(
            Later.class, later -> assertThat(later.after()).contains(Duration.ofMinutes(1)));
  }

  @Test
  void theRequestsOfOneChangeAreOneSessionOfMeta() {
    AudienceStandIn.Meta meta = new AudienceStandIn.Meta();

    meta.work(At.META.sink(), new Audience("7", people(0, 20_001), List.of()));
    meta.work(At.META.sink(), new Audience("7", List.of(), people(0, 2)));

    assertThat(meta.sessions.values()).containsExactly(List.of(1L, 2L, 3L), List.of(1L));
    assertThat(meta.sessions.keySet()).allMatch(id -> id > 0);
  }

  @Test
  void noNetworkIsSentTheHashesOfAnotherWhereTheirRulesDiffer() {
    Member tagged = member("Ben.Low+x@Gmail.com", "+16505551212");
    Audience change = new Audience("7", List.of(tagged), List.of());

    assertThat(
            Stream.of(At.values())
                .map(at -> at.sink().plan(change).requests().getFirst().http().body())
                .map(body -> body.replaceAll(".*?([0-9a-f]{64}).*", "$1")))
        .doesNotHaveDuplicates();
  }

  @Test
  void anAudienceThatSomebodyBothEntersAndLeavesIsNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Audience("7", List.of(ASHA), List.of(ASHA)))
        .withMessage("somebody both comes into audience 7 and leaves it");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Audience("me/feed", List.of(), List.of()))
        .withMessage("no id of an audience (digits): 'me/feed'");
  }

  @Test
  void settingsSayWhatTheyLackAndKeepTheTokenToThemselves() {
    assertThatIllegalArgumentException().isThrownBy(() -> MetaAudiences.Settings.of(" "));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TikTokAudiences.Settings.of("acme", "TOKEN"))
        .withMessage("TikTok's audiences need advertisers (digits) and a token");
    assertThat(MetaAudiences.Settings.of("TOKEN")).asString().doesNotContain("TOKEN");
    assertThat(TikTokAudiences.Settings.of("1", "TOKEN")).asString().doesNotContain("TOKEN");
  }

  private static Member member(String email, String phone) {
    return new Member(Optional.of(email), Optional.of(phone), Optional.empty());
  }

  private static List<Member> people(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(n -> member("", "+1415%07d".formatted(5_550_000 + n)))
        .toList();
  }

  private static Set<String> hashes(At at, List<Member> people) {
    return people.stream().map(at::hash).collect(Collectors.toSet());
  }
}
