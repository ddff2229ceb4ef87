package io.parley.loadtest.oracle;

import io.parley.loadtest.oracle.Case.Turn;
import io.parley.loadtest.oracle.Ledgers.Acknowledged;
import io.parley.loadtest.twilio.StatusCallback;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says of each promise whether a run has kept it. Parley is at rest when the evidence is gathered.
///
/// The conversations are looked at one by one, and of each no more is kept than others ask for: the
/// work is linear in what happened, and the memory is that of the ledgers' own lists.
public final class Oracle {

  private static final Pattern EFFECT = Pattern.compile("([0-9a-f-]{36}):[0-9]+:[0-9]+");

  private final Docket docket = new Docket();
  private final Evidence evidence;
  private final Names names = new Names();
  private final Map<String, String> conversations = new HashMap<>();
  private final Set<String> contacts = new HashSet<>();
  private final Sends sends;
  private final Calls calls;
  private final OptOuts optOuts;
  private final Offers offers;
  private final Places places;
  private final Outcomes outcomes;

  private Oracle(Evidence evidence, InForce rules) {
    this.evidence = evidence;
    Ledgers ledgers = evidence.ledgers();
    this.sends = new Sends(docket, ledgers.twilio());
    this.calls = new Calls(docket, ledgers.asked());
    this.optOuts = new OptOuts(docket, ledgers, rules);
    this.offers = new Offers(docket, OfferRules.of(rules.policy()), evidence.around().codes());
    this.places = new Places(docket, evidence.around().at(), rules.lateness());
    this.outcomes =
        new Outcomes(docket, ledgers.customerIo(), evidence.around().at(), rules.lateness());
  }

  /// Judges a run by the rules that were in force.
  public static Judgement judge(Evidence evidence, InForce rules) throws SQLException {
    Oracle oracle = new Oracle(evidence, rules);
    evidence.cases().each(oracle::look);
    oracle.close();
    return oracle.docket.judgement(Traces.of(oracle.docket.conversations(), evidence));
  }

  private void look(Case it) {
    name(it);
    numbers(it);
    offers.look(it, sends.of(it.conversation()));
    optOuts.look(it);
    sends.look(it);
    calls.look(it);
    places.look(it);
    outcomes.look(it);
    docket.checked(Promise.NOTHING_IS_LEFT_OVER, it.deliveries().size() + it.waiting().size());
  }

  // ---- events and turns

  private void name(Case it) {
    for (Turn turn : it.turns()) {
      if (!names.add(turn.source() + " " + turn.sourceId())) {
        docket.object(
            Promise.EVENT_HAS_ONE_TURN,
            it.conversation(),
            turn.source() + " " + turn.sourceId() + " has more than one turn");
      }
      int end = turn.sourceId().lastIndexOf(':');
      if (turn.source().equals("purchase") && end > 0) {
        // An order is told to each conversation of its person.
        names.add(turn.source() + " " + turn.sourceId().substring(0, end));
      }
    }
  }

  private void numbers(Case it) {
    docket.checked(Promise.TURNS_HAVE_NO_GAP, Math.max(1, it.turns().size()));
    if (it.turns().isEmpty()) {
      docket.object(Promise.TURNS_HAVE_NO_GAP, it.conversation(), "has no turn");
    }
    int expected = 1;
    for (Turn turn : it.turns()) {
      if (turn.number() != expected) {
        docket.object(
            Promise.TURNS_HAVE_NO_GAP,
            it.conversation(),
            "turn %d is followed by turn %d".formatted(expected - 1, turn.number()));
      }
      expected = turn.number() + 1;
    }
  }

  private void close() throws SQLException {
    evidence.around().aliases().forEach(names::add);
    whose();
    for (Acknowledged event : evidence.ledgers().told().acknowledged()) {
      acknowledged(
          event.source() + " " + event.sourceId(), conversations.getOrDefault(event.contact(), ""));
    }
    Set<String> counted = new HashSet<>();
    for (StatusCallback callback : evidence.ledgers().twilio().callbacks()) {
      if (callback.answer().accepted()) {
        String name = "twilio_status " + callback.messageSid() + ":" + callback.status().word();
        if (!names.contains(name) && !counted.add(name)) {
          continue;
        }
        acknowledged(name, conversation(callback.url()));
      }
    }
    sends.close();
    calls.close();
    outcomes.close();
    optOuts.close();
    for (String row : evidence.around().leftOver()) {
      docket.object(Promise.NOTHING_IS_LEFT_OVER, conversation(row), row);
    }
  }

  /// Finds the conversations of those whose events are missed; there are few.
  private void whose() throws SQLException {
    for (Acknowledged event : evidence.ledgers().told().acknowledged()) {
      if (!names.contains(event.source() + " " + event.sourceId()) && !event.contact().isEmpty()) {
        contacts.add(event.contact());
      }
    }
    if (!contacts.isEmpty()) {
      evidence
          .cases()
          .each(
              it -> {
                if (contacts.contains(it.theirs())) {
                  conversations.put(it.theirs(), it.conversation());
                }
              });
    }
  }

  private void acknowledged(String name, String conversation) {
    docket.checked(Promise.EVENT_HAS_ONE_TURN, 1);
    if (!names.contains(name)) {
      docket.object(
          Promise.EVENT_HAS_ONE_TURN,
          conversation,
          name + " was accepted and has no turn" + waiting(name));
    }
  }

  /// What waits is late; what waits nowhere is lost.
  private String waiting(String name) {
    return evidence.around().leftOver().stream()
        .filter(row -> row.contains(" " + name + " ") || row.startsWith(name + " "))
        .findFirst()
        .map(row -> "; it waits: " + row)
        .orElse("");
  }

  private static String conversation(String text) {
    Matcher effect = EFFECT.matcher(text.replace("%3A", ":"));
    return effect.find() ? effect.group(1) : "";
  }
}
