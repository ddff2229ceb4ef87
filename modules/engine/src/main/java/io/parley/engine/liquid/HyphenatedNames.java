package io.parley.engine.liquid;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names with hyphens, which widgets often have. The library's lexer takes `widgets.Info-1` for
/// `widgets.Info` and something broken, but reads it well where white space stands before the dot.
final class HyphenatedNames {

  /// A quoted text, which stays as it is, or the dot before a name with a hyphen. The hyphen of
  /// `-}}` and `-%}` is no part of a name.
  private static final Pattern QUOTED_OR_DOT =
      Pattern.compile("'[^']*+'|\"[^\"]*+\"|(?<=\\w)(\\.)(?=\\w*+-(?![}%]))");

  private HyphenatedNames() {}

  static String setApart(String template) {
    return Tags.replaceEach(template, HyphenatedNames::inTag);
  }

  private static String inTag(String tag) {
    return QUOTED_OR_DOT
        .matcher(tag)
        .replaceAll(
            found -> Matcher.quoteReplacement(found.group(1) == null ? found.group() : " ."));
  }
}
