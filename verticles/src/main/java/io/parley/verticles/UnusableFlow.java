package io.parley.verticles;

import io.parley.engine.flow.FlowProblem;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A flow file that cannot be run; the service does not start with one.
final class UnusableFlow extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnusableFlow(Path file, List<FlowProblem> problems) {
    super(
        file
            + " cannot be run:\n"
            + problems.stream()
                .map(problem -> "  " + problem.propertyPath() + " " + problem.message())
                .collect(Collectors.joining("\n")));
  }
}
