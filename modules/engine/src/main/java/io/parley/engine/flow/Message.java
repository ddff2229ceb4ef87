package io.parley.engine.flow;

import io.parley.engine.Address;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Values;
import java.util.List;

/// What a messaging widget sends, as templates.
///
/// @param from our address, or in a Conversations channel an author's name
/// @param mediaUrls at most ten, blank ones are left out when rendered
/// @param contentSid an approved template instead of the body; empty text where there is none
/// @param contentVariables the template's variables by key (`1`, or `{{1}}` as Studio's editor
/// shows it)
public record Message(
    String from, String body, List<String> mediaUrls, String contentSid, Values contentVariables) {

  public Message {
    mediaUrls = List.copyOf(mediaUrls);
  }

  /// Adds the rendered message to the scene.
  EffectId sendTo(Address to, Scene scene) {
    return scene.send(sender(scene), to, content(scene));
  }

  /// A widget's `from` is an address only where it looks like one; elsewhere it is an author's
  /// name, and
  /// the thread's own address speaks.
  private Address sender(Scene scene) {
    String rendered = scene.text(from).strip();
    boolean address =
        rendered.startsWith("+")
            || rendered.startsWith("whatsapp:")
            || rendered.matches("MG[0-9a-f]{32}|\\d{3,8}");
    return address ? new Address(rendered) : scene.ours();
  }

  private Effect.Content content(Scene scene) {
    String template = scene.text(contentSid).strip();
    if (!template.isEmpty()) {
      Values variables = Values.EMPTY;
      for (var variable : contentVariables.entries().entrySet()) {
        String key = variable.getKey().replaceAll("[{}\\s]", "");
        variables = variables.with(key, scene.text(String.valueOf(variable.getValue())));
      }
      return new Effect.Content.Template(template, variables);
    }
    List<String> media =
        mediaUrls.stream().map(scene::text).map(String::strip).filter(u -> !u.isEmpty()).toList();
    return new Effect.Content.Text(scene.text(body), media);
  }
}
