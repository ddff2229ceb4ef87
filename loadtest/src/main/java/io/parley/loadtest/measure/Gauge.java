package io.parley.loadtest.measure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A figure that is read once a second: `queue/outbox twilio`.
///
/// @param what within its group
public record Gauge(Group group, String what) {

  /// Figures of one unit that are looked at together.
  public enum Group {
    /// What waits in Parley's tables.
    QUEUE("Queues", Unit.ROWS),
    /// What is alive in Parley's memory.
    LIVE("In memory", Unit.ROWS),
    /// By process; one core is 1.
    CPU("Processor", Unit.CORES),
    /// Share of the machine's processor time that others took: other processes, other machines.
    MACHINE("Machine", Unit.PERCENT),
    LOAD("Load of the machine", Unit.ROWS),
    /// Resident, by process; and Parley's heap.
    MEMORY("Memory", Unit.BYTES),
    /// Parley's collector: time in pauses within the second.
    GC("Garbage collection", Unit.MILLIS),
    /// Turns in a commit.
    BATCH("Turns in a commit", Unit.ROWS),
    /// How long Parley takes for what it does, on average within the second.
    TIME("Time in Parley", Unit.MILLIS),
    /// Time that the database spent on statements within the second, all connections together.
    DATABASE("Database time", Unit.MILLIS),
    /// What happened within the second.
    RATE("Per second", Unit.ROWS),
    /// Bytes of the write-ahead log within the second.
    WAL("Write-ahead log", Unit.BYTES),
    /// Parley's connections to the database, by what they do or wait for.
    SESSION("Database sessions", Unit.ROWS),
    /// Parley's pools: taken, and how many wait.
    POOL("Connection pools", Unit.ROWS);

    private final String title;
    private final Unit unit;

    Group(String title, Unit unit) {
      this.title = title;
      this.unit = unit;
    }

    public String title() {
      return title;
    }

    public Unit unit() {
      return unit;
    }

    public Gauge of(String what) {
      return new Gauge(this, what);
    }
  }

  /// Of what.
  public enum Unit {
    ROWS,
    BYTES,
    MILLIS,
    PERCENT,
    CORES
  }

  /// Its name in files.
  public String name() {
    return group.name().toLowerCase(Locale.ROOT) + "/" + what;
  }

  public static Optional<Gauge> of(String name) {
    int slash = name.indexOf('/');
    return Arrays.stream(Group.values())
        .filter(group -> slash > 0 && group.name().equalsIgnoreCase(name.substring(0, slash)))
        .findFirst()
        .map(group -> new Gauge(group, name.substring(slash + 1)));
  }
}
