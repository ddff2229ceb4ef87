package io.parley.engine.liquid;

import io.parley.engine.Json;
import java.util.Map;
import liqp.RenderTransformer;
import liqp.TemplateContext;
import liqp.parser.Inspectable;

/// Gathers rendered text and gives up as soon as there is too much of it.
record BoundedText(int maxLength) implements RenderTransformer {

  @Override
  public ObjectAppender.Controller newObjectAppender(TemplateContext context, int appends) {
    return new Gathered(new StringBuilder(), maxLength);
  }

  @Override
  public Object transformObject(TemplateContext context, Object value) {
    return text(value);
  }

  private static String text(Object value) {
    return switch (value) {
      case null -> "";
      case Map<?, ?> object -> Json.print(object);
      case Number number -> Json.number(number);
      case Inspectable _ -> ""; // the library's own `forloop`
      default -> value.toString();
    };
  }

  private record Gathered(StringBuilder text, int maxLength) implements ObjectAppender.Controller {

    @Override
    public void append(Object value) {
      text.append(BoundedText.text(value));
      if (text.length() > maxLength) {
        throw new IllegalStateException("the text is longer than " + maxLength + " characters");
      }
    }

    @Override
    public Object getResult() {
      return text.toString();
    }
  }
}
