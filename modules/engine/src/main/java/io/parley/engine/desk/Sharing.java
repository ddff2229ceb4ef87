package io.parley.engine.desk;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who is asked to take what: the most pressing and oldest first, to whom of those who can answer
/// it has the least on their hands.
///
/// Nobody is asked for more than fits in their capacity; what is heavier than all of it goes to
/// empty hands. Who has let a conversation pass is asked for it again only once all others who can
/// answer it have, too.
public final class Sharing {

  private Sharing() {}

  /// What waits for somebody.
  ///
  /// @param passed who was asked in vain, or had it and gave it back
  public record Waiting<I>(I id, String topic, Set<String> skills, int weight, Set<String> passed) {
    public Waiting {
      skills = new LinkedHashSet<>(skills);
      passed = new LinkedHashSet<>(passed);
    }
  }

  /// Somebody who is there.
  ///
  /// @param load the weight of what is on their hands, offers among it
  /// @param topics empty for all
  /// @param offeredAt when they were last asked
  public record Hand(
      String agent,
      int capacity,
      int load,
      Set<String> skills,
      Set<String> topics,
      Optional<Instant> offeredAt) {

    public Hand {
      skills = new LinkedHashSet<>(skills);
      topics = new LinkedHashSet<>(topics);
    }

    /// Whether they could answer it, had they time.
    public boolean can(String topic, Set<String> needed) {
      return answers(topic) && skills.containsAll(needed);
    }

    private boolean answers(String topic) {
      return topics.isEmpty() || topics.contains(topic);
    }
  }

  /// That somebody is to be asked.
  ///
  /// @param again whether they are asked although they have let it pass
  public record Offered<I>(I id, String agent, boolean again) {}

  /// @param waiting in the order in which they are to be answered
  public static <I> List<Offered<I>> share(List<Waiting<I>> waiting, List<Hand> hands) {
    Map<String, Integer> loads = new HashMap<>();
    hands.forEach(hand -> loads.put(hand.agent(), hand.load()));
    List<Offered<I>> offers = new ArrayList<>();
    for (Waiting<I> one : waiting) {
      List<Hand> able = hands.stream().filter(it -> it.can(one.topic(), one.skills())).toList();
      boolean again =
          !able.isEmpty() && able.stream().allMatch(it -> one.passed().contains(it.agent()));
      able.stream()
          .filter(it -> again || !one.passed().contains(it.agent()))
          .filter(it -> fits(one.weight(), load(loads, it), it.capacity()))
          .min(
              Comparator.comparingInt((Hand it) -> load(loads, it))
                  .thenComparing(it -> it.offeredAt().orElse(Instant.MIN))
                  .thenComparing(Hand::agent))
          .ifPresent(
              hand -> {
                loads.merge(hand.agent(), one.weight(), Integer::sum);
                offers.add(new Offered<>(one.id(), hand.agent(), again));
              });
    }
    return offers;
  }

  /// Whether anybody has room for anything.
  public static boolean hasRoom(Collection<Hand> hands) {
    return hands.stream().anyMatch(it -> fits(1, it.load(), it.capacity()));
  }

  /// Whether there is a topic that nobody else who is there answers, so that somebody who does not
  /// take offers must not be set away all the same.
  ///
  /// @param topics all that there are
  public static boolean isLast(String agent, Collection<Hand> hands, Collection<String> topics) {
    Optional<Hand> own = hands.stream().filter(it -> it.agent().equals(agent)).findFirst();
    return own.isPresent()
        && topics.stream()
            .filter(own.get()::answers)
            .anyMatch(
                topic ->
                    hands.stream().noneMatch(it -> !it.agent().equals(agent) && it.answers(topic)));
  }

  private static int load(Map<String, Integer> loads, Hand hand) {
    return loads.getOrDefault(hand.agent(), hand.load());
  }

  private static boolean fits(int weight, int load, int capacity) {
    return load + weight <= capacity || (load == 0 && capacity > 0);
  }
}
