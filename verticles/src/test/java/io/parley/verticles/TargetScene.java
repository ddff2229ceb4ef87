package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Effect;
import io.parley.testkit.TestPostgres;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A service whose flows hand over to desks elsewhere: the flow `care-NAME` to the target NAME.
final class TargetScene implements AutoCloseable {

  final Service service;
  private final Path desk;
  private int people;

  /// @param targets what the desk file says of each, by name
  TargetScene(Map<String, String> targets, String secrets) {
    Map<String, String> flows = new HashMap<>();
    StringBuilder topics = new StringBuilder("topics:\n");
    StringBuilder routing = new StringBuilder("routing:\n");
    StringBuilder entries = new StringBuilder("targets:\n");
    targets.forEach(
        (name, entry) -> {
          flows.put("care-" + name, care());
          topics.append("  %s: {target: %s}\n".formatted(name, name));
          routing.append("  - {when: {flow: care-%s}, topic: %s}\n".formatted(name, name));
          entries.append("  %s: {%s}\n".formatted(name, entry));
        });
    try {
      desk = Files.createTempFile("desk", ".yaml");
      Files.writeString(desk, topics.toString() + routing + entries);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    service =
        new Service(
            TestPostgres.database(),
            Map.of("DESK", desk.toString(), "TARGET_SECRETS", secrets),
            flows);
  }

  private static String care() {
    return """
        {"description": "Care", "initial_state": "Trigger",
         "flags": {"allow_concurrent_calls": true}, "states": [
          {"name": "Trigger", "type": "trigger", "properties": {},
           "transitions": [{"event": "incomingRequest", "next": "hello"}]},
          {"name": "hello", "type": "send-message",
           "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                          "body": "One moment"},
           "transitions": [{"event": "sent", "next": "person"}, {"event": "failed"}]},
          {"name": "person", "type": "send-to-flex",
           "properties": {"workflow": "care", "channel": "sms",
                          "attributes": "{\\"about\\": \\"sizes\\"}"},
           "transitions": [{"event": "callComplete", "next": "thanks"},
                           {"event": "failedToEnqueue", "next": "sorry"},
                           {"event": "callFailure", "next": "sorry"}]},
          {"name": "thanks", "type": "send-message",
           "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                          "body": "{{widgets.person.disposition}} by {{widgets.person.agent}}"},
           "transitions": [{"event": "sent"}, {"event": "failed"}]},
          {"name": "sorry", "type": "send-message",
           "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                          "body": "Nobody is here"},
           "transitions": [{"event": "sent"}, {"event": "failed"}]}
        ]}
        """;
  }

  /// Somebody whom a flow has handed over.
  record Patient(String phone, String externalId, String handoff) {}

  /// A new person is handed over to a target, sooner or later.
  Patient handedTo(String target) {
    people++;
    String phone = "+141555501%02d".formatted(people);
    JsonObject payload = Service.payload(phone, target + phone);
    payload.getJsonObject("controls").put("flow", "care-" + target);
    String status =
        service.trigger(payload.encode(), Service.bearer()).join().json().getString("status");
    assertThat(status).isIn("started", "accepted");
    service.until("it is handed over", () -> !handoffs(phone).isEmpty());
    return new Patient(phone, "person-%02d".formatted(people), handoffs(phone).getFirst());
  }

  private List<String> handoffs(String phone) {
    return service.texts(
        "select conversation || ':' || turn || ':' || index from handoff where theirs = '"
            + phone
            + "'");
  }

  /// Who speaks in a handoff.
  String owner(Patient patient) {
    return column(patient, "handoff", "state");
  }

  String column(Patient patient, String table, String column) {
    return service
        .texts(
            "select %s from %s where conversation || ':' || turn || ':' || index = '%s'"
                .formatted(column, table, patient.handoff()))
        .stream()
        .findFirst()
        .orElse("");
  }

  void untilOwner(Patient patient, String owner) {
    service.until(patient.phone() + " is with " + owner, () -> owner(patient).equals(owner));
  }

  /// What the contact has been sent.
  List<String> heardBy(Patient patient) {
    return service.channel.sends().stream()
        .filter(it -> it.to().value().equals(patient.phone()))
        .map(it -> it.content() instanceof Effect.Content.Text text ? text.body() : "")
        .toList();
  }

  void untilHeard(Patient patient, String text) {
    service.until(patient.phone() + " hears " + text, () -> heardBy(patient).contains(text));
  }

  @Override
  public void close() {
    service.close();
  }
}
