package io.parley.engine.desk;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/// What somebody asks who waits in the queue, by rules: where they stand, or to be called.
public enum Asking {
  /// `where am I in the line?`, `anybody there?`, `cuánto falta`
  POSITION,
  /// `CALL`, `please call me back`, `llámame`
  CALL,
  NOTHING;

  private static final Pattern NO_CALL =
      Pattern.compile("\\b(do not|don'?t|dont|never|stop|no) (call|ring|phone)");

  private static final Pattern CALLS =
      Pattern.compile(
          "^(call|callback|call back|ring|phone)[.! ]*$"
              + "|\\b(call|ring|phone)( me| us)?( back)? ?(please|when|as soon|later|asap|tomorrow|today)"
              + "|\\b(call|ring|phone) me\\b|\\bcall back\\b|\\bcallback\\b|\\bgive me a (call|ring)\\b"
              + "|\\bllamame\\b|\\bllamenme\\b|\\bme puede[ns]? llamar\\b"
              + "|\\brappelez[- ]moi\\b|\\bappelez[- ]moi\\b"
              + "|\\bruf(en sie)? mich\\b|\\bruckruf\\b"
              + "|\\bme liga(r)?\\b|\\bligue[- ]me\\b");

  private static final Pattern ASKS =
      Pattern.compile(
          "\\b(position|place|spot|number) in (the |your )?(queue|line)\\b"
              + "|\\bwhere (am i|do i stand)\\b|\\b(in|the) (queue|line)\\b.*\\?"
              + "|\\bhow (much longer|long|many)\\b(?!.*\\b(ship|deliver|arrive|order|return|refund|last)).*\\??"
              + "|\\b(any ?(one|body)|some ?(one|body)|you) (still )?(there|here|available)\\b"
              + "|\\bstill (there|waiting)\\b|\\bhello ?\\?+|^\\?+$|\\bany (update|news)\\b"
              + "|\\bcuanto (falta|tarda|tiempo)\\b|\\bhay alguien\\b|\\bsigo esperando\\b"
              + "|\\bcombien de temps\\b|\\bil y a quelqu'?un\\b"
              + "|\\bwie lange\\b|\\bist (da )?jemand\\b"
              + "|\\bquanto tempo\\b|\\btem alguem\\b");

  /// Case and accents do not count.
  public static Asking of(String text) {
    String plain =
        Normalizer.normalize(text, Normalizer.Form.NFD)
            .replaceAll("\\p{M}", "")
            .replace('’', '\'')
            .toLowerCase(Locale.ROOT)
            .strip();
    if (CALLS.matcher(plain).find() && !NO_CALL.matcher(plain).find()) {
      return CALL;
    }
    return ASKS.matcher(plain).find() ? POSITION : NOTHING;
  }
}
