package io.parley.intents.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// Groups texts by what they mean. The same texts make the same groups, in whatever order they
/// come.
public final class Clusters {

  /// How alike a text and a group must be: the cosine between it and the middle of the group. Tried
  /// on ninety replies of shops' customers that no bundled tag is for: at .74 "there is a store
  /// near me" and "any physical stores" fall apart, and half of all groups have one text; at .7
  /// one text in thirty stands in a group that it does not belong to.
  private static final double ALIKE = 0.7;

  /// How often each text looks for the group that is nearest, after the groups have moved.
  private static final int LOOKS = 4;

  private Clusters() {}

  /// Texts that mean much the same.
  ///
  /// @param count how many texts, with repetitions
  /// @param texts the different ones, those in the middle first
  public record Cluster(int count, List<String> texts) {

    public Cluster {
      texts = List.copyOf(texts);
    }

    /// The text that is most like all the others.
    public String representative() {
      return texts.getFirst();
    }
  }

  /// @param encoder makes the vector of a text, of any length but zero
  /// @return the largest first
  public static List<Cluster> of(List<String> texts, Function<String, float[]> encoder) {
    Map<String, Integer> counts = new TreeMap<>();
    texts.forEach(it -> counts.merge(it.strip(), 1, Integer::sum));
    List<Point> points = new ArrayList<>();
    counts.forEach((text, count) -> points.add(new Point(text, count, encoder.apply(text))));
    // The frequent ones make better middles.
    points.sort(Comparator.comparingInt((Point it) -> it.count).reversed());
    List<Group> groups = new ArrayList<>();
    for (int look = 0; look < LOOKS; look++) {
      groups = gathered(points, groups);
    }
    return groups.stream()
        .map(Group::cluster)
        .sorted(
            Comparator.comparingInt(Cluster::count)
                .reversed()
                .thenComparing(Cluster::representative))
        .toList();
  }

  /// Each text in the group that was nearest, or in a new one where none is near; groups that
  /// nobody joins are gone.
  private static List<Group> gathered(List<Point> points, List<Group> before) {
    List<Group> groups = new ArrayList<>();
    before.forEach(it -> groups.add(new Group(it.middle())));
    for (Point point : points) {
      Group nearest = null;
      double best = ALIKE;
      for (Group group : groups) {
        double alike = cosine(point.vector, group.guide);
        if (alike >= best) {
          best = alike;
          nearest = group;
        }
      }
      if (nearest == null) {
        nearest = new Group(point.vector);
        groups.add(nearest);
      }
      nearest.members.add(point);
    }
    groups.removeIf(it -> it.members.isEmpty());
    return groups;
  }

  private static final class Point {

    private final String text;
    private final int count;
    private final float[] vector;

    Point(String text, int count, float[] vector) {
      this.text = text;
      this.count = count;
      this.vector = vector;
    }
  }

  private static final class Group {

    /// What texts are compared with while the group is gathered.
    private final float[] guide;

    private final List<Point> members = new ArrayList<>();

    Group(float[] guide) {
      this.guide = guide;
    }

    float[] middle() {
      float[] middle = new float[guide.length];
      for (Point member : members) {
        for (int i = 0; i < middle.length; i++) {
          middle[i] += member.vector[i];
        }
      }
      return middle;
    }

    Cluster cluster() {
      float[] middle = middle();
      List<String> texts =
          members.stream()
              .sorted(
                  Comparator.comparingDouble((Point it) -> -cosine(it.vector, middle))
                      .thenComparing(it -> it.text))
              .map(it -> it.text)
              .toList();
      return new Cluster(members.stream().mapToInt(it -> it.count).sum(), texts);
    }
  }

  private static double cosine(float[] one, float[] other) {
    double dot = 0;
    double ones = 0;
    double others = 0;
    for (int i = 0; i < one.length; i++) {
      dot += one[i] * other[i];
      ones += one[i] * one[i];
      others += other[i] * other[i];
    }
    return dot / Math.sqrt(ones * others);
  }
}
