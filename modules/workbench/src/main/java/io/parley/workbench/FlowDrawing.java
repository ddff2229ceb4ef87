package io.parley.workbench;

import io.parley.engine.flow.Flow;
import io.parley.workbench.Picture.Arrow;
import io.parley.workbench.Picture.Box;
import java.util.Locale;

/// Draws flows.
public final class FlowDrawing {

  private FlowDrawing() {}

  /// A Mermaid flowchart, as Markdown readers show it.
  public static String mermaid(Flow flow) {
    Picture picture = Picture.of(flow);
    StringBuilder out = new StringBuilder("flowchart TD\n");
    for (int i = 0; i < picture.boxes().size(); i++) {
      out.append("  w").append(i).append(shape(picture.boxes().get(i))).append('\n');
    }
    for (Arrow arrow : picture.arrows()) {
      out.append(
          "  w%d -->|\"%s\"| w%d\n".formatted(arrow.from(), escape(arrow.label()), arrow.to()));
    }
    return out.toString();
  }

  private static String shape(Box box) {
    String detail = box.detail().isEmpty() ? "" : "<br/>" + escape(box.detail());
    String text = "\"" + escape(box.name()) + detail + "\"";
    return switch (box.kind()) {
      case TRIGGER -> "([" + text + "])";
      case MESSAGE -> "[" + text + "]";
      case QUESTION -> "[/" + text + "/]";
      case SPLIT -> "{" + text + "}";
      case VARIABLES -> "[[" + text + "]]";
      case OTHER -> "(" + text + ")";
    };
  }

  private static String escape(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if ("\"#<>&`|\\".indexOf(c) >= 0) {
                out.append('#').append(c).append(';');
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  /// A picture that needs nothing else: no script, no font, no style from outside.
  ///
  /// @param title what the picture is called by those who can not see it
  public static String svg(String title, Flow flow) {
    Picture picture = Picture.of(flow);
    Layout layout = Layout.of(picture);
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$.0f %2$.0f" width="%1$.0f" \
            height="%2$.0f" role="img" font-family="system-ui, sans-serif" font-size="12">
            <title>%3$s</title>
            <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" \
            markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#667"/></marker></defs>
            <rect width="100%%" height="100%%" fill="#fff"/>
            """,
            layout.width(),
            layout.height(),
            xml(title)));
    layout.paths().forEach(path -> draw(path, out));
    for (int i = 0; i < picture.boxes().size(); i++) {
      draw(picture.boxes().get(i), layout.places().get(i), out);
    }
    layout.paths().forEach(path -> label(path, out));
    return out.append("</svg>\n").toString();
  }

  private static void draw(Layout.Path path, StringBuilder out) {
    out.append(
        "<path d=\"%s\" fill=\"none\" stroke=\"#667\"%s marker-end=\"url(#tip)\"/>\n"
            .formatted(path.line(), path.back() ? " stroke-dasharray=\"5 3\"" : ""));
  }

  private static void label(Layout.Path path, StringBuilder out) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"10\" text-anchor=\"middle\" fill=\"#445\""
                + " stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\">%s</text>\n",
            path.labelX(),
            path.labelY(),
            xml(Picture.cut(path.label()))));
  }

  private static void draw(Box box, Layout.Place place, StringBuilder out) {
    out.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\" fill=\"%s\""
                + " stroke=\"#667\"/>\n<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\""
                + " font-weight=\"600\">%s</text>\n",
            place.x() - place.width() / 2,
            place.y(),
            place.width(),
            Layout.HEIGHT,
            box.kind() == Picture.Kind.TRIGGER ? 22 : 6,
            colour(box.kind()),
            place.x(),
            place.y() + (box.detail().isEmpty() ? 26 : 19),
            xml(box.name())));
    if (!box.detail().isEmpty()) {
      out.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" font-size=\"10\""
                  + " fill=\"#445\">%s</text>\n",
              place.x(),
              place.y() + 34,
              xml(box.detail())));
    }
  }

  private static String colour(Picture.Kind kind) {
    return switch (kind) {
      case TRIGGER -> "#e6e6ef";
      case MESSAGE -> "#ddeefc";
      case QUESTION -> "#d9f2e3";
      case SPLIT -> "#fdf0cf";
      case VARIABLES -> "#f0e4f7";
      case OTHER -> "#f4dddd";
    };
  }

  private static String xml(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
