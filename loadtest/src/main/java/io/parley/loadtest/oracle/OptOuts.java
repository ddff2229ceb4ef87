package io.parley.loadtest.oracle;

import io.parley.loadtest.customerio.Profile;
import io.parley.loadtest.oracle.Ledgers.OptOut;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Opt-outs: nothing follows one but what law asks for, and Customer.io knows of it.
///
/// They are known twice: by the contact's own word, as it was acknowledged, and by the journal,
/// which has those of other words and of other channels too.
final class OptOuts {

  private static final String PREFERENCES = "cio_subscription_preferences.";

  private final Docket docket;
  private final Ledgers ledgers;
  private final InForce rules;
  private final Map<String, List<Spell>> spells = new HashMap<>();
  private final Map<String, OptOut> unheard = new HashMap<>();
  private final Set<String> notices = new HashSet<>();
  private final Map<String, String> rooms = new HashMap<>();
  private final Map<String, Profile> profiles = new HashMap<>();

  /// Between a contact's stop and their next start.
  private record Spell(Instant from, Optional<Instant> until) {
    boolean holds(Instant at) {
      return at.isAfter(from) && until.filter(end -> !at.isBefore(end)).isEmpty();
    }
  }

  OptOuts(Docket docket, Ledgers ledgers, InForce rules) {
    this.docket = docket;
    this.ledgers = ledgers;
    this.rules = rules;
    for (OptOut said : ledgers.told().optOuts()) {
      docket.checked(Promise.NOTHING_AFTER_OPT_OUT, 1);
      docket.checked(Promise.OPT_OUT_IS_TOLD, 1);
      add(said.contact(), new Spell(said.at(), said.lifted()));
      unheard.put(said.contact(), said);
    }
    if (!rules.optOutLevers().isEmpty()) {
      ledgers
          .customerIo()
          .profiles()
          .forEach(profile -> profile.id().ifPresent(id -> profiles.put(id, profile)));
    }
    ledgers.twilio().said().stream()
        .map(Created::of)
        .forEach(message -> rooms.put(message.conversation(), ""));
  }

  private void add(String contact, Spell spell) {
    spells.computeIfAbsent(contact, _ -> new ArrayList<>(1)).add(spell);
  }

  void look(Case it) {
    rooms.computeIfPresent(it.conversation(), (_, _) -> it.theirs());
    it.turns().stream()
        .flatMap(turn -> turn.effects("Send"))
        .filter(send -> Sends.purpose(send).equals("NOTICE"))
        .forEach(send -> notices.add(send.getString("id")));
    List<JsonObject> told =
        it.turns().stream()
            .flatMap(Case.Turn::reports)
            .filter(report -> report.getString("name").equals("opted_out"))
            .toList();
    told.forEach(report -> carriedOut(it, report));
    blocks(it);
    List<OptOut> said =
        unheard.isEmpty()
            ? List.of()
            : it.addresses().flatMap(address -> Stream.ofNullable(unheard.get(address))).toList();
    for (OptOut stop : said) {
      boolean recorded = it.turns().stream().anyMatch(turn -> blocks(turn, stop.contact()));
      boolean still = stop.lifted().isPresent() || !stop.contact().equals(it.theirs());
      if (recorded && !told.isEmpty()) {
        unheard.remove(stop.contact());
        if (!still && !it.standing().blocked().equals(Case.OPTED_OUT)) {
          docket.object(
              Promise.OPT_OUT_IS_TOLD,
              it.conversation(),
              "%s said stop, and is on record as '%s'"
                  .formatted(stop.contact(), it.standing().blocked()));
        }
      }
    }
  }

  private static boolean blocks(Case.Turn turn, String contact) {
    return turn.effects("BlockContact")
        .anyMatch(
            block ->
                Case.OPTED_OUT.equals(block.getString("block"))
                    && contact.equals(block.getString("contact")));
  }

  /// What the journal has of stops and starts.
  private void blocks(Case it) {
    Map<String, Instant> open = new HashMap<>();
    for (Case.Turn turn : it.turns()) {
      turn.effects("UnblockContact")
          .filter(lift -> Case.OPTED_OUT.equals(lift.getString("lifts")))
          .forEach(
              lift -> {
                Instant from = open.remove(lift.getString("contact"));
                if (from != null) {
                  add(lift.getString("contact"), new Spell(from, Optional.of(turn.at())));
                }
              });
      turn.effects("BlockContact")
          .filter(block -> Case.OPTED_OUT.equals(block.getString("block")))
          .forEach(
              block -> {
                docket.checked(Promise.NOTHING_AFTER_OPT_OUT, 1);
                open.putIfAbsent(block.getString("contact"), turn.at());
              });
    }
    // A start in another thread lifts it too: what is on record tells.
    open.forEach(
        (contact, from) -> {
          if (!contact.equals(it.theirs()) || it.standing().blocked().equals(Case.OPTED_OUT)) {
            add(contact, new Spell(from, Optional.empty()));
          }
        });
  }

  // ---- at Customer.io

  private void carriedOut(Case it, JsonObject report) {
    Instant at = Instant.parse(report.getString("at"));
    boolean lifted =
        it.turns().stream()
            .flatMap(Case.Turn::reports)
            .anyMatch(
                other ->
                    other.getString("name").equals("opted_in")
                        && Instant.parse(other.getString("at")).isAfter(at));
    if (rules.optOutLevers().isEmpty() || lifted) {
      return;
    }
    docket.checked(Promise.OPT_OUT_IS_TOLD, 1);
    JsonObject person = report.getJsonObject("person", new JsonObject());
    String id = String.valueOf(person.getValue("externalId", ""));
    for (String lever : rules.optOutLevers()) {
      String destination = lever.equals("optouts") ? Case.OPT_OUT_LIST : Case.PREFERENCES;
      boolean open =
          it.waiting(report.getString("id"), destination).filter(row -> !row.isDead()).isPresent();
      if (!open && !isAsSet(lever, id, report)) {
        docket.object(
            Promise.OPT_OUT_IS_TOLD,
            it.conversation(),
            "%s has opted out, and Customer.io shows nothing of it by %s".formatted(id, lever));
      }
    }
  }

  private boolean isAsSet(String lever, String id, JsonObject report) {
    if (lever.equals("optouts")) {
      String sender = report.getJsonObject("properties").getString("sender", "");
      String listed =
          sender.startsWith("whatsapp:")
              ? "whatsapp " + sender.substring("whatsapp:".length())
              : "sms " + sender;
      return ledgers.customerIo().optedOut().contains(id + " " + listed);
    }
    Profile profile = profiles.get(id);
    if (profile == null) {
      return false;
    }
    JsonObject attributes = profile.attributes();
    if (lever.equals("unsubscribed")) {
      return Boolean.TRUE.equals(attributes.getValue("unsubscribed"));
    }
    String name = lever.substring(lever.indexOf(':') + 1);
    String key =
        lever.startsWith("topic:")
            ? PREFERENCES + "topics.topic_" + name
            : PREFERENCES + "channels." + name;
    return Boolean.FALSE.equals(attributes.getValue(key));
  }

  // ---- what was sent all the same

  void close() {
    unheard
        .values()
        .forEach(
            stop ->
                docket.object(
                    Promise.OPT_OUT_IS_TOLD,
                    "",
                    "%s said stop at %s, and no conversation has told of it"
                        .formatted(stop.contact(), stop.at())));
    ledgers.twilio().messages().forEach(message -> after(message.to(), Created.of(message)));
    ledgers.twilio().said().stream()
        .map(Created::of)
        .forEach(message -> after(rooms.getOrDefault(message.conversation(), ""), message));
  }

  private void after(String contact, Created message) {
    Duration grace = rules.grace();
    if (notices.contains(message.effect())) {
      return;
    }
    spells.getOrDefault(contact, List.of()).stream()
        .filter(spell -> spell.holds(message.at().minus(grace)))
        .findFirst()
        .ifPresent(
            spell ->
                docket.object(
                    Promise.NOTHING_AFTER_OPT_OUT,
                    message.effect().equals(Created.NONE) ? "" : message.conversation(),
                    "%s (%s) arrived at %s; %s had opted out at %s"
                        .formatted(
                            message.sid(), message.effect(), message.at(), contact, spell.from())));
  }
}
