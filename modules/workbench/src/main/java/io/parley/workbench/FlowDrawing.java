package io.parley.workbench;

import io.parley.engine.flow.Flow;
import io.parley.workbench.Picture.Arrow;
import io.parley.workbench.Picture.Box;
import io.parley.workbench.Picture.Taken;
import java.util.List;
import java.util.Locale;

/// Draws flows.
public final class FlowDrawing {

  /// Between two lines of a label.
  private static final double LINE = 12;

  private FlowDrawing() {}

  /// A Mermaid flowchart, as Markdown readers show it.
  public static String mermaid(Flow flow) {
    return mermaid(Picture.of(flow));
  }

  /// As [#mermaid(Flow)], with how often each exit was taken. What never was is dotted and says so.
  public static String mermaid(Flow flow, Traffic traffic) {
    return mermaid(Picture.of(flow, traffic));
  }

  private static String mermaid(Picture picture) {
    StringBuilder out = new StringBuilder("flowchart TD\n");
    for (int i = 0; i < picture.boxes().size(); i++) {
      out.append("  w").append(i).append(shape(picture.boxes().get(i))).append('\n');
    }
    for (Arrow arrow : picture.arrows()) {
      out.append(
          "  w%d %s|\"%s\"| w%d\n"
              .formatted(
                  arrow.from(),
                  arrow.isUntaken() ? "-.->" : "-->",
                  escape(arrow.label()),
                  arrow.to()));
    }
    return out.toString();
  }

  private static String shape(Box box) {
    String detail = box.detail().isEmpty() ? "" : "<br/>" + escape(box.detail());
    String ends = box.ends().isEmpty() ? "" : "<br/>ends here: " + escape(box.ends());
    String text = "\"" + escape(box.name()) + detail + ends + "\"";
    return switch (box.kind()) {
      case TRIGGER -> "([" + text + "])";
      case MESSAGE -> "[" + text + "]";
      case QUESTION -> "[/" + text + "/]";
      case SPLIT -> "{" + text + "}";
      case VARIABLES -> "[[" + text + "]]";
      case CALL -> "(" + text + ")";
      case HUMAN -> "[\\" + text + "/]";
      case WAIT -> "{{" + text + "}}";
      case OTHER -> ">" + text + "]";
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
    return svg(title, Picture.of(flow));
  }

  /// As [#svg(String, Flow)], with how often each exit was taken. The more often an arrow was, the
  /// broader it is; what never was is dotted and says so.
  public static String svg(String title, Flow flow, Traffic traffic) {
    return svg(title, Picture.of(flow, traffic));
  }

  private static String svg(String title, Picture picture) {
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
            markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="#667"/></marker></defs>
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
    String dashes = path.back() ? " stroke-dasharray=\"5 3\"" : "";
    if (path.arrow().isUntaken()) {
      dashes = " stroke-dasharray=\"0.1 4\" stroke-linecap=\"round\" stroke-width=\"1.5\"";
    } else if (path.arrow().count() > 0) {
      double width = Math.min(5, 1 + Math.log10((double) path.arrow().count()));
      dashes += String.format(Locale.ROOT, " stroke-width=\"%.1f\"", width);
    }
    out.append(
        "<path d=\"%s\" fill=\"none\" stroke=\"#667\"%s marker-end=\"url(#tip)\"/>\n"
            .formatted(path.line(), dashes));
  }

  /// All ways on one line where nothing is counted, else each with its count on one of its own.
  private static void label(Layout.Path path, StringBuilder out) {
    List<Taken> ways = path.arrow().ways();
    boolean counted = ways.stream().anyMatch(it -> it.count().isPresent());
    List<String> lines =
        counted
            ? ways.stream().map(it -> Picture.cut(it.when()) + it.said()).toList()
            : List.of(Picture.cut(path.arrow().label()));
    for (int i = 0; i < lines.size(); i++) {
      text(path.labelX(), path.labelY() + i * LINE, lines.get(i), out);
    }
  }

  private static void text(double x, double y, String line, StringBuilder out) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"10\" text-anchor=\"middle\" fill=\"#445\""
                + " stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\">%s</text>\n",
            x,
            y,
            xml(line)));
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
    if (!box.ends().isEmpty()) {
      text(place.x(), place.y() + Layout.HEIGHT + LINE, "ends here: " + box.ends(), out);
    }
  }

  private static String colour(Picture.Kind kind) {
    return switch (kind) {
      case TRIGGER -> "#e6e6ef";
      case MESSAGE -> "#ddeefc";
      case QUESTION -> "#d9f2e3";
      case SPLIT -> "#fdf0cf";
      case VARIABLES -> "#f0e4f7";
      case CALL -> "#e2ecee";
      case HUMAN -> "#fbe3c8";
      case WAIT -> "#eeeeda";
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
