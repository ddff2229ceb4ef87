package io.parley.targets;

/// What is left of a little HTML, as editors of tickets write it, where only text can be sent.
final class PlainText {

  private PlainText() {}

  static String of(String html) {
    return html.replaceAll("(?is)<(script|style|blockquote)\\b.*?</\\1>", "")
        .replaceAll("\\s*\\R\\s*", " ")
        .replaceAll("(?i)<br\\s*/?>", "\n")
        .replaceAll("(?i)</(p|div|li|h[1-6]|tr)>", "\n")
        .replaceAll("<[^>]*>", "")
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
        .replaceAll("[ \\t]+\\n", "\n")
        .replaceAll("\\n{3,}", "\n\n")
        .strip();
  }
}
