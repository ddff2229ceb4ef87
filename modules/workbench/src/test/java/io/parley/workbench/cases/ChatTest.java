package io.parley.workbench.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ChatTest {

  @Test
  void whatIsSaidAndThePathAreShown() {
    Chat chat = chat(Screen.PLAIN, Optional.empty());

    assertThat(chat.open()).contains("shop with +14155550100").contains("no flow runs");
    assertThat(chat.enter("hello").text())
        .isEqualTo(
            """
            > hello
              · Trigger incomingMessage -> hello
              · hello sent -> who
              · name/Trigger incomingParent -> ask
            < Hello! Here we are: [https://shop.example/team.jpg]
            < What is your name?
              at name/ask, waiting for a reply until 2026-03-01T18:10:00Z (10m)
            """);
  }

  @Test
  void aRequestAsksForItsAnswer() {
    Chat chat = chat(Screen.PLAIN, Optional.of(Values.of("item", "pen")));

    assertThat(chat.open())
        .contains("? GET https://stock.example/items/pen?colour=")
        .contains(":http 200 {...} answers it");
    assertThat(chat.enter(":http 200 {\"in_stock\": true}").text())
        .contains("in_stock match -> offer");
    assertThat(chat.enter(":report undelivered 30003").text()).contains("offer deliveryFailure");
  }

  @Test
  void anEmptyLineAnswersWithAnEmptyObject() {
    Chat chat = chat(Screen.PLAIN, Optional.of(Values.EMPTY));
    chat.open();

    assertThat(chat.enter("").text()).contains("check success -> in_stock");
    assertThat(chat.enter("").text()).isEmpty();
  }

  @Test
  void whatIsNotUnderstoodIsSaidAndChangesNothing() {
    Chat chat = chat(Screen.PLAIN, Optional.empty());
    chat.open();

    for (String line :
        List.of(
            ":foo", ":after x", ":at x", ":http x", ":fail x", ":report x", ":event", ":media")) {
      assertThat(chat.enter(line).text()).hasLineCount(2);
    }
    assertThat(chat.enter(":request [1]").text()).contains("no JSON object");
    assertThat(chat.enter(":timeout").text()).contains("cannot be done: nothing times out");
    assertThat(chat.enter(":path").text()).contains("no flow runs");
  }

  @Test
  void aFlowThatHeedsConversationsOnlyIsSpokenToInOne() {
    FlowSet flows =
        FlowSet.of(
            "name",
            Sets.flow(
                Sets.text("/cases/name.json")
                    .replace("incomingParent", "incomingConversationMessage")));
    Chat chat =
        new Chat(
            () -> new Chat.Loading.Loaded(flows),
            flows,
            Chat.Opening.USUAL,
            Sets.SURROUNDINGS,
            Screen.PLAIN);
    chat.open();

    assertThat(chat.enter("hi").text()).contains("incomingConversationMessage -> ask");
    assertThat(Sets.lines(CaseRun.run(read(chat.asCase("held")), flows, Sets.SURROUNDINGS)))
        .isEmpty();
  }

  private static FlowCase read(String yaml) {
    return CaseReader.read("c.yaml", yaml).cases().getFirst();
  }

  @Test
  void everyCommandOfTheHelpIsKnown() {
    Chat chat = chat(Screen.PLAIN, Optional.empty());
    String help = chat.enter(":help").text();

    List<String> commands =
        Pattern.compile(":([a-z]+)")
            .matcher(help)
            .results()
            .map(it -> it.group(1))
            .distinct()
            .toList();
    assertThat(commands).hasSize(27);
    for (String command : commands) {
      assertThat(chat.enter(":" + command).text()).doesNotContain("there is no command");
    }
  }

  @Test
  void whatWasHeldPassesAsACase() {
    Chat chat = chat(Screen.PLAIN, Optional.of(Values.of("item", "pen")));
    chat.open();
    for (String line :
        List.of(
            ":http fails timeout",
            ":http 503 busy",
            ":timeout",
            ":after 1h30m",
            "anybody?",
            ":request {\"item\": \"two\\nlines: of # text\", \"n\": [1, {\"a\": \"b, c\"}]}",
            ":http 200 {\"in_stock\": true}",
            ":fail 30008",
            "yes",
            ":return {\"score\": \"1\"}",
            ":nonsense",
            ":stop")) {
      chat.enter(line);
    }
    Chat.Saving saving = chat.enter(":save cases/held by hand.yaml").saving().orElseThrow();

    assertThat(saving.file()).isEqualTo("cases/held by hand.yaml");
    assertThat(saving.text()).startsWith("name: held by hand\n");
    CaseResult result = Sets.run(saving.text());
    assertThat(Sets.lines(result)).isEmpty();
    assertThat(result.acts()).hasSizeGreaterThan(11);
  }

  @Test
  void aFlowThatWasEditedIsReadAnewAndPlayedAgain() {
    FlowSet edited =
        FlowSet.of(
            "shop", Sets.flow(Sets.text("/cases/shop.json").replace("Here we are:", "Welcome!")));
    List<Chat.Loading> loadings =
        new ArrayList<>(
            List.of(new Chat.Loading.Broken("no JSON"), new Chat.Loading.Loaded(edited)));
    Chat chat =
        new Chat(
            loadings::removeFirst,
            Sets.SHOP,
            new Chat.Opening(Optional.empty(), "+15005550006", "+14155550100", Setting.BEGINNING),
            Sets.SURROUNDINGS,
            Screen.PLAIN);
    chat.open();
    chat.enter("hello");

    assertThat(chat.enter(":reload").text()).contains("the flow stays as it was: no JSON");
    assertThat(chat.enter(":reload").text()).contains("says: hello").contains("< Hello! Welcome!");
  }

  @Test
  void aWideTerminalShowsThePathBesideWhatIsSaid() {
    Chat chat = chat(new Screen(100, true, true), Optional.empty());
    chat.open();

    assertThat(chat.enter("hello").text())
        .startsWith(
            "< Hello! Here we are: [https://shop.example/team.jpg]"
                + " ".repeat(9)
                + "\u001b[2mTrigger incomingMessage -> hello\u001b[0m\n");
  }

  private static Chat chat(Screen screen, Optional<Values> parameters) {
    return new Chat(
        () -> new Chat.Loading.Loaded(Sets.SHOP),
        Sets.SHOP,
        new Chat.Opening(parameters, "+15005550006", "+14155550100", Setting.BEGINNING),
        Sets.SURROUNDINGS,
        screen);
  }
}
