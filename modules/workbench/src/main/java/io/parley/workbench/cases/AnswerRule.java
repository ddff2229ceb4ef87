package io.parley.workbench.cases;

import java.util.Optional;
import java.util.regex.Pattern;

/// Which requests an answer is for. A rule with neither widget nor url is for all of them.
///
/// @param url `*` stands for anything
/// @param times after so many requests the rule is used up
record AnswerRule(
    Optional<String> widget, Optional<String> url, Optional<Integer> times, Answer answer) {

  boolean isFor(Asked asked) {
    return widget.map(asked.widget()::equals).orElse(true)
        && url.map(it -> matches(it, asked.url())).orElse(true);
  }

  /// Whether a text is what a pattern says, in which `*` stands for anything.
  static boolean matches(String pattern, String text) {
    StringBuilder regex = new StringBuilder();
    for (String part : pattern.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
  }
}
