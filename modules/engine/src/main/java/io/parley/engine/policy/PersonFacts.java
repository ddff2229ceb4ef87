package io.parley.engine.policy;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.ThreadId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is on record of the person behind an address, beside the thread that a step is of.
///
/// @param externalId the id in Customer.io
/// @param addresses the person's, the one that was asked about among them
/// @param lastPurchase the order that was placed last
/// @param threads the person's other threads that are alive or hold a suppression window open
/// @param consents the newest of each address, channel and programme
public record PersonFacts(
    Optional<String> externalId,
    List<Known> addresses,
    Optional<Purchase> lastPurchase,
    List<Other> threads,
    List<Consent> consents)
    implements PersonFile {

  public static final PersonFacts NOTHING_KNOWN =
      new PersonFacts(Optional.empty(), List.of(), Optional.empty(), List.of(), List.of());

  public PersonFacts {
    addresses = List.copyOf(addresses);
    threads = List.copyOf(threads);
    consents = List.copyOf(consents);
  }

  @Override
  public PersonFacts facts() {
    return this;
  }

  /// Whether anything was asked: the address that was asked about is always among the addresses.
  public boolean isAsked() {
    return !addresses.isEmpty();
  }

  /// An address, and why nothing may be sent there.
  ///
  /// @param blockedAt since when; the epoch where that is not on record
  public record Known(Address address, Optional<Block> block, Instant blockedAt) {}

  /// An order, and when it was placed.
  public record Purchase(String orderId, Instant at) {}

  /// Another thread of the person.
  ///
  /// @param isLive whether an execution runs in it
  /// @param suppressedUntil until when its suppression window is open, where it is
  /// @param isHandedOver whether a person speaks for us in it, or shall
  public record Other(
      ThreadId thread, boolean isLive, Optional<Instant> suppressedUntil, boolean isHandedOver) {

    /// Of one in which nobody but the bot speaks.
    public Other(ThreadId thread, boolean isLive, Optional<Instant> suppressedUntil) {
      this(thread, isLive, suppressedUntil, false);
    }
  }

  /// What forbids to write to an address: its own block, else an opt-out that was said at another
  /// of the person's addresses and reaches this one. By scope `programme` an opt-out of another
  /// address reaches as far as the consents say; see [Consents#mayWrite].
  public Optional<Known> bar(Address to, OptOutScope scope) {
    Optional<Known> own =
        addresses.stream()
            .filter(it -> it.address().equals(to) && it.block().isPresent())
            .findFirst();
    return own.or(
        () ->
            addresses.stream()
                .filter(it -> it.block().equals(Optional.of(Block.OPTED_OUT)))
                .filter(
                    it ->
                        switch (scope) {
                          case ALL -> true;
                          case CHANNEL -> it.address().channel() == to.channel();
                          case PROGRAMME -> false;
                        })
                .findFirst());
  }

  /// What the person agreed to, for writing to an address.
  public Consents consents(Address to) {
    return new Consents(to.number(), consents);
  }

  /// When the order that was placed last was placed, if that was after a moment.
  public Optional<Purchase> boughtSince(Instant moment) {
    return lastPurchase.filter(it -> it.at().isAfter(moment));
  }
}
