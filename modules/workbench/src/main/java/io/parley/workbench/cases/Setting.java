package io.parley.workbench.cases;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Digest;
import io.parley.engine.Person;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.policy.Policy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What holds before anything happens in a play.
///
/// @param block why nothing may be sent to the contact, if nothing may
/// @param bound whether a message of the contact starts the flow when none runs
/// @param answers the first one that is for a request and not used up answers it
/// @param failures the first one that is for a message and not used up fails it
/// @param policy the brand's rules, where they are not those around it
/// @param record what is on record of the contact beside that
record Setting(
    ThreadId thread,
    Person person,
    Optional<Block> block,
    Instant beginning,
    boolean bound,
    List<AnswerRule> answers,
    List<FailureRule> failures,
    Optional<Policy> policy,
    Acquaintance.Known record) {

  static final Address OURS = new Address("+15005550006");
  static final Address THEIRS = new Address("+14155550100");
  /// A conversation of Twilio Conversations, and the service that holds it.
  static final Address ROOM = new Address(Digest.sid("CH", "case"));

  static final Address ROOMS = new Address(Digest.sid("IS", "case"));
  static final Instant BEGINNING = Instant.parse("2026-03-01T18:00:00Z");

  /// What a case that says nothing of it gets.
  static final Setting USUAL =
      new Setting(
          new ThreadId(OURS, THEIRS),
          new Person(Optional.empty(), Values.EMPTY),
          Optional.empty(),
          BEGINNING,
          true,
          List.of(),
          List.of(),
          Optional.empty(),
          Acquaintance.Known.NONE);

  Setting {
    answers = List.copyOf(answers);
    failures = List.copyOf(failures);
  }
}
