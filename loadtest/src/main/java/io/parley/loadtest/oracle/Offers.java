package io.parley.loadtest.oracle;

import io.parley.loadtest.oracle.Case.Grant;
import io.parley.loadtest.oracle.Case.Turn;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Offers, from their friction to what is said of them:
///
/// - a turn asks for a code only where the friction that it knew opens the gate of the policy in
///   force, and no more friction is known than the journal has replies and silences
/// - a code is on record only where a turn asked for it
/// - a message names a code, or an amount that is taken off, only where its own conversation had
///   been granted it
final class Offers {

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}_-]{3,63}");
  private static final Pattern OFF =
      Pattern.compile(
          "(\\d{1,3}(?:[.,]\\d{1,2})?) ?%.{0,15}?\\b(?:off|discount|rebate)\\b"
              + "|\\b(?:save|discount of)\\b.{0,15}?(\\d{1,3}(?:[.,]\\d{1,2})?) ?%",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final Docket docket;
  private final OfferRules rules;
  private final Set<String> codes;

  Offers(Docket docket, OfferRules rules, Set<String> codes) {
    this.docket = docket;
    this.rules = rules;
    this.codes = codes;
  }

  /// @param messages what was created of the conversation
  void look(Case it, List<Created> messages) {
    Map<String, String> asked = new HashMap<>();
    int heard = 0;
    for (Turn turn : it.turns()) {
      heard += isHeard(turn) ? 1 : 0;
      for (JsonObject ask : turn.effects("ReserveOffer").toList()) {
        asked.put(ask.getString("id"), ask.getString("offer"));
        asked(it, turn, ask.getString("offer"), heard);
      }
    }
    List<Grant> made = it.standing().grants().stream().filter(Grant::wasMade).toList();
    for (Grant grant : made) {
      docket.checked(Promise.OFFER_HAS_FRICTION, 1);
      String offer = asked.getOrDefault(grant.effect(), "");
      if (!grant.offer().equals(offer)) {
        object(
            it,
            "%s (%s) was granted by %s, and no turn asked for it"
                .formatted(grant.code(), grant.offer(), grant.effect()));
      } else if (isOtherwise(grant.worth(), rules.worth(offer))) {
        object(
            it,
            "%s was granted at %s, and the policy has %s at %s"
                .formatted(grant.code(), grant.worth(), offer, rules.worth(offer)));
      }
    }
    messages.forEach(message -> said(it, message, made));
  }

  /// A reply, or a silence: each is one sign of friction at most.
  private static boolean isHeard(Turn turn) {
    return turn.source().equals("twilio_message") || turn.source().equals("timer");
  }

  private void asked(Case it, Turn turn, String offer, int heard) {
    docket.checked(Promise.OFFER_HAS_FRICTION, 1);
    JsonObject bargain =
        turn.state()
            .map(state -> state.getJsonObject("bargain"))
            .orElseGet(() -> new JsonObject().put("friction", new JsonObject()));
    JsonObject friction = bargain.getJsonObject("friction");
    String shut = rules.shut(offer, friction, turn.at());
    long moments =
        friction.getJsonArray("signals", new JsonArray()).stream()
            .map(signal -> ((JsonObject) signal).getString("at"))
            .distinct()
            .count();
    if (!rules.knows(offer)) {
      object(it, "turn " + turn.number() + " asks for " + offer + ", which the policy has not");
    } else if (!shut.isEmpty()) {
      object(it, "turn %d asks for %s: %s".formatted(turn.number(), offer, shut));
    } else if (moments > heard) {
      object(
          it,
          "turn %d knows of friction at %d moments, and %d replies and silences had been heard"
              .formatted(turn.number(), moments, heard));
    }
  }

  private static boolean isOtherwise(String worth, String policy) {
    return worth.endsWith("%") && policy.endsWith("%") && !worth.equals(policy);
  }

  private void said(Case it, Created message, List<Grant> made) {
    for (Matcher words = WORD.matcher(message.body()); words.find(); ) {
      String word = words.group().toUpperCase(Locale.ROOT);
      if (codes.contains(word) || rules.looksLikeCode(word)) {
        docket.checked(Promise.OFFER_HAS_FRICTION, 1);
        if (made.stream().noneMatch(grant -> isOf(grant, message, grant.code(), word))) {
          object(it, message.sid() + " names " + word + ", which was not granted here");
        }
      }
    }
    for (Matcher amounts = OFF.matcher(message.body()); amounts.find(); ) {
      String amount = amounts.group(1) == null ? amounts.group(2) : amounts.group(1);
      docket.checked(Promise.OFFER_HAS_FRICTION, 1);
      if (made.stream().noneMatch(grant -> isOf(grant, message, grant.worth(), amount + "%"))) {
        object(it, message.sid() + " takes " + amount + "% off, which was not granted here");
      }
    }
  }

  private static boolean isOf(Grant grant, Created message, String granted, String said) {
    return granted.equalsIgnoreCase(said) && !grant.at().isAfter(message.at());
  }

  private void object(Case it, String what) {
    docket.object(Promise.OFFER_HAS_FRICTION, it.conversation(), what);
  }
}
