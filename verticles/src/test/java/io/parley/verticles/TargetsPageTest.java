package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.desk.DeskRules;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The examples of TARGETS.md.
class TargetsPageTest {

  private static final Path PAGE =
      Path.of(System.getProperty("parley.root", "."), "modules/targets/TARGETS.md");

  @Test
  void eachExampleOfATargetMayBeTakenAsItStands() throws IOException {
    List<String> examples = blocks("yaml");

    assertThat(examples).hasSize(5);
    assertThat(examples)
        .allSatisfy(
            it ->
                assertThat(DeskFile.read(file(it)))
                    .as(it)
                    .isInstanceOf(DeskRules.Reading.Valid.class));
  }

  /// An example is a file, or a line of its `targets`.
  private static String file(String example) {
    String sids = example.replaceAll("\\b(AC|WS|WW)\\.\\.\\.", "$1" + "0".repeat(32));
    return sids.startsWith("topics:") ? sids : "targets:\n  " + sids;
  }

  @Test
  void whatIsToldAndAnsweredIsJsonWithATypeAndAHandoff() throws IOException {
    List<JsonObject> told =
        blocks("json").stream()
            .flatMap(it -> Pattern.compile("\n(?=\\{)").splitAsStream(it))
            .map(JsonObject::new)
            .toList();

    assertThat(told)
        .extracting(it -> it.getString("type"))
        .containsExactly(
            "handoff.opened",
            "handoff.message",
            "handoff.closed",
            "ping",
            "message",
            "close",
            "return");
    assertThat(told).allSatisfy(it -> assertThat(it.getString("handoff")).isNotNull());
  }

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(PAGE))
        .results()
        .map((MatchResult it) -> it.group(1))
        .toList();
  }
}
