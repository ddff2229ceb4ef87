package io.parley.engine.desk;

import io.parley.engine.hours.Calendar;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What of a topic's promise runs for a conversation, in hours in which somebody is there: a
/// promise of one hour that begins on Friday at 16:30, where somebody is there from 9 to 17, ends
/// on Monday at 9:30.
///
/// @param firstDue when an agent's first words are due; empty where none are promised
/// @param nextDue when the answer is due to what the contact wrote last; empty while the contact
///     waits for none
/// @param resolutionDue when it is to be closed
/// @param running those that run, the first to end first
public record Clocks(
    Optional<Instant> firstDue,
    Optional<Instant> nextDue,
    Optional<Instant> resolutionDue,
    List<Running> running) {

  public Clocks {
    running = List.copyOf(running);
  }

  public enum Kind {
    FIRST,
    NEXT,
    RESOLUTION;

    /// `first`, `next`, `resolution`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// How a promise stands.
  public enum State {
    OK,
    WARNED,
    BREACHED;

    /// `ok`, `warned`, `breached`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// A promise that is not kept yet.
  ///
  /// @param warnAt when it is warned of
  public record Running(Kind kind, Instant warnAt, Instant dueAt) {

    public State state(Instant now) {
      if (!now.isBefore(dueAt)) {
        return State.BREACHED;
      }
      return now.isBefore(warnAt) ? State.OK : State.WARNED;
    }

    /// When the state changes next; empty once it is breached.
    Optional<Instant> changesAt(Instant now) {
      return switch (state(now)) {
        case OK -> Optional.of(warnAt);
        case WARNED -> Optional.of(dueAt);
        case BREACHED -> Optional.empty();
      };
    }
  }

  /// What has happened in a handoff so far.
  ///
  /// @param firstReplyAt when an agent first wrote
  public record Course(
      Instant openedAt,
      Optional<Instant> firstReplyAt,
      Optional<Instant> contactWroteAt,
      Optional<Instant> agentWroteAt) {

    /// Since when the contact waits for an agent; empty where an agent wrote last.
    public Optional<Instant> waitsSince() {
      if (agentWroteAt.isEmpty()) {
        return Optional.of(openedAt);
      }
      return contactWroteAt.filter(it -> it.isAfter(agentWroteAt.get()));
    }
  }

  /// @param calendar when somebody is there; empty for always
  public static Clocks of(Promise promise, Optional<Calendar> calendar, Course course) {
    Timer timer = new Timer(promise.warn(), calendar);
    List<Running> running = new ArrayList<>();
    Optional<Running> first =
        promise.first().flatMap(it -> timer.run(Kind.FIRST, course.openedAt(), it));
    Optional<Running> next =
        course
            .waitsSince()
            .filter(_ -> course.firstReplyAt().isPresent())
            .flatMap(since -> promise.next().flatMap(it -> timer.run(Kind.NEXT, since, it)));
    Optional<Running> resolution =
        promise.resolution().flatMap(it -> timer.run(Kind.RESOLUTION, course.openedAt(), it));
    first.filter(_ -> course.firstReplyAt().isEmpty()).ifPresent(running::add);
    next.ifPresent(running::add);
    resolution.ifPresent(running::add);
    running.sort(Comparator.comparing(Running::dueAt));
    return new Clocks(
        first.map(Running::dueAt),
        next.map(Running::dueAt),
        resolution.map(Running::dueAt),
        running);
  }

  /// The one that counts: what runs out first.
  public Optional<Running> now() {
    return running.stream().findFirst();
  }

  /// When the state of any of them changes next.
  public Optional<Instant> changesAt(Instant now) {
    return running.stream()
        .flatMap(it -> it.changesAt(now).stream())
        .min(Comparator.naturalOrder());
  }

  /// Those that were not kept.
  public List<Kind> breached(Instant now) {
    return running.stream()
        .filter(it -> it.state(now) == State.BREACHED)
        .map(Running::kind)
        .toList();
  }

  private record Timer(double warn, Optional<Calendar> calendar) {

    Optional<Running> run(Kind kind, Instant from, Duration time) {
      Duration warned = Duration.ofMillis((long) (time.toMillis() * warn));
      return after(from, warned)
          .flatMap(warnAt -> after(from, time).map(due -> new Running(kind, warnAt, due)));
    }

    private Optional<Instant> after(Instant from, Duration time) {
      return calendar.isEmpty()
          ? Optional.of(from.plus(time))
          : calendar.get().plusBusinessTime(from, time);
    }
  }
}
