package io.parley.store;

import java.util.List;
import java.util.Optional;

/// A question for rows of the desk's list.
///
/// @param topics those that whoever asks may see; empty for all
/// @param search words, parts of a number, an id; empty for all
public record QueueQuery(
    Folder folder, List<String> topics, Filters filters, String search, int offset, int limit) {

  public QueueQuery {
    topics = List.copyOf(topics);
  }

  /// A page of a folder, all of it.
  public static QueueQuery of(Folder folder, int limit) {
    return new QueueQuery(folder, List.of(), Filters.NONE, "", 0, limit);
  }

  /// Which conversations are meant.
  public sealed interface Folder {

    /// Open ones that an agent holds, but for those that sleep.
    record Mine(String agent) implements Folder {}

    /// Those that wait for a person, but for those that sleep; the most pressing first.
    record Unassigned() implements Folder {}

    /// Whatever is open, the latest first.
    record All() implements Folder {}

    /// Open ones that sleep, the first to wake first.
    record Snoozed() implements Folder {}

    /// The latest first.
    record Closed() implements Folder {}

    /// Those that a flow holds.
    record Bot() implements Folder {}

    /// Open ones of a topic.
    record Topic(String name) implements Folder {}
  }

  /// What else must be so.
  ///
  /// @param channel `sms`, `whatsapp`, `conversation`
  /// @param agent whoever holds it
  /// @param tag one that a reply has
  /// @param sla `ok`, `warned`, `breached`
  public record Filters(
      Optional<String> channel,
      Optional<String> agent,
      Optional<String> tag,
      Optional<String> sla) {

    public static final Filters NONE =
        new Filters(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
