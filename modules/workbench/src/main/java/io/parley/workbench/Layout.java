package io.parley.workbench;

import io.parley.workbench.Picture.Arrow;
import io.parley.workbench.Picture.Box;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Where the boxes and arrows of a picture lie: in layers from the top, as Sugiyama's method has
/// it. Arrows against the stream are turned round, each box lies a layer below all that lead to it,
/// an arrow over several layers gets a joint in each, and joints and boxes of a layer are put in
/// the order of the middle of their neighbours.
///
/// @param places by box
record Layout(List<Place> places, List<Path> paths, double width, double height) {

  static final double HEIGHT = 44;

  private static final double LAYER = 110;
  private static final double GAP = 28;
  private static final double MARGIN = 24;
  private static final double JOINT = 12;
  private static final int SWEEPS = 8;

  /// @param x of its middle
  /// @param y of its upper edge
  record Place(double x, double y, double width) {}

  /// @param line of an SVG path
  /// @param back whether it leads up
  record Path(String line, Arrow arrow, double labelX, double labelY, boolean back) {}

  /// The nodes in the making: boxes first, then joints.
  private static final class Sheet {
    final List<Integer> layers = new ArrayList<>();
    final List<Double> widths = new ArrayList<>();
    final List<List<Integer>> above = new ArrayList<>();
    final List<List<Integer>> below = new ArrayList<>();
    double[] x = new double[0];

    int add(int layer, double width) {
      layers.add(layer);
      widths.add(width);
      above.add(new ArrayList<>());
      below.add(new ArrayList<>());
      return layers.size() - 1;
    }

    void join(int upper, int lower) {
      below.get(upper).add(lower);
      above.get(lower).add(upper);
    }
  }

  static Layout of(Picture picture) {
    List<Arrow> arrows = picture.arrows().stream().filter(it -> it.from() != it.to()).toList();
    boolean[] back = back(picture.boxes().size(), arrows);
    int[] layers = layers(picture.boxes().size(), arrows, back);
    Sheet sheet = new Sheet();
    for (int i = 0; i < layers.length; i++) {
      sheet.add(layers[i], width(picture.boxes().get(i)));
    }
    List<List<Integer>> chains = new ArrayList<>();
    for (int i = 0; i < arrows.size(); i++) {
      Arrow arrow = arrows.get(i);
      chains.add(
          back[i]
              ? chain(sheet, arrow.to(), arrow.from())
              : chain(sheet, arrow.from(), arrow.to()));
    }
    arrange(sheet);
    return drawn(picture, sheet, arrows, chains, back);
  }

  private static double width(Box box) {
    double name = box.name().length() * 7.4;
    double detail = box.detail().length() * 5.6;
    return Math.max(90, Math.max(name, detail) + 20);
  }

  /// Which arrows lead back to a box that the walk from the first box has not left yet.
  private static boolean[] back(int boxes, List<Arrow> arrows) {
    boolean[] back = new boolean[arrows.size()];
    int[] state = new int[boxes];
    IntStream.range(0, boxes).forEach(box -> visit(box, arrows, state, back));
    return back;
  }

  private static void visit(int box, List<Arrow> arrows, int[] state, boolean[] back) {
    if (state[box] != 0) {
      return;
    }
    state[box] = 1;
    for (int i = 0; i < arrows.size(); i++) {
      if (arrows.get(i).from() == box) {
        back[i] = state[arrows.get(i).to()] == 1;
        visit(arrows.get(i).to(), arrows, state, back);
      }
    }
    state[box] = 2;
  }

  /// The longest way to each box, so that all arrows but those back lead down.
  private static int[] layers(int boxes, List<Arrow> arrows, boolean[] back) {
    int[] layers = new int[boxes];
    boolean moved = true;
    while (moved) {
      moved = false;
      for (int i = 0; i < arrows.size(); i++) {
        int upper = back[i] ? arrows.get(i).to() : arrows.get(i).from();
        int lower = back[i] ? arrows.get(i).from() : arrows.get(i).to();
        if (layers[lower] <= layers[upper]) {
          layers[lower] = layers[upper] + 1;
          moved = true;
        }
      }
    }
    return layers;
  }

  private static List<Integer> chain(Sheet sheet, int upper, int lower) {
    List<Integer> chain = new ArrayList<>(List.of(upper));
    for (int layer = sheet.layers.get(upper) + 1; layer < sheet.layers.get(lower); layer++) {
      int joint = sheet.add(layer, JOINT);
      sheet.join(chain.getLast(), joint);
      chain.add(joint);
    }
    sheet.join(chain.getLast(), lower);
    chain.add(lower);
    return chain;
  }

  private static void arrange(Sheet sheet) {
    int count = sheet.layers.stream().mapToInt(it -> it + 1).max().orElse(0);
    List<List<Integer>> rows = new ArrayList<>();
    IntStream.range(0, count).forEach(_ -> rows.add(new ArrayList<>()));
    for (int node = 0; node < sheet.layers.size(); node++) {
      rows.get(sheet.layers.get(node)).add(node);
    }
    sheet.x = new double[sheet.layers.size()];
    rows.forEach(row -> spread(sheet, row, node -> List.of()));
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      IntFunction<List<Integer>> next = sweep % 2 == 0 ? sheet.above::get : sheet.below::get;
      for (List<Integer> row : sweep % 2 == 0 ? rows : rows.reversed()) {
        row.sort(Comparator.comparingDouble(node -> middle(sheet, node, next)));
        spread(sheet, row, next);
      }
    }
    double left =
        IntStream.range(0, sheet.x.length)
            .mapToDouble(node -> sheet.x[node] - sheet.widths.get(node) / 2)
            .min()
            .orElse(0);
    Arrays.setAll(sheet.x, node -> sheet.x[node] - left + MARGIN);
  }

  private static double middle(Sheet sheet, int node, IntFunction<List<Integer>> neighbours) {
    return neighbours.apply(node).stream()
        .mapToDouble(it -> sheet.x[it])
        .average()
        .orElse(sheet.x[node]);
  }

  /// Puts the nodes of a row as near to their neighbours' middle as the order and the gaps allow:
  /// halfway between what pushing from the left and pushing from the right come to.
  private static void spread(Sheet sheet, List<Integer> row, IntFunction<List<Integer>> next) {
    double[] wanted = row.stream().mapToDouble(node -> middle(sheet, node, next)).toArray();
    double[] fromLeft = wanted.clone();
    double[] fromRight = wanted.clone();
    for (int i = 1; i < wanted.length; i++) {
      double apart = apart(sheet, row.get(i - 1), row.get(i));
      fromLeft[i] = Math.max(wanted[i], fromLeft[i - 1] + apart);
    }
    for (int i = wanted.length - 2; i >= 0; i--) {
      double apart = apart(sheet, row.get(i), row.get(i + 1));
      fromRight[i] = Math.min(wanted[i], fromRight[i + 1] - apart);
    }
    for (int i = 0; i < wanted.length; i++) {
      sheet.x[row.get(i)] = (fromLeft[i] + fromRight[i]) / 2;
    }
  }

  private static double apart(Sheet sheet, int left, int right) {
    return (sheet.widths.get(left) + sheet.widths.get(right)) / 2 + GAP;
  }

  private static Layout drawn(
      Picture picture,
      Sheet sheet,
      List<Arrow> arrows,
      List<List<Integer>> chains,
      boolean[] back) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < picture.boxes().size(); i++) {
      places.add(new Place(sheet.x[i], top(sheet, i), sheet.widths.get(i)));
    }
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < arrows.size(); i++) {
      paths.add(path(sheet, chains.get(i), arrows.get(i), back[i]));
    }
    for (Arrow arrow : picture.arrows()) {
      if (arrow.from() == arrow.to()) {
        paths.add(loop(places.get(arrow.from()), arrow));
      }
    }
    double width =
        places.stream().mapToDouble(it -> it.x() + it.width() / 2).max().orElse(0) + 2 * MARGIN;
    double joints = Arrays.stream(sheet.x).max().orElse(0) + 2 * MARGIN;
    double height = places.stream().mapToDouble(Place::y).max().orElse(0) + HEIGHT + MARGIN;
    return new Layout(places, paths, Math.max(width, joints), height);
  }

  private static double top(Sheet sheet, int node) {
    return MARGIN + sheet.layers.get(node) * LAYER;
  }

  private static Path path(Sheet sheet, List<Integer> chain, Arrow arrow, boolean back) {
    StringBuilder line = new StringBuilder();
    List<Integer> nodes = back ? chain.reversed() : chain;
    for (int i = 1; i < nodes.size(); i++) {
      double fromX = sheet.x[nodes.get(i - 1)];
      double toX = sheet.x[nodes.get(i)];
      double fromY = top(sheet, nodes.get(i - 1)) + (back ? 0 : HEIGHT);
      double toY = top(sheet, nodes.get(i)) + (back ? HEIGHT : 0);
      double halfY = (fromY + toY) / 2;
      line.append(i == 1 ? 'M' : 'L').append(at(fromX, fromY));
      line.append('C').append(at(fromX, halfY)).append(' ').append(at(toX, halfY));
      line.append(' ').append(at(toX, toY));
    }
    int from = nodes.getFirst();
    int to = nodes.get(1);
    double labelX = sheet.x[from] * 0.35 + sheet.x[to] * 0.65;
    double labelY = top(sheet, from) + (back ? -20 : HEIGHT + 36);
    return new Path(line.toString(), arrow, labelX, labelY, back);
  }

  private static Path loop(Place place, Arrow arrow) {
    double right = place.x() + place.width() / 2;
    double y = place.y();
    String line =
        "M%sC%s %s %s"
            .formatted(
                at(right, y + 12),
                at(right + 36, y),
                at(right + 36, y + HEIGHT),
                at(right, y + HEIGHT - 12));
    return new Path(line, arrow, right + 28, y + HEIGHT / 2 + 4, true);
  }

  private static String at(double x, double y) {
    return String.format(Locale.ROOT, "%.1f %.1f", x, y);
  }
}
