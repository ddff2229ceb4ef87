package io.parley.scenarios;

import io.parley.codec.FlowFiles;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Tag;
import io.parley.engine.Values;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReading;
import io.parley.intents.KeywordTagger;
import io.parley.testkit.Scenario;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// The sample flows, and scenarios in which they run.
final class Flows {

  static final List<String> NAMES =
      List.of(
          "agent",
          "call",
          "asking-loop",
          "colleague",
          "hours",
          "links",
          "long",
          "loop",
          "nothing",
          "notice",
          "repeat",
          "split",
          "survey",
          "tags",
          "variables");

  private static final KeywordTagger TAGGER = new KeywordTagger();

  private Flows() {}

  /// A conversation in which nothing has happened yet.
  static Scenario scenario(String name) {
    return scenario(name, flow(name));
  }

  static Scenario scenario(String name, Flow flow) {
    return Scenario.of(name, flow, Flows::keywords);
  }

  /// One in which replies mean what they are written with; see [Meanings].
  static Scenario meaning(String name) {
    return Scenario.of(name, flow(name), new Meanings());
  }

  static List<Tag> keywords(Values parameters, ContactFacts contact) {
    return TAGGER.tag(parameters, contact).tags();
  }

  /// One that is held in a conversation of Twilio Conversations.
  static Scenario roomScenario(String name) {
    return Scenario.inRoom(name, flow(name), Flows::keywords);
  }

  static Flow flow(String name) {
    try (InputStream file =
        Objects.requireNonNull(Flows.class.getResourceAsStream("/flows/" + name + ".json"))) {
      return read(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Flow read(String json) {
    return switch (FlowFiles.read(json)) {
      case FlowReading.Valid(var flow, var _) -> flow;
      case FlowReading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  /// Parameters of a trigger whose caller controls something.
  static Values controls(String name, Object value) {
    return Values.of("controls", Values.of(name, value));
  }
}
