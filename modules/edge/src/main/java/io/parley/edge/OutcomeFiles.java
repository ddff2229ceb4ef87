package io.parley.edge;

import io.parley.engine.Effect;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Keeps in files what came of conversations. Composes what is to be written as values; a courier
/// has it written.
public non-sealed interface OutcomeFiles extends OutcomeTaker {

  /// The lines that tell of the effects, each in the folder that it belongs into. An effect that no
  /// file can hold is answered in [Filed#undeliverable].
  Filed compose(List<Effect.Outgoing> effects);

  /// Writes the lines that are not there yet, and returns when they would outlive a crash. Blocks;
  /// never called on an event loop.
  ///
  /// @throws IOException where a folder cannot be written to, with a sentence for people. A part
  ///     may have been written by then; asked again, the rest is.
  void write(List<Page> pages) throws IOException;

  /// @param effects those that the pages tell of, in order
  /// @param undeliverable those that no file can hold, with the reason
  record Filed(
      List<Page> pages, List<Effect.Outgoing> effects, Map<Effect.Outgoing, String> undeliverable) {

    public Filed {
      pages = List.copyOf(pages);
      effects = List.copyOf(effects);
      undeliverable = Map.copyOf(undeliverable);
    }
  }

  /// What goes into one folder.
  ///
  /// @param folder below the one that all is kept in: `outcomes/2026-11-22`
  /// @param heading the first line of each of its files
  record Page(Path folder, String heading, List<Line> lines) {
    public Page {
      lines = List.copyOf(lines);
    }
  }

  /// @param id by which a line is known that was written before
  /// @param text as it stands in the file, with its end
  record Line(Ulid id, Instant at, String text) {}
}
