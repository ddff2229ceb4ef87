package io.parley.engine.policy;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a person agreed to, looked at from one of the person's addresses.
///
/// What was said of one address counts for that one, what was said of the person for all of them. A
/// STOP counts as far as the policy's [OptOutScope] reaches, whichever address it came from; it is
/// over when the same address grants the same again (START), and, for one address, with a newer
/// grant that concerns that address. Who was taken off another system's list is not written to
/// until put on it again, or until a newer grant that was said to us.
///
/// @param number whom we would write to: the phone number without a channel's prefix, or the e-mail
///     address
/// @param known in any order; of one address, channel and programme the newest holds
public record Consents(String number, List<Consent> known) {

  public Consents {
    known = List.copyOf(known);
  }

  /// Whether we may write first.
  public sealed interface Answer {

    /// @param by what allows it; empty where nothing has to
    record Yes(Optional<Consent> by) implements Answer {}

    /// @param by what forbids it; empty where something is missing
    record No(Obstacle obstacle, Optional<Consent> by) implements Answer {

      /// The reason in words that an operator can act on, with when it was said.
      public String sentence() {
        return by.map(
                it ->
                    "%s (%s, %s, %s)"
                        .formatted(
                            obstacle.sentence(), it.channel().word(), it.programme(), it.at()))
            .orElse(obstacle.sentence());
      }
    }
  }

  /// Why we may not write first.
  public enum Obstacle {
    NO_CONSENT("the policy asks for a recorded consent on this channel, and none is on record"),
    REVOKED("the contact has taken back the consent for this channel and programme"),
    OPTED_OUT("the contact has said stop, which by the policy reaches this channel and programme");

    private final String sentence;

    Obstacle(String sentence) {
      this.sentence = sentence;
    }

    public String sentence() {
      return sentence;
    }
  }

  /// Whether we may write first on a channel, in a programme. A consent that is dated later than
  /// now does not count yet, a revocation does: clocks differ, and who errs shall err silently.
  public Answer mayWrite(
      ConsentChannel channel, String programme, ConsentRules rules, Instant now) {
    Map<Key, Consent> standing = standing(now);
    Optional<Consent> own = Optional.empty();
    Optional<Consent> stop = Optional.empty();
    Optional<Consent> unlisted = Optional.empty();
    for (Consent consent : standing.values()) {
      if (consent.method() == Consent.Method.SUBSCRIPTION) {
        if (consent.isRevoked()
            && consent.concerns(number)
            && consent.channel() == channel
            && consent.isAbout(programme)) {
          unlisted = newest(unlisted, consent);
        }
        continue;
      }
      if (consent.concerns(number)
          && consent.channel() == channel
          && consent.programme().equals(programme)) {
        own = newest(own, consent);
      }
      if (consent.isRevoked()
          && consent.method() == Consent.Method.KEYWORD
          && rules.scope().reaches(consent, channel, programme)) {
        stop = newest(stop, consent);
      }
    }
    if (own.filter(Consent::isRevoked).isPresent()) {
      return new Answer.No(Obstacle.REVOKED, own);
    }
    if (unlisted.isPresent() && own.filter(unlisted.get()::isBefore).isEmpty()) {
      return new Answer.No(Obstacle.REVOKED, unlisted);
    }
    if (stop.isPresent() && own.filter(stop.get()::isBefore).isEmpty()) {
      return new Answer.No(Obstacle.OPTED_OUT, stop);
    }
    if (own.isEmpty() && rules.required().contains(channel)) {
      return new Answer.No(Obstacle.NO_CONSENT, Optional.empty());
    }
    return new Answer.Yes(own);
  }

  /// What a consent is of.
  private record Key(
      Optional<String> address,
      Optional<String> externalId,
      ConsentChannel channel,
      String programme,
      boolean isListed) {

    static Key of(Consent consent) {
      return new Key(
          consent.address(),
          consent.address().isPresent() ? Optional.empty() : consent.externalId(),
          consent.channel(),
          consent.programme(),
          consent.method() == Consent.Method.SUBSCRIPTION);
    }
  }

  private Map<Key, Consent> standing(Instant now) {
    Map<Key, Consent> standing = new HashMap<>();
    for (Consent consent : known) {
      if (consent.isRevoked() || !consent.at().isAfter(now)) {
        standing.merge(
            Key.of(consent), consent, (one, other) -> other.overrules(one) ? other : one);
      }
    }
    return standing;
  }

  private static Optional<Consent> newest(Optional<Consent> known, Consent other) {
    return known.filter(it -> !other.overrules(it)).or(() -> Optional.of(other));
  }
}
