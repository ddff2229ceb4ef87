package io.parley.networks;

import io.parley.edge.AudienceLists;
import io.parley.engine.Json;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Puts people into Google's Customer Match audiences by `POST /audienceMembers:ingest` of the Data
/// Manager API, and takes them out by `:remove`.
///
/// ```
/// {"destinations": [{"reference": "7", "productDestinationId": "7",
///                    "operatingAccount": {
///                       "accountType": "GOOGLE_ADS", "accountId": "1234567890"}}],
///  "audienceMembers": [{"userData": {"userIdentifiers": [{"emailAddress": "8f..."}]}}],
///  "encoding": "HEX",
///  "termsOfService": {"customerMatchTermsOfServiceStatus": "ACCEPTED"}}
/// ```
///
/// Who uses it tells Google with each request that the terms of Customer Match are accepted, as
/// Google asks. Google matches later, and shows what came of it in its diagnostics. Repeats are
/// safe: who is in stays in, who is out stays out.
public final class GoogleCustomerMatch extends ListSink {

  /// Google's own limit.
  static final int MAX_MEMBERS = 10_000;

  /// What is read from the outbox at once.
  private static final int MAX_REPORTS = 2_000;

  private final Settings settings;
  private final Supplier<String> accessToken;

  /// @param lists by audience the id of a user list
  public record Settings(
      AudienceLists lists, GoogleAccount account, GoogleConsent consent, Rule rule, URI base) {

    public Settings {
      lists = requireIds(lists);
    }

    public static Settings of(AudienceLists lists, GoogleAccount account, GoogleConsent consent) {
      return new Settings(lists, account, consent, Rule.OF_THE_NETWORK, GoogleEvents.BASE);
    }
  }

  /// @param accessToken answers with one that is valid now, of the scope `datamanager`; see
  ///     [GoogleAccess]
  public GoogleCustomerMatch(Settings settings, Supplier<String> accessToken) {
    super(
        new Identifiers(Network.GOOGLE, settings.rule()),
        settings.lists(),
        new Limits(MAX_MEMBERS, MAX_REPORTS));
    this.settings = settings;
    this.accessToken = accessToken;
  }

  @Override
  Composed request(AudienceLists.Batch batch) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("destinations", List.of(settings.account().destination(batch.list(), batch.list())));
    body.put("audienceMembers", batch.rows());
    body.put("encoding", "HEX");
    if (batch.isEntry()) {
      if (!settings.consent().ofDataManager().isEmpty()) {
        body.put("consent", settings.consent().ofDataManager());
      }
      body.put("termsOfService", Map.of("customerMatchTermsOfServiceStatus", "ACCEPTED"));
    }
    return batch.asked(
        "POST",
        Requests.at(
            settings.base(), batch.isEntry() ? "audienceMembers:ingest" : "audienceMembers:remove"),
        Requests.json("Authorization", "Bearer " + accessToken.get()),
        Json.print(body));
  }

  @Override
  Object row(Hashes hashes) {
    List<Map<String, Object>> people = new ArrayList<>();
    hashes.email().ifPresent(it -> people.add(Map.of("emailAddress", it)));
    hashes.phone().ifPresent(it -> people.add(Map.of("phoneNumber", it)));
    return Map.of("userData", Map.of("userIdentifiers", people));
  }

  @Override
  Meaning meaning(Composed composed, Response response) {
    return answer(response);
  }

  private static DataManagerAnswer answer(Response response) {
    return DataManagerAnswer.of(response, "audience_members");
  }
}
