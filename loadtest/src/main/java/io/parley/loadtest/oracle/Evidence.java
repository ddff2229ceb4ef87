package io.parley.loadtest.oracle;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// What a run left behind.
///
/// @param cases the conversations
/// @param around what the database has beside them
/// @param ledgers what the others know
public record Evidence(Cases cases, Around around, Ledgers ledgers) {

  /// Conversations, one after another, so that a judge need not hold them all.
  public interface Cases {
    /// Shows each once; may be asked again, and shows the same.
    void each(Consumer<Case> look) throws SQLException;
  }

  /// What the database has beside the conversations.
  ///
  /// @param at when it was read, by its own clock
  /// @param aliases second names of events: `customerio_trigger 0b5c...`
  /// @param codes every code of an offer that is on record, in capitals
  /// @param leftOver rows of the inbox, the outbox and the timers that should be gone
  /// @param deadLetters what nobody would take
  public record Around(
      Instant at,
      Set<String> aliases,
      Set<String> codes,
      List<String> leftOver,
      List<String> deadLetters) {

    public Around {
      aliases = Set.copyOf(aliases);
      codes = Set.copyOf(codes);
      leftOver = List.copyOf(leftOver);
      deadLetters = List.copyOf(deadLetters);
    }
  }

  /// Reads the database as it is at one moment. The conversations are read when they are asked for,
  /// and the connection is busy until it is closed.
  public static Evidence open(Connection database, Supplier<Ledgers> ledgers) throws SQLException {
    return open(database, _ -> true, ledgers);
  }

  /// The same of some contacts, where there are others in the database.
  ///
  /// @param contacts theirs, by address; an empty one stands for what is about nobody
  public static Evidence open(
      Connection database, Predicate<String> contacts, Supplier<Ledgers> ledgers)
      throws SQLException {
    Journal journal = new Journal(database, contacts);
    Around around = journal.around();
    // The ledgers last: what had left the outbox when it was read is in them.
    return new Evidence(journal, around, ledgers.get());
  }

  /// The same, held in memory: for small runs.
  public static Evidence gather(Connection database, Supplier<Ledgers> ledgers)
      throws SQLException {
    Evidence evidence = open(database, ledgers);
    List<Case> cases = new ArrayList<>();
    evidence.cases().each(cases::add);
    database.rollback();
    return new Evidence(cases::forEach, evidence.around(), evidence.ledgers());
  }

  /// All conversations.
  public List<Case> all() throws SQLException {
    List<Case> all = new ArrayList<>();
    cases.each(all::add);
    return all;
  }

  /// Rows that should be gone, dead letters among them.
  public List<String> leftOver() {
    List<String> all = new ArrayList<>(around.leftOver());
    all.addAll(around.deadLetters());
    return all;
  }

  /// The widget at which each contact's execution stands after the last turn; absent where none is
  /// alive.
  public Map<String, String> standing() throws SQLException {
    Map<String, String> standing = new TreeMap<>();
    cases.each(it -> it.widget().ifPresent(widget -> standing.put(it.theirs(), widget)));
    return standing;
  }
}
