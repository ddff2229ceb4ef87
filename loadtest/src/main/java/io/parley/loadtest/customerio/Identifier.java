package io.parley.loadtest.customerio;

import java.util.Locale;

/// What a request names a person by: `kind` is `id`, `email`, `phone`, `cio_id` or `anonymous_id`.
public record Identifier(String kind, String value) {

  public Identifier {
    if (kind.equals("email")) {
      value = value.toLowerCase(Locale.ROOT);
    }
  }

  /// Reads the identifier in the path of a v1 request.
  static Identifier ofPath(String text) {
    if (text.startsWith("cio_")) {
      return new Identifier("cio_id", text.substring("cio_".length()));
    }
    return new Identifier(text.contains("@") ? "email" : "id", text);
  }

  @Override
  public String toString() {
    return kind + ":" + value;
  }
}
