package io.parley.verticles;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import picocli.CommandLine.Command;

/// `parley flow`: flow files as code. Each of its commands has a file of its own.
@Command(
    name = "flow",
    description = "Begin, check, test, draw, try out, format, compare, pull and push flow files.",
    subcommands = {
      FlowChatCommand.class,
      FlowCheckCommand.class,
      FlowDiffCommand.class,
      FlowDrawCommand.class,
      FlowExportCommand.class,
      FlowImportCommand.class,
      FlowNewCommand.class,
      FlowRunCommand.class,
      FlowWalkCommand.class
    },
    mixinStandardHelpOptions = true)
final class FlowCommand {

  private final FlowTerminal terminal;
  private Map<String, String> variables = System.getenv();

  FlowCommand() {
    this(System.in, System.out, System.err);
  }

  FlowCommand(PrintStream out, PrintStream err) {
    this(InputStream.nullInputStream(), out, err);
  }

  FlowCommand(InputStream in, PrintStream out, PrintStream err) {
    this.terminal = new FlowTerminal(in, out, err);
  }

  /// This command, with other variables than the environment's.
  FlowCommand with(Map<String, String> others) {
    variables = others;
    return this;
  }

  /// What says who asks a Studio API; some of it is secret.
  Map<String, String> variables() {
    return variables;
  }

  /// Where its commands read and print.
  FlowTerminal terminal() {
    return terminal;
  }
}
