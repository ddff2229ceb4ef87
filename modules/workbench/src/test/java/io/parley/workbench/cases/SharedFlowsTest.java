package io.parley.workbench.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parley.engine.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Public flows that stand beside the checkout where there are any.
final class SharedFlowsTest {

  private static final Path FLOWS =
      Path.of(System.getProperty("parley.root", "."), "../shared/data/studio-flows");

  private static final List<String> LINES =
      List.of(
          "hello",
          "yes",
          "",
          ":http 200 {\"a\": {\"b\": [1]}}",
          ":http fails timeout",
          "2",
          "no",
          ":timeout",
          ":close done",
          ":report delivered",
          ":after 31d",
          "hi",
          ":stop");

  @Test
  void aConversationThatWasHeldWithAnyOfThemPassesAsACase() throws IOException {
    assumeTrue(Files.isDirectory(FLOWS), "no public flows beside the checkout: " + FLOWS);
    int hops = 0;
    try (Stream<Path> files = Files.list(FLOWS)) {
      for (Path file : files.sorted().toList()) {
        FlowSet flows = FlowSet.of("shared", Sets.flow(Files.readString(file)));
        Chat chat =
            new Chat(
                () -> new Chat.Loading.Loaded(flows),
                flows,
                new Chat.Opening(
                    Optional.of(Values.of("first_name", "Jane")),
                    "+15005550006",
                    "+14155550100",
                    Setting.BEGINNING),
                Sets.SURROUNDINGS,
                Screen.PLAIN);
        chat.open();
        LINES.forEach(chat::enter);
        CaseReader.Reading reading = CaseReader.read(file.toString(), chat.asCase("held"));
        assertThat(reading.problems()).as(file.toString()).isEmpty();
        CaseResult result = CaseRun.run(reading.cases().getFirst(), flows, Sets.SURROUNDINGS);
        assertThat(Sets.lines(result)).as(file.toString()).isEmpty();
        hops += result.heard().path().size();
      }
    }
    assertThat(hops).isGreaterThan(100);
  }
}
