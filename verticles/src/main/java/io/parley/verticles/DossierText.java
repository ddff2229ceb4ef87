package io.parley.verticles;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Json;
import io.parley.engine.policy.Consent;
import io.parley.store.Contacts;
import io.parley.store.Dossier;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What is on record of a person, for people to read and for programs.
final class DossierText {

  private DossierText() {}

  /// In plain words.
  static List<String> lines(Dossier dossier) {
    List<String> lines = new ArrayList<>();
    if (dossier.isEmpty()) {
      lines.add("nothing is on record");
      return lines;
    }
    dossier.externalIds().forEach(id -> lines.add("external id " + id));
    dossier.entries().forEach(entry -> lines.add(line(entry)));
    dossier
        .erased()
        .forEach(
            address ->
                lines.add(address + "  opted out; of an erasure, nothing else is known of it"));
    dossier.consents().forEach(consent -> lines.add(line(consent)));
    dossier
        .purchases()
        .forEach(bought -> lines.add("bought  %s  %s".formatted(bought.at(), bought.orderId())));
    dossier.conversations().forEach(held -> lines.add(line(held)));
    dossier
        .audiences()
        .forEach(
            seat ->
                lines.add("in audience  %s  since %s".formatted(seat.audience(), seat.since())));
    dossier
        .traits()
        .entries()
        .forEach((name, value) -> lines.add("trait  %s  %s".formatted(name, Json.print(value))));
    return lines;
  }

  /// An address on one line.
  static String line(Contacts.Entry entry) {
    String evidence =
        entry.evidence().filter(it -> !it.isBlank()).map(it -> " (" + it + ")").orElse("");
    String state =
        entry
            .block()
            .map(
                block ->
                    "%s since %s%s".formatted(words(block), since(entry.blockedAt()), evidence))
            .orElse(
                evidence.isEmpty() ? "may be written to" : "may be written to again" + evidence);
    return "%s  %s%s"
        .formatted(
            entry.address(), state, entry.externalId().map(id -> "  person " + id).orElse(""));
  }

  private static String words(Block block) {
    return switch (block) {
      case OPTED_OUT -> "opted out";
      case UNCLEAR -> "asked whether to stop, and silent";
      case UNREACHABLE -> "takes no messages";
    };
  }

  private static String since(Optional<Instant> at) {
    return at.map(Instant::toString).orElse("a time that is not on record");
  }

  private static String line(Consent consent) {
    return "consent  %s  %s %s for %s, by %s%s%s  of %s"
        .formatted(
            consent.at(),
            consent.channel().word(),
            consent.state().word(),
            consent.programme(),
            consent.method().word(),
            consent.source().isBlank() ? "" : ", " + consent.source(),
            consent.evidence().isBlank() ? "" : " (" + consent.evidence() + ")",
            consent.address().orElse("the person"));
  }

  private static String line(Dossier.Held held) {
    return "conversation  %s  %s with %s, %d turns since %s%s%s"
        .formatted(
            held.id(),
            held.ours(),
            held.theirs(),
            held.turns(),
            held.begun(),
            held.live().map(flow -> ", runs " + flow).orElse(""),
            held.suppressedUntil().map(until -> ", suppresses until " + until).orElse(""));
  }

  static JsonObject json(Dossier dossier) {
    return new JsonObject()
        .put("external_ids", new JsonArray(dossier.externalIds()))
        .put("addresses", array(dossier.addresses(), Address::value))
        .put("contacts", array(dossier.entries(), DossierText::json))
        .put("opted_out_before_erasure", array(dossier.erased(), Address::value))
        .put("consents", array(dossier.consents(), DossierText::json))
        .put(
            "purchases",
            array(
                dossier.purchases(),
                bought ->
                    new JsonObject()
                        .put("order_id", bought.orderId())
                        .put("at", bought.at().toString())))
        .put("conversations", array(dossier.conversations(), DossierText::json))
        .put(
            "audiences",
            array(
                dossier.audiences(),
                seat ->
                    new JsonObject()
                        .put("name", seat.audience())
                        .put("since", seat.since().toString())))
        .put("traits", new JsonObject(Json.print(dossier.traits().entries())));
  }

  private static JsonObject json(Contacts.Entry entry) {
    JsonObject json = new JsonObject().put("address", entry.address().value());
    entry.externalId().ifPresent(id -> json.put("external_id", id));
    entry.block().ifPresent(block -> json.put("block", block.word()));
    entry.evidence().ifPresent(evidence -> json.put("evidence", evidence));
    entry.blockedAt().ifPresent(at -> json.put("blocked_at", at.toString()));
    return json.put("updated_at", entry.updatedAt().toString());
  }

  private static JsonObject json(Consent consent) {
    JsonObject json = new JsonObject();
    consent.address().ifPresent(address -> json.put("address", address));
    consent.externalId().ifPresent(id -> json.put("external_id", id));
    return json.put("channel", consent.channel().word())
        .put("programme", consent.programme())
        .put("state", consent.state().word())
        .put("method", consent.method().word())
        .put("source", consent.source())
        .put("evidence", consent.evidence())
        .put("at", consent.at().toString());
  }

  private static JsonObject json(Dossier.Held held) {
    JsonObject json =
        new JsonObject()
            .put("id", held.id().toString())
            .put("ours", held.ours().value())
            .put("theirs", held.theirs().value())
            .put("turns", held.turns())
            .put("begun", held.begun().toString());
    held.live().ifPresent(flow -> json.put("live", flow));
    held.suppressedUntil().ifPresent(until -> json.put("suppressed_until", until.toString()));
    return json;
  }

  private static <T> JsonArray array(List<T> items, Function<T, Object> json) {
    JsonArray array = new JsonArray();
    items.forEach(item -> array.add(json.apply(item)));
    return array;
  }
}
