package io.parley.networks;

import io.parley.edge.AudienceLists;
import io.parley.engine.Digest;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Puts people into Meta's Custom Audiences by `POST /{audience}/users`, and takes them out by
/// `DELETE`.
///
/// ```
/// {"session": {"session_id": 4711, "batch_seq": 1, "last_batch_flag": true,
///              "estimated_num_total": 2},
///  "payload": {"schema": ["EMAIL", "PHONE"], "data": [["8f...", "5e..."], ["", "35..."]]}}
/// ```
///
/// The external id is not sent, since Meta wants it as it is. Repeats are safe: who is in stays in,
/// who is out stays out.
public final class MetaAudiences extends ListSink {

  /// Meta's own limit.
  static final int MAX_ROWS = 10_000;

  /// What is read from the outbox at once.
  private static final int MAX_REPORTS = 2_000;

  /// The largest number that every reader of JSON reads exactly.
  private static final long MAX_SESSION = (1L << 53) - 1;

  private final Settings settings;

  /// @param lists by audience the id of a Custom Audience
  /// @param token a system user's access token with the right to manage ads
  public record Settings(AudienceLists lists, String token, Rule rule, URI base) {

    public Settings {
      lists = requireIds(lists);
      if (token.isBlank()) {
        throw new IllegalArgumentException("Meta's audiences need a token");
      }
    }

    public static Settings of(AudienceLists lists, String token) {
      return new Settings(lists, token, Rule.OF_THE_NETWORK, MetaConversions.BASE);
    }

    @Override
    public String toString() {
      return "MetaAudiences.Settings[lists="
          + lists
          + ", token=…, rule="
          + rule
          + ", base="
          + base
          + "]";
    }
  }

  public MetaAudiences(Settings settings) {
    super(
        new Identifiers(Network.META_AUDIENCES, settings.rule()),
        settings.lists(),
        new Limits(MAX_ROWS, MAX_REPORTS));
    this.settings = settings;
  }

  /// What is not known is left blank.
  @Override
  Object row(Hashes hashes) {
    return List.of(hashes.email().orElse(""), hashes.phone().orElse(""));
  }

  @Override
  Composed request(AudienceLists.Batch batch) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("schema", List.of("EMAIL", "PHONE"));
    payload.put("data", batch.rows());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("session", session(batch));
    body.put("payload", payload);
    return batch.asked(
        batch.isEntry() ? "POST" : "DELETE",
        Requests.at(settings.base(), batch.list() + "/users"),
        Requests.json("Authorization", "Bearer " + settings.token()),
        Json.print(body));
  }

  /// Each request is a session of its own. Its id follows from the reports that it carries, so that
  /// a repeat is the same session.
  private static Map<String, Object> session(AudienceLists.Batch batch) {
    String carried =
        batch.carried().stream().map(it -> it.id().toString()).collect(Collectors.joining(" "));
    byte[] digest = Digest.sha256(batch.list() + batch.direction() + carried);
    Map<String, Object> session = new LinkedHashMap<>();
    session.put("session_id", ByteBuffer.wrap(digest).getLong() & MAX_SESSION);
    session.put("batch_seq", 1);
    session.put("last_batch_flag", true);
    session.put("estimated_num_total", batch.rows().size());
    return session;
  }

  @Override
  Meaning meaning(Composed composed, Response response) {
    return MetaAnswer.judge(response);
  }

  /// `{"audience_id": "7", "num_received": 2, "num_invalid_entries": 0}`
  @Override
  public Optional<Receipt> receipt(Composed composed, Response response) {
    Values json = Answer.of(response).json();
    return Answer.number(json, "num_received")
        .map(it -> new Receipt(it, Answer.number(json, "num_invalid_entries").orElse(0L)));
  }
}
