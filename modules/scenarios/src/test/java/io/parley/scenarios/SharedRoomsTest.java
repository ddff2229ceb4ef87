package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parley.engine.Awaiting;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Execution;
import io.parley.engine.Values;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.Trigger;
import io.parley.intents.KeywordTagger;
import io.parley.testkit.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Public flows that begin in a conversation, where there are any beside the checkout.
class SharedRoomsTest {

  private static final Path FLOWS =
      Path.of(System.getProperty("parley.root", "."), "../shared/data/studio-flows");
  private static final KeywordTagger TAGGER = new KeywordTagger();

  @Test
  void eachIsHeldInItsConversationFromItsFirstMessageOn() throws IOException {
    assumeTrue(Files.isDirectory(FLOWS), "no public flows beside the checkout: " + FLOWS);
    List<String> held = new ArrayList<>();
    try (Stream<Path> files = Files.list(FLOWS)) {
      for (Path file : files.sorted().toList()) {
        Flow flow = Flows.read(Files.readString(file));
        if (beginsInConversation(flow)) {
          hold(flow);
          held.add(file.getFileName().toString());
        }
      }
    }

    assertThat(held).hasSizeGreaterThanOrEqualTo(5);
  }

  private static boolean beginsInConversation(Flow flow) {
    return flow.widget(flow.initialState())
        .flatMap(trigger -> trigger.next(Trigger.INCOMING_CONVERSATION_MESSAGE))
        .isPresent();
  }

  private static void hold(Flow flow) {
    Scenario scenario =
        Scenario.inRoom(
                "shared", flow, (parameters, contact) -> TAGGER.tag(parameters, contact).tags())
            .bound();

    scenario.write(Scenario.ROOM, "+14155550142", "hi");
    for (int i = 0; i < 20; i++) {
      goOn(scenario);
    }

    assertThat(scenario.path().getFirst().event()).isEqualTo(Trigger.INCOMING_CONVERSATION_MESSAGE);
    assertThat(scenario.sent())
        .extracting(Effect.Send::to)
        .allSatisfy(to -> assertThat(to).isEqualTo(Scenario.ROOM));
  }

  private static void goOn(Scenario scenario) {
    Optional<Awaiting> awaiting =
        scenario.conversation().execution().map(Execution::position).map(it -> it.awaiting());
    if (awaiting.isPresent() && awaiting.get() instanceof Awaiting.CallAnswer(var call)) {
      scenario.take(new Event.CallAnswered(call, 200, "application/json", "{}", Values.EMPTY));
    } else {
      scenario.write(Scenario.ROOM, "+14155550142", "1");
    }
  }
}
