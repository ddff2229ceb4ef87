package io.parley.verticles;

import io.parley.edge.Fitting;
import io.parley.edge.HandoffTarget;
import io.parley.edge.HandoffTarget.Customer;
import io.parley.edge.HandoffTarget.Opening;
import io.parley.engine.Json;
import io.parley.engine.Person;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.store.HandoffTargets;
import io.parley.store.HandoffTargets.Placed;
import io.parley.store.Handoffs;
import io.vertx.core.Future;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What targets are told of handoffs when they are opened.
final class TargetOpenings {

  /// Turns in which something was said.
  private static final int TRANSCRIPT = 40;

  private final HandoffTargets store;
  private final Handoffs handoffs;
  private final URI publicUrl;

  TargetOpenings(HandoffTargets store, Handoffs handoffs, URI publicUrl) {
    this.store = store;
    this.handoffs = handoffs;
    this.publicUrl = publicUrl;
  }

  /// Of a handoff that is on record.
  Future<Opening> of(Placed row) {
    return Future.all(
            handoffs.find(row.id()),
            store.context(row.id()),
            store.upTo(row.id().conversation(), row.toldTurn(), TRANSCRIPT))
        .map(
            all -> {
              Optional<Handoffs.Whole> whole = all.resultAt(0);
              Optional<String> context = all.resultAt(1);
              Handoffs.Whole handoff =
                  whole.orElseThrow(
                      () -> new IllegalStateException("a handoff is not on record: " + row.id()));
              return new Opening(
                  customer(handoff.handoff().thread(), handoff.frozen().person()),
                  row.handoff().topic(),
                  context(handoff, context),
                  link(row),
                  TargetLines.transcript(all.resultAt(2), row.id().conversation().toString()));
            });
  }

  private String link(Placed row) {
    return publicUrl.toString().replaceAll("/+$", "")
        + "/desk/conversations/"
        + row.id().conversation();
  }

  private static Customer customer(ThreadId thread, Person person) {
    Values attributes = person.attributes();
    String name =
        Stream.of("first_name", "last_name")
            .flatMap(key -> attributes.text(key).stream())
            .filter(it -> !it.isBlank())
            .collect(Collectors.joining(" "));
    return new Customer(
        person.externalId().orElse(thread.theirs().value()),
        thread.theirs().value(),
        thread.theirs().channel().word(),
        name.isBlank() ? attributes.text("name").orElse("") : name,
        attributes.text("email").filter(it -> it.contains("@")));
  }

  /// What the queue knows of it, or where it knows nothing what the flow said; within the limit.
  private static Values context(Handoffs.Whole handoff, Optional<String> known) {
    Values context =
        known
            .map(TargetOpenings::object)
            .filter(it -> !it.isEmpty())
            .orElseGet(
                () ->
                    Values.of("flow", handoff.handoff().flow())
                        .with("widget", handoff.handoff().widget())
                        .with("request", handoff.handoff().request().entries()));
    return object(new Fitting(HandoffTarget.MAX_CONTEXT_BYTES).fit(context, Json::print));
  }

  private static Values object(String json) {
    Map<String, Object> entries = new LinkedHashMap<>();
    if (Json.parse(json).orElse(Map.of()) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> entries.put(String.valueOf(name), value));
    }
    return new Values(entries);
  }
}
