package io.parley.networks;

import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Json;
import io.parley.networks.Audience.Direction;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts people into TikTok's audiences, and takes them out, by `POST /segment/mapping/`.
///
/// ```
/// {"advertiser_ids": ["701"], "action": "add", "id_schema": ["EMAIL_SHA256", "PHONE_SHA256"],
///  "batch_data": [[{"id": "8f...", "audience_ids": ["7"]}, {}]]}
/// ```
public final class TikTokAudiences implements AudienceSink {

  /// TikTok's limit is not known to us; this many are in use by others.
  static final int MAX_ROWS = 1_000;

  private final Settings settings;
  private final Identifiers identifiers;

  /// @param advertisers whose audiences they are
  public record Settings(List<String> advertisers, String token, Rule rule, URI base) {

    public Settings {
      advertisers = List.copyOf(advertisers);
      if (advertisers.isEmpty()
          || !advertisers.stream().allMatch(id -> id.matches("[0-9]+"))
          || token.isBlank()) {
        throw new IllegalArgumentException(
            "TikTok's audiences need advertisers (digits) and a token");
      }
    }

    public static Settings of(String advertiser, String token) {
      return new Settings(List.of(advertiser), token, Rule.OF_THE_NETWORK, TikTokEvents.BASE);
    }

    @Override
    public String toString() {
      return "TikTokAudiences.Settings[advertisers=%s, token=…, rule=%s, base=%s]"
          .formatted(advertisers, rule, base);
    }
  }

  public TikTokAudiences(Settings settings) {
    this.settings = settings;
    this.identifiers = new Identifiers(Network.TIKTOK_AUDIENCES, settings.rule());
  }

  @Override
  public Plan plan(Audience audience) {
    return new AudienceRows(MAX_ROWS, member -> row(member, audience.id()), this::call)
        .plan(audience);
  }

  /// What is not known is an empty object.
  private Optional<Object> row(Member member, String audience) {
    Optional<String> email = member.email().flatMap(identifiers::email);
    Optional<String> phone = member.phone().flatMap(identifiers::phone);
    return email.isEmpty() && phone.isEmpty()
        ? Optional.empty()
        : Optional.of(List.of(mapping(email, audience), mapping(phone, audience)));
  }

  private static Map<String, Object> mapping(Optional<String> hash, String audience) {
    Map<String, Object> mapping = new LinkedHashMap<>();
    hash.ifPresent(
        id -> {
          mapping.put("id", id);
          mapping.put("audience_ids", List.of(audience));
        });
    return mapping;
  }

  private NetworkRequest call(AudienceRows.Batch batch) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("advertiser_ids", settings.advertisers());
    body.put("action", batch.direction() == Direction.IN ? "add" : "delete");
    body.put("id_schema", List.of("EMAIL_SHA256", "PHONE_SHA256"));
    body.put("batch_data", batch.rows());
    return new NetworkRequest(
        "POST",
        Requests.at(settings.base(), "segment/mapping/"),
        Requests.json("Access-Token", settings.token()),
        Json.print(body));
  }

  /// TikTok does not say how many it could read.
  @Override
  public AudienceAnswer read(AudienceRequest request, Response response) {
    return AudienceAnswer.of(
        TikTokAnswer.judge(response),
        request,
        new AudienceAnswer.Taken(request.members().size(), 0));
  }
}
