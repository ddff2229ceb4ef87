package io.parley.workbench.cases;

import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// A message of ours.
///
/// @param widget that sent it
/// @param failure the code with which Twilio did not take it, if it did not
/// @param at when it left
record Utterance(String widget, Effect.Send send, OptionalInt failure, Instant at) {

  EffectId id() {
    return send.id();
  }

  String to() {
    return send.to().value();
  }

  String from() {
    return send.from().value();
  }

  /// Empty text for a template.
  String body() {
    return switch (send.content()) {
      case Effect.Content.Text text -> text.body();
      case Effect.Content.Template _ -> "";
    };
  }

  List<String> media() {
    return switch (send.content()) {
      case Effect.Content.Text text -> text.mediaUrls();
      case Effect.Content.Template _ -> List.of();
    };
  }

  /// The approved template's sid; empty text where it is none.
  String template() {
    return switch (send.content()) {
      case Effect.Content.Text _ -> "";
      case Effect.Content.Template template -> template.contentSid();
    };
  }

  Values variables() {
    return switch (send.content()) {
      case Effect.Content.Text _ -> Values.EMPTY;
      case Effect.Content.Template template -> template.variables();
    };
  }

  /// What the contact reads, on one line or several.
  String shown() {
    String text =
        template().isEmpty() ? body() : template() + " " + Json.print(variables().entries());
    return media().isEmpty() ? text : text + " [" + String.join(", ", media()) + "]";
  }

  /// As a case file says it: the text alone where that is all.
  ///
  /// @param contact the other side's address
  Object written(String contact) {
    boolean plain = media().isEmpty() && template().isEmpty() && to().equals(contact);
    return plain ? body() : entries(contact);
  }

  private Map<String, Object> entries(String contact) {
    Map<String, Object> entries = new LinkedHashMap<>();
    if (!to().equals(contact)) {
      entries.put("to", to());
    }
    if (template().isEmpty()) {
      entries.put("body", body());
    } else {
      entries.put("template", template());
      entries.put("variables", variables().entries());
    }
    if (!media().isEmpty()) {
      entries.put("media", media());
    }
    return entries;
  }
}
