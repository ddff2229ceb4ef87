package io.parley.engine.policy;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// That a person agreed to be written to, or took that back. Of one person, channel and programme
/// the newest holds.
///
/// @param address the phone number in E.164 without a channel's prefix, or the e-mail address, that
///     it was said of; empty where it was said of the person, whichever address is used
/// @param externalId the id in Customer.io; one of both is there
/// @param programme what the messages are about: `marketing`, or a word of the brand's own
/// @param source where it was said: the name of a form, a keyword's number, a file
/// @param evidence what proves it: the words, the page, the IP address; empty where nothing does
/// @param at when it was said
public record Consent(
    Optional<String> address,
    Optional<String> externalId,
    ConsentChannel channel,
    String programme,
    State state,
    Method method,
    String source,
    String evidence,
    Instant at) {

  /// What a consent is for where nothing else is said.
  public static final String MARKETING = "marketing";

  /// Every programme, whatever it is called. Counts where another system's list says it; see
  /// [Method#SUBSCRIPTION].
  public static final String EVERY_PROGRAMME = "*";

  public Consent {
    if (address.isEmpty() && externalId.isEmpty()) {
      throw new IllegalArgumentException("a consent is somebody's");
    }
    programme = programme.strip().toLowerCase(Locale.ROOT);
    if (programme.isEmpty()) {
      programme = MARKETING;
    }
  }

  /// What was said.
  public enum State {
    GRANTED,
    REVOKED;

    /// `granted`, `revoked`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<State> parse(String word) {
      return Stream.of(values()).filter(it -> it.word().equals(word)).findFirst();
    }
  }

  /// How it was said.
  public enum Method {
    /// A box at the checkout.
    CHECKOUT,
    /// A form or a pop-up elsewhere.
    FORM,
    /// A word that the person wrote to us, such as JOIN or STOP.
    KEYWORD,
    DOUBLE_OPT_IN,
    /// A page on which the person chose what to get.
    PREFERENCES,
    IMPORT,
    /// Another system's list of who is subscribed. It stands beside what the person said to us: who
    /// is taken off the list is not written to, and who is put on it again is as before. To be on
    /// it lifts no STOP, and is no consent where one has to be on record.
    SUBSCRIPTION,
    /// Told to somebody who wrote it down.
    AGENT,
    OTHER;

    /// `checkout`, `double_opt_in` ...
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Whether a person said it to somebody; a list says for itself what is on it.
    public boolean isSaid() {
      return this != SUBSCRIPTION;
    }

    public static Optional<Method> parse(String word) {
      return Stream.of(values()).filter(it -> it.word().equals(word)).findFirst();
    }
  }

  public boolean isRevoked() {
    return state == State.REVOKED;
  }

  /// Whether it speaks of a phone number or an e-mail address, or of the person as a whole.
  public boolean concerns(String number) {
    return address.isEmpty() || address.get().equals(number);
  }

  /// Whether it is about a programme.
  boolean isAbout(String theProgramme) {
    return programme.equals(theProgramme) || programme.equals(EVERY_PROGRAMME);
  }

  boolean isBefore(Consent other) {
    return at.isBefore(other.at);
  }

  /// Whether this is newer than the other. Of two of one moment the revocation is.
  boolean overrules(Consent other) {
    int later = at.compareTo(other.at);
    return later > 0 || (later == 0 && isRevoked() && !other.isRevoked());
  }
}
