package io.parley.verticles;

import io.parley.workbench.SidBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/// What the commands that ask a Studio API have in common: where it is, who asks, and which sids
/// mean the same there and here.
final class RemoteOptions {

  private static final Path SIDS = Path.of("sids.yaml");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  @Option(
      names = "--sids",
      paramLabel = "FILE",
      description =
          "environments, and the sids that mean the same in each; ./sids.yaml where it is there")
  private Optional<Path> sids = Optional.empty();

  @Option(
      names = "--as",
      paramLabel = "ENV",
      description = "the environment whose sids the flow file has, other than the sids file says")
  private Optional<String> as = Optional.empty();

  @Option(
      names = "--allow-unmapped",
      description = "leave sids as they are that the sids file does not have")
  private boolean allowUnmapped;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "of each request (${DEFAULT-VALUE})")
  private int timeout;

  boolean allowUnmapped() {
    return allowUnmapped;
  }

  /// The environment of a name or at a URL; empty where that was complained of.
  Optional<RemoteEnvironment> environment(String named, FlowCommand flow) {
    FlowTerminal terminal = flow.terminal();
    Path file = sids.orElse(SIDS);
    if (sids.isEmpty() && !Files.exists(file)) {
      return environment(named, SidBook.EMPTY, flow);
    }
    try {
      return switch (SidBook.read(Files.readString(file))) {
        case SidBook.Reading.Read(var book) -> environment(named, book, flow);
        case SidBook.Reading.Unreadable(var problems) -> {
          problems.forEach(it -> terminal.complain(file + " " + it));
          yield Optional.empty();
        }
      };
    } catch (IOException e) {
      terminal.complain("cannot read " + file + ": " + Phrases.why(e));
      return Optional.empty();
    }
  }

  private Optional<RemoteEnvironment> environment(String named, SidBook book, FlowCommand flow) {
    FlowTerminal terminal = flow.terminal();
    boolean isUrl = named.startsWith("https://") || named.startsWith("http://");
    String url = isUrl ? named.replaceFirst("/$", "") : book.environments().getOrDefault(named, "");
    String name = isUrl ? book.environmentAt(url).orElse("") : named;
    boolean known = book.environments().containsKey(name);
    if (!known && (!isUrl || !book.equals(SidBook.EMPTY))) {
      terminal.complain(
          "there is no environment %s: name a URL, or one of the sids file, which has %s"
              .formatted(named, String.join(", ", book.environments().keySet())));
      return Optional.empty();
    }
    if (!SidBook.isUrl(url)) {
      terminal.complain(url + " is not of the form https://host or https://host:port");
      return Optional.empty();
    }
    if (timeout < 1) {
      terminal.complain("--timeout must be 1 second or more, not " + timeout);
      return Optional.empty();
    }
    String home = as.orElse(book.home());
    if (!home.isEmpty() && !book.environments().containsKey(home)) {
      terminal.complain("there is no environment " + home + " in the sids file");
      return Optional.empty();
    }
    Optional<RemoteLogin> credentials = RemoteLogin.of(name, flow.variables());
    if (credentials.isEmpty()) {
      terminal.complain("nobody to ask %s as: set %s".formatted(url, RemoteLogin.names(name)));
      return Optional.empty();
    }
    String host = url.replaceFirst("^https?://", "").replaceFirst(":\\d+$", "");
    if (url.startsWith("http://") && !LOOPBACK.contains(host)) {
      terminal.complain("the credentials are sent to " + url + " for all to read");
    }
    RemoteStudio.Place place =
        new RemoteStudio.Place(name, url, credentials.get(), Duration.ofSeconds(timeout));
    return Optional.of(new RemoteEnvironment(name, book.of(home), new RemoteStudio(place)));
  }
}
