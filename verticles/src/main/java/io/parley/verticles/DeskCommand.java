package io.parley.verticles;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `parley desk ...`: what concerns the desk at which customers are answered.
@Command(
    name = "desk",
    description = "The desk at which customers are answered.",
    mixinStandardHelpOptions = true,
    subcommands = {DeskUsersCommand.class})
final class DeskCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(System.out);
    return CommandLine.ExitCode.USAGE;
  }
}
