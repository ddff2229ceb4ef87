package io.parley.engine.liquid;

import io.parley.engine.Warning;
import java.util.List;

/// What a template came to.
///
/// @param text empty where the template is broken or a limit was passed
/// @param warnings why it is empty then (81018)
public record Rendered(String text, List<Warning> warnings) {

  public Rendered {
    warnings = List.copyOf(warnings);
  }

  static Rendered of(String text) {
    return new Rendered(text, List.of());
  }

  static Rendered broken(String message) {
    return new Rendered("", List.of(new Warning(Warning.LIQUID, message)));
  }
}
