package io.parley.engine;

import io.parley.engine.policy.PersonFacts;
import io.parley.engine.policy.PersonFile;
import io.parley.engine.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// All that a step may know besides its arguments.
///
/// @param now the time of the turn
/// @param arrivedAt when the event reached us, which may be long before its turn
/// @param contact what is on record about the other side
/// @param links what urls become in messages whose author wants short ones
/// @param begunElsewhere when the flow of a trigger that cools off last began for its person, in
///     whichever thread
/// @param policy the brand's rules in force
/// @param countedAt when a trigger with the same frequency cap key last began for its person
/// @param file where it is found what is on record of the person beside this thread
public record Moment(
    Instant now,
    Instant arrivedAt,
    ContactFacts contact,
    ShortLinks links,
    Optional<Instant> begunElsewhere,
    Policy policy,
    Optional<Instant> countedAt,
    PersonFile file) {

  /// How long a request is held open for what its event's turn says. One that takes longer has been
  /// answered with nothing.
  public static final Duration ANSWERED_WITHIN = Duration.ofMillis(2_500);

  /// Of an event that asks for nothing about the person beside this thread.
  public Moment(
      Instant now,
      Instant arrivedAt,
      ContactFacts contact,
      ShortLinks links,
      Optional<Instant> begunElsewhere,
      Policy policy) {
    this(
        now,
        arrivedAt,
        contact,
        links,
        begunElsewhere,
        policy,
        Optional.empty(),
        PersonFacts.NOTHING_KNOWN);
  }

  /// By the rules that hold where none are given.
  public Moment(
      Instant now,
      Instant arrivedAt,
      ContactFacts contact,
      ShortLinks links,
      Optional<Instant> begunElsewhere) {
    this(now, arrivedAt, contact, links, begunElsewhere, Policy.DEFAULT);
  }

  /// Without short links.
  public Moment(Instant now, Instant arrivedAt, ContactFacts contact) {
    this(now, arrivedAt, contact, ShortLinks.NONE, Optional.empty());
  }

  /// Of an event that has its turn as it arrives.
  public Moment(Instant now, ContactFacts contact) {
    this(now, now, contact);
  }

  /// What is on record of the person beside this thread. To be asked for where a step depends on
  /// it, and nowhere else: it may have to be read.
  PersonFacts person() {
    return file.facts();
  }

  /// What the contact book says.
  ///
  /// @param block why nothing may be sent to the address, if nothing may
  /// @param since when the latest evidence of the block came, where that is known
  public record ContactFacts(Optional<Block> block, Optional<Instant> since) {
    public static final ContactFacts NOTHING_KNOWN = new ContactFacts(Optional.empty());

    /// Of a block whose time is not known.
    public ContactFacts(Optional<Block> block) {
      this(block, Optional.empty());
    }

    /// Without this block; another one stays. Who opts in has answered whether to stop, too.
    public ContactFacts lifted(Block lifts) {
      boolean answered = lifts == Block.OPTED_OUT && is(Block.UNCLEAR);
      return is(lifts) || answered ? NOTHING_KNOWN : this;
    }

    public boolean is(Block other) {
      return block.equals(Optional.of(other));
    }
  }
}
