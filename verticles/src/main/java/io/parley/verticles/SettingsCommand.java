package io.parley.verticles;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `parley settings`: every setting, its value in force and what it is for.
@Command(
    name = "settings",
    description = "List every setting with its value, and everything that is wrong with them.",
    mixinStandardHelpOptions = true)
final class SettingsCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    return switch (Settings.read(System.getenv())) {
      case Settings.Reading.Unusable(var problems) -> {
        problems.forEach(System.err::println);
        yield CommandLine.ExitCode.USAGE;
      }
      case Settings.Reading.Usable(_, var shown) -> {
        for (SettingName name : SettingName.values()) {
          String value = shown.getOrDefault(name.variable(), "");
          System.out.printf(
              "%-42s %-28s %s%n", name.variable(), value.isEmpty() ? "-" : value, name.meaning());
        }
        yield CommandLine.ExitCode.OK;
      }
    };
  }
}
