package io.parley.verticles;

import java.io.InputStream;
import java.io.PrintStream;
import picocli.CommandLine.Command;

/// `parley flow`: flow files as code. Each of its commands has a file of its own.
@Command(
    name = "flow",
    description = "Check, test, draw, try out, format and compare flow files.",
    subcommands = {
      FlowChatCommand.class,
      FlowCheckCommand.class,
      FlowDiffCommand.class,
      FlowDrawCommand.class,
      FlowExportCommand.class,
      FlowRunCommand.class,
      FlowWalkCommand.class
    },
    mixinStandardHelpOptions = true)
final class FlowCommand {

  private final FlowTerminal terminal;

  FlowCommand() {
    this(System.in, System.out, System.err);
  }

  FlowCommand(PrintStream out, PrintStream err) {
    this(InputStream.nullInputStream(), out, err);
  }

  FlowCommand(InputStream in, PrintStream out, PrintStream err) {
    this.terminal = new FlowTerminal(in, out, err);
  }

  /// Where its commands read and print.
  FlowTerminal terminal() {
    return terminal;
  }
}
