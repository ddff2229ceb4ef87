package io.parley.engine.flow;

import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.List;

/// `parley.random-split`: one of several ways out by weight, for a contact always the same one. The
/// way is the experiment's arm in all that is reported from then on (`NAME:WAY`).
///
/// ```json
/// {"branches": [{"event": "plain", "weight": 80}, {"event": "warm", "weight": 20}]}
/// ```
public record RandomSplit(String name, List<Transition> transitions, List<Branch> branches)
    implements Widget {

  static final List<Property> PROPERTIES = List.of(Property.list("branches").required());

  private static final List<Property> BRANCH =
      List.of(
          Property.text("event").required(),
          new Property("weight", Property.Shape.INTEGER, List.of(), true));

  private static final int MAX_WEIGHT = 1_000_000;

  public RandomSplit {
    transitions = List.copyOf(transitions);
    branches = List.copyOf(branches);
  }

  /// @param weight how many of all the weights' sum come this way
  public record Branch(String event, int weight) {}

  static RandomSplit read(String name, List<Transition> transitions, Place properties) {
    Place place = properties.get("branches");
    List<Branch> branches = new ArrayList<>();
    for (Place item : place.items()) {
      if (Property.checkAll(item, BRANCH)) {
        branches.add(new Branch(item.get("event").text(), weight(item.get("weight"))));
      }
    }
    if (branches.isEmpty()) {
      place.problem("must name at least one branch with a weight above 0");
    }
    return new RandomSplit(name, transitions, branches);
  }

  private static int weight(Place place) {
    if (!(place.value() instanceof Number number)
        || number.longValue() < 1
        || number.longValue() > MAX_WEIGHT) {
      place.problem("must be a whole number from 1 to " + MAX_WEIGHT);
      return 1;
    }
    return number.intValue();
  }

  @Override
  public Reached enter(Scene scene) {
    int lot = scene.lot(name, branches.stream().mapToInt(Branch::weight).sum());
    int bound = 0;
    for (Branch branch : branches) {
      bound += branch.weight();
      if (lot < bound) {
        scene.assign(name + ":" + branch.event());
        return new Reached.Left(
            branch.event(), next(branch.event()), Values.of("branch", branch.event()));
      }
    }
    throw new IllegalStateException("a lot of " + lot + " is outside all branches");
  }
}
