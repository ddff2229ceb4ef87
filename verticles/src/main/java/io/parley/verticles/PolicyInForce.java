package io.parley.verticles;

import io.parley.engine.policy.Policy;
import io.parley.engine.policy.Policy.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The brand's rules in force: those of their file as it was when it was last right, and without a
/// file those that hold by default. Read from any thread, loaded by one at a time.
final class PolicyInForce implements Supplier<Policy> {

  private final PolicyFile file;
  private volatile Policy policy = Policy.DEFAULT;

  /// What the file said when it was looked at last; empty where there was none.
  private volatile Optional<String> seen = Optional.empty();

  private volatile boolean missed;

  PolicyInForce(PolicyFile file) {
    this.file = file;
  }

  @Override
  public Policy get() {
    return policy;
  }

  /// Looks at the file. Answers what is wrong with it, once; what is right is in force from then
  /// on, and what is wrong changes nothing. Blocks.
  List<String> load() {
    Optional<String> text;
    try {
      text = Optional.of(Files.readString(file.path()));
    } catch (IOException e) {
      return e instanceof NoSuchFileException && !file.isNamed() && seen.isEmpty()
          ? List.of()
          : missing(e);
    }
    missed = false;
    if (text.equals(seen)) {
      return List.of();
    }
    seen = text;
    return switch (PolicyFile.read(text.get())) {
      case Reading.Valid(var read) -> {
        policy = read;
        yield List.of();
      }
      case Reading.Invalid(var problems) -> PolicyFile.told(file.path(), problems);
    };
  }

  private List<String> missing(IOException why) {
    boolean again = missed;
    missed = true;
    return again ? List.of() : List.of("cannot read " + file.path() + ": " + FlowTerminal.why(why));
  }
}
