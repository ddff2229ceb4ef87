package io.parley.networks;

import io.parley.edge.OutcomeSink;
import io.parley.edge.OutcomeSink.Composed;
import io.parley.edge.OutcomeSink.Response;
import io.parley.edge.OutcomeSink.Verdict;
import io.parley.engine.Effect;
import io.parley.engine.Values;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An audience at a network: who is in it, by their hashes. Takes no more rows than the network
/// does, and nothing that is not hashed. A hash that it was told to find fault with fails a
/// request.
abstract class AudienceStandIn {

  final Set<String> members = new LinkedHashSet<>();
  final Deque<Response> troubles = new ArrayDeque<>();
  final List<String> requests = new ArrayList<>();
  String faulty = "none";

  private static final int MAX_REQUESTS = 500;

  /// What came of working reports off.
  record Outcome(List<Effect.Outgoing> refused, List<String> troubles) {}

  abstract Response answer(Composed request, Values body);

  /// As a courier does: in the order of the queue, again where it is asked to wait, by halves where
  /// somebody is at fault.
  final Outcome work(OutcomeSink sink, List<? extends Effect.Outgoing> reports) {
    List<Effect.Outgoing> queue = new ArrayList<>(reports);
    Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
    int most = sink.maxBatchSize();
    while (!queue.isEmpty() && requests.size() < MAX_REQUESTS) {
      Composed composed = sink.compose(queue.subList(0, Math.min(most, queue.size())));
      queue.removeAll(composed.undeliverable().keySet());
      outcome.refused().addAll(composed.undeliverable().keySet());
      if (composed.effects().isEmpty()) {
        continue;
      }
      Response response = apply(composed);
      most =
          sink.blamesTheWhole(composed, response)
              ? Math.max(1, composed.effects().size() / 2)
              : sink.maxBatchSize();
      List<Verdict> verdicts = sink.read(composed, response);
      for (int i = 0; i < verdicts.size(); i++) {
        Effect.Outgoing report = composed.effects().get(i);
        switch (verdicts.get(i)) {
          case Verdict.Delivered() -> queue.remove(report);
          case Verdict.Retry(String why, _) -> outcome.troubles().add(why);
          case Verdict.Refused(_) -> {
            queue.remove(report);
            outcome.refused().add(report);
          }
        }
      }
    }
    return outcome;
  }

  final Response apply(Composed request) {
    requests.add(request.method() + " " + request.url());
    return Optional.ofNullable(troubles.poll())
        .orElseGet(() -> answer(request, StandIn.body(request.body())));
  }

  final boolean isAtFault(List<List<String>> people) {
    return people.stream().flatMap(List::stream).anyMatch(hash -> hash.equals(faulty))
        || people.stream().anyMatch(List::isEmpty)
        || people.stream().flatMap(List::stream).anyMatch(hash -> !StandIn.isHash(hash));
  }

  final void move(boolean in, List<List<String>> people) {
    people.forEach(
        hashes -> {
          if (in) {
            members.addAll(hashes);
          } else {
            members.removeAll(hashes);
          }
        });
  }

  static List<?> list(Values parent, String key) {
    return parent.entries().get(key) instanceof List<?> list ? list : List.of();
  }

  /// `POST` and `DELETE /{audience}/users`, 10,000 rows of a schema, in sessions.
  static final class Meta extends AudienceStandIn {

    final Map<Long, List<Long>> sessions = new LinkedHashMap<>();

    @Override
    Response answer(Composed request, Values body) {
      if (!"Bearer TOKEN".equals(request.headers().get("Authorization"))) {
        return MetaStandIn.error(401, 190, 460, "Error validating access token");
      }
      Values payload = body.object("payload");
      List<List<String>> people =
          list(payload, "data").stream().map(row -> texts((List<?>) row)).toList();
      boolean known = request.url().equals("https://graph.facebook.com/v25.0/7/users");
      if (!known || !list(payload, "schema").equals(List.of("EMAIL", "PHONE"))) {
        return MetaStandIn.error(400, 100, 33, "Unsupported request");
      }
      if (people.isEmpty() || people.size() > 10_000 || isAtFault(people)) {
        return MetaStandIn.error(400, 100, 1870145, "Invalid rows");
      }
      Values session = body.object("session");
      sessions
          .computeIfAbsent(
              Answer.number(session, "session_id").orElseThrow(), _ -> new ArrayList<>())
          .add(Answer.number(session, "batch_seq").orElseThrow());
      move(request.method().equals("POST"), people);
      return StandIn.json(
          200, Values.of("num_received", people.size()).with("num_invalid_entries", 1).entries());
    }

    private static List<String> texts(List<?> row) {
      return row.stream().map(Object::toString).filter(text -> !text.isEmpty()).toList();
    }
  }

  /// `POST /segment/mapping/`, errors with status 200.
  static final class TikTok extends AudienceStandIn {

    @Override
    Response answer(Composed request, Values body) {
      if (!"TOKEN".equals(request.headers().get("Access-Token"))) {
        return TikTokStandIn.code(40105, "Access token is incorrect or has been revoked.");
      }
      List<List<String>> people =
          list(body, "batch_data").stream().map(row -> ids((List<?>) row)).toList();
      String action = body.text("action").orElse("");
      if (!request.url().equals("https://business-api.tiktok.com/open_api/v1.3/segment/mapping/")
          || people.size() > 1_000
          || !List.of("add", "delete").contains(action)
          || isAtFault(people)) {
        return TikTokStandIn.code(40002, "Invalid batch_data");
      }
      move(action.equals("add"), people);
      return TikTokStandIn.code(0, "OK");
    }

    private static List<String> ids(List<?> row) {
      return StandIn.objects(Values.of("row", row), "row").stream()
          .filter(id -> list(id, "audience_ids").equals(List.of("7")))
          .flatMap(id -> id.text("id").stream())
          .toList();
    }
  }

  /// `POST /audienceMembers:ingest` and `:remove`, 10,000 people of 10 identifiers.
  static final class Google extends AudienceStandIn {

    private static final String URL = "https://datamanager.googleapis.com/v1/audienceMembers:";

    @Override
    Response answer(Composed request, Values body) {
      if (!"Bearer ACCESS".equals(request.headers().get("Authorization"))) {
        return DataManagerStandIn.error(401, "UNAUTHENTICATED", List.of());
      }
      boolean in = request.url().equals(URL + "ingest");
      if (in
          && !body.object("termsOfService")
              .equals(Values.of("customerMatchTermsOfServiceStatus", "ACCEPTED"))) {
        return violation("terms_of_service", "TERMS_AND_CONDITIONS_NOT_SIGNED");
      }
      List<List<String>> people =
          StandIn.objects(body, "audienceMembers").stream()
              .map(it -> StandIn.objects(it.object("userData"), "userIdentifiers"))
              .map(Google::hashes)
              .toList();
      if (!(in || request.url().equals(URL + "remove"))
          || !body.text("encoding").orElse("").equals("HEX")
          || people.size() > 10_000) {
        return DataManagerStandIn.error(400, "INVALID_ARGUMENT", List.of());
      }
      for (int i = 0; i < people.size(); i++) {
        if (isAtFault(List.of(people.get(i)))) {
          return violation(
              "audience_members.audience_members[%d]".formatted(i), "INVALID_AUDIENCE_MEMBER");
        }
      }
      move(in, people);
      return StandIn.json(200, Map.of("requestId", "r1"));
    }

    private static List<String> hashes(List<Values> identifiers) {
      return identifiers.stream()
          .flatMap(it -> it.text("emailAddress").or(() -> it.text("phoneNumber")).stream())
          .toList();
    }

    private static Response violation(String field, String reason) {
      return DataManagerStandIn.error(
          400, "INVALID_ARGUMENT", List.of(DataManagerStandIn.violation(field, reason)));
    }
  }
}
