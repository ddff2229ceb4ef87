package io.parley.verticles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// What a file says, as it was when it was last right, and what holds where there is no file. Read
/// from any thread, loaded by one at a time.
final class FileInForce<T> implements Supplier<T> {

  private final Path path;
  private final boolean named;
  private final Function<String, Reading<T>> reader;
  private volatile T content;

  /// What the file said when it was looked at last; empty where there was none.
  private volatile Optional<String> seen = Optional.empty();

  private volatile boolean missed;
  private volatile boolean there;

  /// What came of reading a text.
  sealed interface Reading<T> {
    record Right<T>(T content) implements Reading<T> {}

    /// @param problems a line for each, with the file's name
    record Wrong<T>(List<String> problems) implements Reading<T> {
      public Wrong {
        problems = List.copyOf(problems);
      }
    }
  }

  /// @param named whether somebody said so: then it must be there
  /// @param without what holds where there is none
  FileInForce(Path path, boolean named, T without, Function<String, Reading<T>> reader) {
    this.path = path;
    this.named = named;
    this.content = without;
    this.reader = reader;
  }

  @Override
  public T get() {
    return content;
  }

  /// Whether what holds was read from the file, and is not what holds without one.
  boolean isThere() {
    return there;
  }

  /// Looks at the file. Answers what is wrong with it, once; what is right is in force from then
  /// on, and what is wrong changes nothing. Blocks.
  List<String> load() {
    Optional<String> text;
    try {
      text = Optional.of(Files.readString(path));
    } catch (IOException e) {
      return e instanceof NoSuchFileException && !named && seen.isEmpty() ? List.of() : missing(e);
    }
    missed = false;
    if (text.equals(seen)) {
      return List.of();
    }
    seen = text;
    return switch (reader.apply(text.get())) {
      case Reading.Right<T>(T read) -> {
        content = read;
        there = true;
        yield List.of();
      }
      case Reading.Wrong<T>(List<String> problems) -> problems;
    };
  }

  private List<String> missing(IOException why) {
    boolean again = missed;
    missed = true;
    return again ? List.of() : List.of("cannot read " + path + ": " + Phrases.why(why));
  }
}
