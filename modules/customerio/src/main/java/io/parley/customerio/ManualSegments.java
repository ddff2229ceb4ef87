package io.parley.customerio;

import io.parley.edge.AudienceChange;
import io.parley.edge.AudienceLists;
import io.parley.edge.AudienceLists.Row;
import io.parley.edge.Cut;
import io.parley.edge.OutcomeSink;
import io.parley.engine.Effect;
import io.parley.engine.Json;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Puts people into Customer.io's manual segments by `POST /segments/{id}/add_customers` of the
/// Track API, and takes them out by `remove_customers`.
///
/// ```
/// POST /api/v1/segments/7/add_customers?id_type=id    {"ids": ["42", "43"]}
/// ```
///
/// A person goes by the id, else by `cio_id`, else by the e-mail address. Customer.io answers 200
/// whether it knows them or not. Repeats are safe: who is in stays in, who is out stays out.
public final class ManualSegments implements OutcomeSink {

  /// Customer.io's own limit.
  static final int MAX_IDS = 1_000;

  private static final int MAX_ID_BYTES = 150;
  private static final int MAX_QUOTED_BYTES = 300;

  private final AudienceLists lists;
  private final String base;
  private final TrackKey key;

  /// @param lists by audience the id of a segment
  /// @param base where the Track API stands: `https://track.customer.io`
  public ManualSegments(AudienceLists lists, URI base, TrackKey key) {
    this.lists = lists.requireIds("[0-9]{1,18}", "digits");
    this.base = base.toString().replaceAll("/+$", "");
    this.key = key;
  }

  @Override
  public String destination() {
    return lists.destination();
  }

  @Override
  public boolean takes(String outcome) {
    return AudienceChange.isNamed(outcome);
  }

  @Override
  public boolean takes(Effect.ReportOutcome report) {
    return lists.takes(report);
  }

  @Override
  public int maxBatchSize() {
    return MAX_IDS;
  }

  @Override
  public Composed compose(List<Effect.Outgoing> effects) {
    AudienceLists.Batch batch = lists.batch(effects, MAX_IDS, ManualSegments::row);
    return batch.asked(
        "POST",
        "%s/api/v1/segments/%s/%s_customers?id_type=%s"
            .formatted(base, batch.list(), batch.isEntry() ? "add" : "remove", batch.kind()),
        key.headers(),
        Json.print(Map.of("ids", batch.rows())));
  }

  private static Row row(Effect.ReportOutcome report) {
    Map<String, Optional<String>> names = new LinkedHashMap<>();
    names.put("id", report.person().externalId());
    names.put("cio_id", report.person().attributes().text("cio_id"));
    names.put("email", report.person().attributes().text("email"));
    return names.entrySet().stream()
        .flatMap(name -> named(name.getKey(), name.getValue()))
        .findFirst()
        .orElseGet(
            () ->
                new Row.Unfit(
                    "the person has no id, cio_id or e-mail address, by which segments name people"));
  }

  private static Stream<Row> named(String type, Optional<String> name) {
    return name
        .map(String::strip)
        .filter(it -> !it.isEmpty() && Cut.bytes(it) <= MAX_ID_BYTES)
        .<Row>map(it -> new Row.Fit(type, it))
        .stream();
  }

  @Override
  public List<Verdict> read(Composed composed, Response response) {
    int count = composed.effects().size();
    return Verdict.forAll(count, verdict(count, response));
  }

  private static Verdict verdict(int count, Response response) {
    if (response.isTaken()) {
      return new Verdict.Delivered();
    }
    int status = response.status();
    if (isOfTheContent(status)) {
      String why =
          "Customer.io refused the change of the segment (%d): %s"
              .formatted(status, Cut.text(response.body().strip(), MAX_QUOTED_BYTES));
      return count == 1 ? new Verdict.Refused(why) : new Verdict.Retry(why);
    }
    return new Verdict.Retry(
        switch (status) {
          case 401, 403 ->
              "Customer.io refuses our credentials (%d): compare site id, API key and region"
                  .formatted(status);
          case 404 -> "Customer.io knows no such manual segment (404): compare its id";
          case 429 -> "Customer.io asks for fewer requests (429)";
          default -> "Customer.io answered " + status;
        },
        response.retryAfter());
  }

  private static boolean isOfTheContent(int status) {
    return status == 400 || status == 413 || status == 422;
  }

  @Override
  public boolean blamesTheWhole(Composed composed, Response response) {
    return composed.effects().size() > 1 && isOfTheContent(response.status());
  }
}
