package io.parley.verticles;

import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.workbench.cases.Chat;
import io.parley.workbench.cases.FlowSet;
import io.parley.workbench.cases.Screen;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/// `parley flow chat`.
@Command(
    name = "chat",
    description = {
      "Hold a conversation with a flow at the terminal.",
      "You are the contact; :help lists what else can be made to happen. No time passes but by"
          + " command, and nothing is sent."
    },
    mixinStandardHelpOptions = true)
final class FlowChatCommand implements Callable<Integer> {

  /// How a conversation that is held by hand begins.
  static final class Beginning {

    @Mixin private final ServiceSurroundings.Options tagging = new ServiceSurroundings.Options();

    @Option(
        names = "--flow",
        paramLabel = "SID=FILE",
        description = "a flow that the flow runs, by its sid; sids.yaml beside FILE names more")
    private List<String> others = List.of();

    @Option(
        names = "--request",
        paramLabel = "JSON",
        defaultValue = "{}",
        description = "the parameters with which the flow is asked for (${DEFAULT-VALUE})")
    private String request;

    @Option(names = "--message", description = "no request: the contact writes first")
    private boolean message;

    @Option(
        names = "--to",
        paramLabel = "ADDRESS",
        description = "the contact's address, such as whatsapp:+14155550100")
    private String theirs = Chat.Opening.USUAL.theirs();

    @Option(names = "--from", paramLabel = "ADDRESS", description = "our address")
    private String ours = Chat.Opening.USUAL.ours();

    @Option(
        names = "--at",
        paramLabel = "TIME",
        description = "where the clock begins, such as ${DEFAULT-VALUE}",
        converter = Moment.class,
        defaultValue = "2026-03-01T18:00:00Z")
    private Instant at;

    List<String> others() {
      return others;
    }

    ServiceSurroundings surroundings() throws FlowSets.Unusable {
      return ServiceSurroundings.of(tagging);
    }
  }

  /// Reads a time.
  static final class Moment implements ITypeConverter<Instant> {

    @Override
    public Instant convert(String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException _) {
        throw new TypeConversionException(
            text + " is no time with its offset, such as 2026-03-01T18:00:00Z");
      }
    }
  }

  @ParentCommand private FlowCommand flow;

  @Parameters(paramLabel = "FILE")
  private Path file;

  @Mixin private final Beginning beginning = new Beginning();

  @Override
  public Integer call() {
    ChatSession session = new ChatSession(flow.terminal());
    Screen screen = ChatSession.screen();
    try (ServiceSurroundings surroundings = beginning.surroundings()) {
      return begin(flow.terminal(), file, beginning, new Around(surroundings, screen))
          .map(chat -> session.hold(chat, screen))
          .orElse(ExitCode.USAGE);
    } catch (FlowSets.Unusable e) {
      flow.terminal().complain(String.valueOf(e.getMessage()));
      return ExitCode.USAGE;
    }
  }

  /// What is around a chat.
  record Around(ServiceSurroundings surroundings, Screen screen) {}

  /// A chat with the flow in a file; empty where there is none, which is said.
  static Optional<Chat> begin(
      FlowTerminal terminal, Path file, Beginning beginning, Around around) {
    Optional<Values> parameters = object(beginning.request);
    if (parameters.isEmpty()) {
      terminal.complain("--request must be a JSON object: " + beginning.request);
      return Optional.empty();
    }
    Chat.Library library =
        () -> {
          try {
            return new Chat.Loading.Loaded(FlowSets.read(file, beginning.others, Map.of()));
          } catch (FlowSets.Unusable e) {
            return new Chat.Loading.Broken(String.valueOf(e.getMessage()));
          }
        };
    return switch (library.load()) {
      case Chat.Loading.Broken(var problem) -> {
        terminal.complain(problem);
        yield Optional.empty();
      }
      case Chat.Loading.Loaded(FlowSet flows) ->
          Optional.of(
              new Chat(
                  library,
                  flows,
                  new Chat.Opening(
                      beginning.message ? Optional.empty() : parameters,
                      beginning.ours,
                      beginning.theirs,
                      beginning.at),
                  around.surroundings(),
                  around.screen()));
    };
  }

  @SuppressWarnings("unchecked") // JSON objects have texts as keys
  private static Optional<Values> object(String json) {
    return Json.parse(json).orElse("") instanceof Map<?, ?> map
        ? Optional.of(new Values((Map<String, Object>) map))
        : Optional.empty();
  }
}
