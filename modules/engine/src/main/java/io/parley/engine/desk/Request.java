package io.parley.engine.desk;

import io.parley.engine.Conversation;
import io.parley.engine.Execution;
import io.parley.engine.Json;
import io.parley.engine.Person;
import io.parley.engine.Values;
import io.parley.engine.offers.Friction.Signal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of a conversation that asks for a person, as routing looks at it.
///
/// @param reason `widget`, `tag:human_agent`, `untagged`, `taken` ...
/// @param topic the one that whoever handed over asked for
/// @param tags what the contact's replies have meant so far
/// @param attributes what a widget gave with it
/// @param data the payload of the trigger
public record Request(
    String reason,
    Optional<String> topic,
    Set<String> skills,
    int priority,
    Origin origin,
    List<String> tags,
    Person person,
    Values attributes,
    Values data) {

  /// Where it comes from.
  ///
  /// @param flow its name
  /// @param widget empty text where no widget handed over
  /// @param channel `sms`, `whatsapp`, `conversation`
  public record Origin(String flow, String widget, String channel) {}

  public Request {
    skills = new LinkedHashSet<>(skills);
    tags = List.copyOf(tags);
  }

  /// @param asked what was said of it when it was handed over
  /// @param frozen the conversation as it was then
  public static Request of(Values asked, Origin origin, Conversation frozen) {
    List<String> tags = new ArrayList<>();
    frozen.bargain().friction().signals().stream().map(Signal::name).forEach(tags::add);
    String reason = asked.text("reason").orElse("widget");
    if (reason.startsWith("tag:")) {
      tags.add(reason.substring("tag:".length()));
    }
    return new Request(
        reason,
        asked.text("topic").map(String::strip).filter(it -> !it.isEmpty()),
        words(asked.entries().get("skills")),
        priority(asked),
        origin,
        tags.stream().distinct().toList(),
        frozen.person(),
        attributes(asked),
        frozen.execution().map(Execution::data).orElse(Values.EMPTY));
  }

  private static Set<String> words(@Nullable Object value) {
    Set<String> words = new LinkedHashSet<>();
    List<?> all =
        switch (value) {
          case String text -> List.of(text.split(",", -1));
          case List<?> list -> list;
          case null, default -> List.of();
        };
    for (Object each : all) {
      String word = String.valueOf(each).strip();
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }

  /// A number, or a text of one; 0 where it is none.
  private static int priority(Values asked) {
    Object value = asked.entries().get("priority");
    String text = value == null ? "" : String.valueOf(value).strip();
    return text.matches("-?\\d{1,6}") ? Integer.parseInt(text) : 0;
  }

  private static Values attributes(Values asked) {
    Values given = asked.object("attributes");
    return given.isEmpty()
        ? asked
            .text("attributes")
            .flatMap(Json::parse)
            .filter(it -> it instanceof Map<?, ?>)
            .map(it -> Values.of("it", it).object("it"))
            .orElse(Values.EMPTY)
        : given;
  }
}
