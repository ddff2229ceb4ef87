package io.parley.loadtest;

import io.parley.loadtest.report.CompareCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command line of the harness.
@Command(
    name = "loadtest",
    description = "Drives Parley from outside, against stand-ins for Twilio and Customer.io.",
    mixinStandardHelpOptions = true,
    subcommands = {
      RunCommand.class,
      CompareCommand.class,
      DemoCommand.class,
      SelfTestCommand.class
    })
public final class Main implements Callable<Integer> {

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() {
    CommandLine.usage(this, System.out);
    return CommandLine.ExitCode.USAGE;
  }
}
