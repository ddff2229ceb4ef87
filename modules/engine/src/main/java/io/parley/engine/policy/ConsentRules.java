package io.parley.engine.policy;

import io.parley.engine.flow.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which consent must be on record, and how far an opt-out reaches.
///
/// ```yaml
/// consent: {required: [whatsapp], opt_out_scope: all, person: number}
/// ```
///
/// By default SMS needs no record here, since who is eligible is decided in Customer.io, and
/// whoever has no consent is not in the segment that triggers. WhatsApp needs one, since Meta asks
/// for an opt-in of its own for it, which a consent to SMS is not (WhatsApp Business Messaging
/// Policy). What is asked for is asked for where we write first; a reply is answered without.
///
/// @param required the channels on which we write first only with a recorded consent
/// @param scope how far a STOP reaches. A revocation that names what it is about (a box, a page of
///     preferences) reaches no further than that.
/// @param person which addresses are one person's
public record ConsentRules(Set<ConsentChannel> required, OptOutScope scope, Kinship person) {

  public static final ConsentRules DEFAULT =
      new ConsentRules(EnumSet.of(ConsentChannel.WHATSAPP), OptOutScope.ALL, Kinship.NUMBER);

  public ConsentRules {
    Set<ConsentChannel> ordered = EnumSet.noneOf(ConsentChannel.class);
    ordered.addAll(required);
    required = Collections.unmodifiableSet(ordered);
  }

  /// Which addresses are one person's, beside those of one external id.
  public enum Kinship {
    /// SMS and WhatsApp of one phone number.
    NUMBER,
    /// None.
    ADDRESS
  }

  static ConsentRules read(Place place) {
    if (!place.holdsOnly("required", "opt_out_scope", "person")) {
      return DEFAULT;
    }
    return new ConsentRules(
        required(place.get("required")),
        scope(place.get("opt_out_scope")),
        person(place.get("person")));
  }

  private static Set<ConsentChannel> required(Place place) {
    if (place.isAbsent()) {
      return DEFAULT.required;
    }
    if (!(place.value() instanceof List<?>)) {
      place.problem("must be a list with some of sms, whatsapp; [] for none");
      return DEFAULT.required;
    }
    List<ConsentChannel> channels = new ArrayList<>();
    for (Place item : place.items()) {
      Optional<ConsentChannel> channel =
          ConsentChannel.parse(item.text()).filter(it -> it != ConsentChannel.EMAIL);
      channel.ifPresentOrElse(channels::add, () -> item.problem("must be sms or whatsapp"));
    }
    return Set.copyOf(channels);
  }

  private static OptOutScope scope(Place place) {
    if (place.isAbsent()) {
      return DEFAULT.scope;
    }
    Optional<OptOutScope> scope = OptOutScope.parse(place.text());
    if (scope.isEmpty()) {
      place.problem(
          "must be all (every address of the person, every programme), channel or programme");
    }
    return scope.orElse(DEFAULT.scope);
  }

  private static Kinship person(Place place) {
    return switch (place.isAbsent() ? "number" : place.text()) {
      case "number" -> Kinship.NUMBER;
      case "address" -> Kinship.ADDRESS;
      default -> {
        place.problem(
            "must be number (SMS and WhatsApp of a phone number are one person) or address");
        yield DEFAULT.person;
      }
    };
  }
}
