package io.parley.loadtest.drive;

import io.parley.loadtest.profile.Behaviour;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Draws behaviours, each as often as its weight says.
final class Lots {

  private final Behaviour[] behaviours;
  private final int[] upTo;
  private final int all;

  Lots(Map<Behaviour, Integer> weights) {
    behaviours = Behaviour.values();
    upTo = new int[behaviours.length];
    int sum = 0;
    for (int i = 0; i < behaviours.length; i++) {
      sum += weights.getOrDefault(behaviours[i], 0);
      upTo[i] = sum;
    }
    all = sum;
  }

  Behaviour draw(RandomGenerator random) {
    int lot = random.nextInt(all);
    int i = 0;
    while (upTo[i] <= lot) {
      i++;
    }
    return behaviours[i];
  }
}
