package io.parley.verticles;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `parley`: the command line.
@Command(
    name = "parley",
    description = "Two-way SMS and WhatsApp conversations for Customer.io and Twilio.",
    mixinStandardHelpOptions = true,
    version = "parley 0.1.0")
public final class Main implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private static final List<Class<?>> COMMANDS =
      List.of(
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
          TraceCommand.class);

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /// Reads the one command that is asked for, and all only where it is none of them: a service that
  /// is started again after a crash has no half a second for the others.
  static int run(String... arguments) {
    CommandLine line = new CommandLine(new Main());
    List<Class<?>> asked =
        COMMANDS.stream()
            .filter(it -> arguments.length > 0 && name(it).equals(arguments[0]))
            .toList();
    (asked.isEmpty() ? COMMANDS : asked).forEach(line::addSubcommand);
    return line.execute(arguments);
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(System.out);
    return CommandLine.ExitCode.USAGE;
  }
}
