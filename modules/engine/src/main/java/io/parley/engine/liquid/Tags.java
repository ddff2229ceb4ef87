package io.parley.engine.liquid;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The pieces of a template from `{{` to `}}` and from `{%` to `%}`, found in one pass: a template
/// may be two million opening braces.
final class Tags {

  private static final Pattern START = Pattern.compile("\\{[{%]");
  private static final Pattern END = Pattern.compile("[}%]}");

  private Tags() {}

  /// The template with each of its tags replaced.
  static String replaceEach(String template, UnaryOperator<String> replacement) {
    StringBuilder out = new StringBuilder(template.length());
    Matcher start = START.matcher(template);
    Matcher end = END.matcher(template);
    int at = 0;
    while (start.find(at) && end.find(start.end())) {
      out.append(template, at, start.start());
      out.append(replacement.apply(template.substring(start.start(), end.end())));
      at = end.end();
    }
    return out.append(template, at, template.length()).toString();
  }

  /// Shows each tag of a template, in order.
  static void forEach(String template, Consumer<String> reader) {
    replaceEach(
        template,
        tag -> {
          reader.accept(tag);
          return tag;
        });
  }
}
