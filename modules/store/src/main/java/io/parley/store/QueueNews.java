package io.parley.store;

import io.parley.engine.EffectId;
import io.parley.engine.Owner;
import io.parley.engine.ThreadId;
import io.parley.engine.desk.Clocks;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A handoff of which something was told that the keeper of the queue has not looked at.
///
/// @param told how much was told: what the keeper makes of it counts only while no more was
/// @param readTurn up to which turn what was said has been read
/// @param admitted whether the desk's rules have put it somewhere
/// @param closed whether it is over
/// @param said what the queue has told the contact, by key
/// @param escalated the promises that were not kept, and are known not to have been
public record QueueNews(
    EffectId id,
    ThreadId thread,
    int told,
    int readTurn,
    boolean admitted,
    Owner owner,
    Optional<String> holder,
    boolean closed,
    QueueEntry.Rank rank,
    Clocks.Course course,
    Optional<Instant> takenAt,
    Set<String> said,
    List<String> escalated) {

  /// Something that was said in a conversation.
  ///
  /// @param tags what it means, where the contact said it
  public record Heard(int turn, boolean byContact, String text, List<String> tags) {
    public Heard {
      tags = List.copyOf(tags);
    }
  }

  /// What the keeper makes of the news.
  ///
  /// @param context what is known of the conversation, as JSON; empty where it was told before
  /// @param name the contact's; empty where it was told before or nobody knows it
  /// @param words by which it is found, beside those that it is found by already
  /// @param heard what was said since it was looked at last
  public record Look(
      QueueEntry.Rank rank,
      Clocks clocks,
      List<String> escalated,
      Optional<String> context,
      Optional<String> name,
      List<String> words,
      List<Heard> heard,
      Optional<QueueEntry.CallRequest> call) {
    public Look {
      escalated = List.copyOf(escalated);
      words = List.copyOf(words);
      heard = List.copyOf(heard);
    }
  }
}
