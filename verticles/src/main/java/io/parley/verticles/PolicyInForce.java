package io.parley.verticles;

import io.parley.engine.policy.Policy;
import io.parley.engine.policy.Policy.Reading;
import java.util.List;
import java.util.function.Supplier;

/// The brand's policy in force, and without a file what holds by default; see [FileInForce].
final class PolicyInForce implements Supplier<Policy> {

  private final FileInForce<Policy> file;

  PolicyInForce(PolicyFile file) {
    this.file =
        new FileInForce<>(
            file.path(),
            file.isNamed(),
            Policy.DEFAULT,
            text ->
                switch (PolicyFile.read(text)) {
                  case Reading.Valid(var read) -> new FileInForce.Reading.Right<>(read);
                  case Reading.Invalid(var problems) ->
                      new FileInForce.Reading.Wrong<>(FlowTerminal.lines(file.path(), problems));
                });
  }

  @Override
  public Policy get() {
    return file.get();
  }

  /// As [FileInForce#load].
  List<String> load() {
    return file.load();
  }
}
