package io.parley.networks;

import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Json;
import io.parley.networks.Audience.Direction;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
/// Google asks.
public final class GoogleCustomerMatch implements AudienceSink {

  /// Google's own limit.
  static final int MAX_MEMBERS = 10_000;

  private final Settings settings;
  private final Supplier<String> accessToken;
  private final Identifiers identifiers;

  public record Settings(GoogleAccount account, GoogleConsent consent, Rule rule, URI base) {

    public static Settings of(GoogleAccount account, GoogleConsent consent) {
      return new Settings(account, consent, Rule.OF_THE_NETWORK, GoogleEvents.BASE);
    }
  }

  /// @param accessToken answers with one that is valid now, of the scope `datamanager`; see
  ///     [GoogleAccess]
  public GoogleCustomerMatch(Settings settings, Supplier<String> accessToken) {
    this.settings = settings;
    this.accessToken = accessToken;
    this.identifiers = new Identifiers(Network.GOOGLE, settings.rule());
  }

  @Override
  public Plan plan(Audience audience) {
    return new AudienceRows(MAX_MEMBERS, this::row, this::call).plan(audience);
  }

  private Optional<Object> row(Member member) {
    List<Map<String, Object>> people = GoogleEvents.identifiers(identifiers, member);
    return people.isEmpty()
        ? Optional.empty()
        : Optional.of(Map.of("userData", Map.of("userIdentifiers", people)));
  }

  private NetworkRequest call(AudienceRows.Batch batch) {
    boolean comes = batch.direction() == Direction.IN;
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(
        "destinations",
        List.of(settings.account().destination(batch.audience(), batch.audience())));
    body.put("audienceMembers", batch.rows());
    body.put("encoding", "HEX");
    if (comes) {
      if (!settings.consent().ofDataManager().isEmpty()) {
        body.put("consent", settings.consent().ofDataManager());
      }
      body.put("termsOfService", Map.of("customerMatchTermsOfServiceStatus", "ACCEPTED"));
    }
    return new NetworkRequest(
        "POST",
        Requests.at(settings.base(), comes ? "audienceMembers:ingest" : "audienceMembers:remove"),
        Requests.json("Authorization", "Bearer " + accessToken.get()),
        Json.print(body));
  }

  /// Google matches later, and shows what came of it in its diagnostics.
  @Override
  public AudienceAnswer read(AudienceRequest request, Response response) {
    return AudienceAnswer.of(
        DataManagerAnswer.of(response, "audience_members").whole(),
        request,
        new AudienceAnswer.Taken(request.members().size(), 0));
  }
}
