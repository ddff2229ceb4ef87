package io.parley.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RunCommandTest {

  static Stream<Exception> reasons() {
    return Stream.of(
        new IOException("no room on the disk"),
        new IllegalStateException("Parley ended with status 1"),
        new SQLException("no such database"),
        new TimeoutException());
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void aRunThatCannotBeMadeEndsWithTwoAndALineThatSaysWhy(Exception reason) throws Exception {
    ByteArrayOutputStream told = new ByteArrayOutputStream();

    int status =
        RunCommand.status(
            () -> {
              throw reason;
            },
            new PrintStream(told, true, StandardCharsets.UTF_8));

    assertThat(status).isEqualTo(2);
    assertThat(told.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .startsWith("the run could not be made: ")
        .doesNotContain("null");
  }
}
