package io.parley.networks;

import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Digest;
import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.networks.Audience.Direction;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts people into Meta's Custom Audiences by `POST /{audience}/users`, and takes them out by
/// `DELETE`.
///
/// ```
/// {"session": {"session_id": 4711, "batch_seq": 1, "last_batch_flag": true,
///              "estimated_num_total": 2},
///  "payload": {"schema": ["EMAIL", "PHONE"], "data": [["8f...", "5e..."], ["", "35..."]]}}
/// ```
///
/// The external id is not sent, since Meta wants it as it is.
public final class MetaAudiences implements AudienceSink {

  /// Meta's own limit.
  static final int MAX_ROWS = 10_000;

  /// The largest number that every reader of JSON reads exactly.
  private static final long MAX_SESSION = (1L << 53) - 1;

  private final Settings settings;
  private final Identifiers identifiers;

  /// @param token a system user's access token with the right to manage ads
  public record Settings(String token, Rule rule, URI base) {

    public Settings {
      if (token.isBlank()) {
        throw new IllegalArgumentException("Meta's audiences need a token");
      }
    }

    public static Settings of(String token) {
      return new Settings(token, Rule.OF_THE_NETWORK, MetaConversions.BASE);
    }

    @Override
    public String toString() {
      return "MetaAudiences.Settings[token=…, rule=" + rule + ", base=" + base + "]";
    }
  }

  public MetaAudiences(Settings settings) {
    this.settings = settings;
    this.identifiers = new Identifiers(Network.META_AUDIENCES, settings.rule());
  }

  @Override
  public Plan plan(Audience audience) {
    return new AudienceRows(MAX_ROWS, this::row, this::call).plan(audience);
  }

  /// What is not known is left blank.
  private Optional<Object> row(Member member) {
    Optional<String> email = member.email().flatMap(identifiers::email);
    Optional<String> phone = member.phone().flatMap(identifiers::phone);
    return email.isEmpty() && phone.isEmpty()
        ? Optional.empty()
        : Optional.of(List.of(email.orElse(""), phone.orElse("")));
  }

  private NetworkRequest call(AudienceRows.Batch batch) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("schema", List.of("EMAIL", "PHONE"));
    payload.put("data", batch.rows());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("session", session(batch));
    body.put("payload", payload);
    return new NetworkRequest(
        batch.direction() == Direction.IN ? "POST" : "DELETE",
        Requests.at(settings.base(), batch.audience() + "/users"),
        Requests.json("Authorization", "Bearer " + settings.token()),
        Json.print(body));
  }

  /// Holds the requests of one change together. Its id follows from who is in it, so that a repeat
  /// is the same session.
  private static Map<String, Object> session(AudienceRows.Batch batch) {
    byte[] digest = Digest.sha256(batch.audience() + batch.direction() + Json.print(batch.all()));
    Map<String, Object> session = new LinkedHashMap<>();
    session.put("session_id", ByteBuffer.wrap(digest).getLong() & MAX_SESSION);
    session.put("batch_seq", batch.first() / MAX_ROWS + 1);
    session.put("last_batch_flag", batch.isLast());
    session.put("estimated_num_total", batch.all().size());
    return session;
  }

  /// `{"audience_id": "7", "num_received": 2, "num_invalid_entries": 0}`
  @Override
  public AudienceAnswer read(AudienceRequest request, Response response) {
    Values json = Answer.of(response).json();
    long sent = request.members().size();
    return AudienceAnswer.of(
        MetaAnswer.judge(response),
        request,
        new AudienceAnswer.Taken(
            Answer.number(json, "num_received").orElse(sent),
            Answer.number(json, "num_invalid_entries").orElse(0L)));
  }
}
