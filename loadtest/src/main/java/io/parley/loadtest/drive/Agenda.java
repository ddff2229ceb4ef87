package io.parley.loadtest.drive;

import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is to happen, by its time, on one thread. Nothing that is done there waits for anything.
/// Safe for any thread.
final class Agenda implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Agenda.class);

  private final Queue<Entry> told = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Entry> waiting = new PriorityQueue<>();
  private final Thread thread = Thread.ofPlatform().name("agenda").daemon().unstarted(this::run);
  private long sequence;
  private volatile boolean closed;

  /// Something that is done.
  interface Deed {
    /// @param due when it was meant to be done, by [System#nanoTime]
    void doneAt(long due);
  }

  /// What is due at the same time is done in the order in which the thread heard of it.
  private static final class Entry implements Comparable<Entry> {
    private final long due;
    private final Deed deed;
    private long number;

    private Entry(long due, Deed deed) {
      this.due = due;
      this.deed = deed;
    }

    @Override
    public int compareTo(Entry other) {
      int byTime = Long.signum(due - other.due);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private Agenda() {}

  static Agenda open() {
    Agenda agenda = new Agenda();
    agenda.thread.start();
    return agenda;
  }

  /// Does it as soon as that time has come.
  void at(long due, Deed deed) {
    told.add(new Entry(due, deed));
    LockSupport.unpark(thread);
  }

  /// Does it as soon as the thread is free.
  void now(Runnable deed) {
    at(System.nanoTime(), _ -> deed.run());
  }

  private void run() {
    while (!closed) {
      for (Entry entry = told.poll(); entry != null; entry = told.poll()) {
        entry.number = sequence++;
        waiting.add(entry);
      }
      Entry next = waiting.peek();
      long wait = next == null ? Long.MAX_VALUE : next.due - System.nanoTime();
      if (next != null && wait <= 0) {
        waiting.remove();
        perform(next);
      } else if (told.isEmpty()) {
        LockSupport.parkNanos(this, wait);
      }
    }
  }

  private void perform(Entry entry) {
    try {
      entry.deed.doneAt(entry.due);
    } catch (RuntimeException e) {
      if (closed) {
        return; // What it wanted is closed, too.
      }
      LOG.atError().setCause(e).log("a customer could not do what was next");
    }
  }

  /// Forgets what waits.
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
