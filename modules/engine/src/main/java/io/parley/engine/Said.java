package io.parley.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A text within a message.
///
/// @param where `body`, `variable 1` or `media 1`
record Said(String where, String text) {

  /// All texts of a message.
  static List<Said> all(Effect.Content content) {
    List<Said> texts = new ArrayList<>();
    switch (content) {
      case Effect.Content.Text(var body, var media) -> {
        texts.add(new Said("body", body));
        media.forEach(url -> texts.add(new Said("media " + texts.size(), url)));
      }
      case Effect.Content.Template(var _, var variables) ->
          variables
              .entries()
              .forEach(
                  (key, value) -> texts.add(new Said("variable " + key, String.valueOf(value))));
    }
    return texts;
  }

  /// Whether a message says a code.
  static boolean carries(Effect.Content content, String code) {
    String small = code.toLowerCase(Locale.ROOT);
    return all(content).stream().anyMatch(it -> it.text().toLowerCase(Locale.ROOT).contains(small));
  }
}
