package io.parley.verticles;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `parley`: the command line.
@Command(
    name = "parley",
    description = "Two-way SMS and WhatsApp conversations for Customer.io and Twilio.",
    mixinStandardHelpOptions = true,
    version = "parley 0.1.0",
    subcommands = {
      ServeCommand.class,
      AudiencesCommand.class,
      IngestedCommand.class,
      ContactsCommand.class,
      DeadLettersCommand.class,
      DeskCommand.class,
      DestinationsCommand.class,
      FlowCommand.class,
      HandoffsCommand.class,
      InboxCommand.class,
      OffersCommand.class,
      OptOutsCommand.class,
      PolicyCommand.class,
      RelayCommand.class,
      ReportCommand.class,
      RulesCommand.class,
      SettingsCommand.class,
      TagsCommand.class,
      TraceCommand.class
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
