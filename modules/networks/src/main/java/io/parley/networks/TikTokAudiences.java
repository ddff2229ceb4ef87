package io.parley.networks;

import io.parley.edge.AudienceLists;
import io.parley.engine.Json;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Puts people into TikTok's audiences, and takes them out, by `POST /segment/mapping/`.
///
/// ```
/// {"advertiser_ids": ["701"], "action": "add", "id_schema": ["EMAIL_SHA256", "PHONE_SHA256"],
///  "batch_data": [[{"id": "8f...", "audience_ids": ["7"]}, {}]]}
/// ```
///
/// Repeats are safe: who is in stays in, who is out stays out. TikTok does not say how many it
/// could read.
public final class TikTokAudiences extends ListSink {

  /// TikTok's limit is not known to us; this many are in use by others.
  static final int MAX_ROWS = 1_000;

  private final Settings settings;

  /// @param lists by audience the id of TikTok's
  /// @param advertisers whose audiences they are
  public record Settings(
      AudienceLists lists, List<String> advertisers, String token, Rule rule, URI base) {

    public Settings {
      lists = requireIds(lists);
      advertisers = List.copyOf(advertisers);
      if (advertisers.isEmpty()
          || !advertisers.stream().allMatch(id -> id.matches("[0-9]+"))
          || token.isBlank()) {
        throw new IllegalArgumentException(
            "TikTok's audiences need advertisers (digits) and a token");
      }
    }

    public static Settings of(AudienceLists lists, String advertiser, String token) {
      return new Settings(
          lists, List.of(advertiser), token, Rule.OF_THE_NETWORK, TikTokEvents.BASE);
    }

    @Override
    public String toString() {
      return "TikTokAudiences.Settings[lists=%s, advertisers=%s, token=…, rule=%s, base=%s]"
          .formatted(lists, advertisers, rule, base);
    }
  }

  public TikTokAudiences(Settings settings) {
    super(
        new Identifiers(Network.TIKTOK_AUDIENCES, settings.rule()),
        settings.lists(),
        new Limits(MAX_ROWS, MAX_ROWS));
    this.settings = settings;
  }

  /// What is not known is an empty object.
  @Override
  Object row(Hashes hashes) {
    return List.of(hashes.email().orElse(""), hashes.phone().orElse(""));
  }

  @Override
  Composed request(AudienceLists.Batch batch) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("advertiser_ids", settings.advertisers());
    body.put("action", batch.isEntry() ? "add" : "delete");
    body.put("id_schema", List.of("EMAIL_SHA256", "PHONE_SHA256"));
    body.put("batch_data", batch.rows().stream().map(row -> mappings(row, batch.list())).toList());
    return batch.asked(
        "POST",
        Requests.at(settings.base(), "segment/mapping/"),
        Requests.json("Access-Token", settings.token()),
        Json.print(body));
  }

  private static List<Map<String, Object>> mappings(Object row, String audience) {
    List<Map<String, Object>> mappings = new ArrayList<>();
    for (Object hash : (List<?>) row) {
      Map<String, Object> mapping = new LinkedHashMap<>();
      if (!hash.equals("")) {
        mapping.put("id", hash);
        mapping.put("audience_ids", List.of(audience));
      }
      mappings.add(mapping);
    }
    return mappings;
  }

  @Override
  Meaning meaning(Composed composed, Response response) {
    return TikTokAnswer.judge(response);
  }
}
