package io.parley.verticles;

import io.parley.workbench.cases.Chat;
import io.parley.workbench.cases.Screen;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ExitCode;

/// Holds a chat at the terminal, or with what a pipe says, to its end.
final class ChatSession {

  private final FlowTerminal terminal;

  ChatSession(FlowTerminal terminal) {
    this.terminal = terminal;
  }

  /// What the terminal can show. No colour where NO_COLOR is set (no-color.org) or it is none.
  static Screen screen() {
    if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isEmpty()) {
      return Screen.PLAIN;
    }
    boolean colour = Optional.ofNullable(System.getenv("NO_COLOR")).orElse("").isEmpty();
    return new Screen(width(), colour, true);
  }

  private static int width() {
    String columns = Optional.ofNullable(System.getenv("COLUMNS")).orElse("");
    if (columns.matches("\\d{1,4}")) {
      return Integer.parseInt(columns);
    }
    try {
      Process stty =
          new ProcessBuilder("stty", "size").redirectInput(ProcessBuilder.Redirect.INHERIT).start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      boolean told =
          stty.waitFor(1, TimeUnit.SECONDS) && size.strip().matches("\\d+ [1-9]\\d{1,3}");
      return told ? Integer.parseInt(size.strip().split(" ", -1)[1]) : 80;
    } catch (IOException _) {
      return 80; // there is no stty: what is not known is taken to be usual
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 80;
    }
  }

  /// Until `:quit`, or until nothing more is said.
  int hold(Chat chat, Screen screen) {
    terminal.print(chat.open());
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
    try {
      while (true) {
        terminal.print(screen.echoes() ? chat.prompt() : "");
        String line = lines.readLine();
        if (line == null) {
          return ExitCode.OK;
        }
        Chat.Reply reply = chat.enter(line);
        terminal.print(reply.text());
        reply.saving().ifPresent(it -> save(Path.of(it.file()), it.text()));
        if (reply.over()) {
          return ExitCode.OK;
        }
      }
    } catch (IOException e) {
      terminal.complain("cannot read what is said: " + Phrases.why(e));
      return ExitCode.SOFTWARE;
    }
  }

  /// Adds a case to a file; makes the file where there is none.
  int save(Path file, String text) {
    try {
      boolean more = Files.exists(file) && !Files.readString(file).isBlank();
      Files.writeString(
          file, (more ? "---\n" : "") + text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      terminal.print("  wrote " + file + (more ? ", after the cases that it had\n" : "\n"));
      return ExitCode.OK;
    } catch (IOException e) {
      terminal.complain("cannot write " + file + ": " + Phrases.why(e));
      return ExitCode.USAGE;
    }
  }
}
