package io.parley.destinations;

import io.parley.edge.OutcomeFiles;
import io.parley.edge.Ulid;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Json;
import io.parley.engine.Person;
import io.parley.engine.Values;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Keeps what came of conversations in CSV files for a warehouse to load, by table and day of UTC:
///
/// ```
/// outcomes/2026-11-22/manifest.csv
/// outcomes/2026-11-22/part-01M82V71XW67YM7RFA09MF8A65-01M82V7HFW4T1B2J3CX1AYQ9DN.csv
/// attributes/2026-11-22/...
/// ```
///
/// A report is in one file only, however often it is written: files are looked into for its id
/// before. `DESTINATIONS.md` tells the columns.
public final class WarehouseFiles implements OutcomeFiles {

  /// How many rows a file has at most.
  static final int MAX_ROWS = 5_000;

  private static final String LOCK = ".lock";

  /// What outcomes say of their source has columns of its own.
  private static final List<String> SOURCE =
      List.of("channel", "sender", "flow", "flow_revision", "execution_sid", "experiment_cohort");

  /// Said of every outcome, and a column that has a name of its own.
  private static final String CONVERSATION = "conversation_id";

  private static final Table OUTCOMES =
      new Table(
          "outcomes",
          Stream.of(
                  List.of("id", "at", "name", "person", "contact", "conversation"),
                  SOURCE,
                  List.of("properties"))
              .flatMap(List::stream)
              .toList());

  private static final Table ATTRIBUTES =
      new Table(
          "attributes", List.of("id", "at", "person", "contact", "conversation", "attributes"));

  private final String destination;
  private final Path folder;

  /// @param destination the name of its outbox rows
  /// @param folder made where it is not there
  public WarehouseFiles(String destination, Path folder) {
    this.destination = destination;
    this.folder = folder.toAbsolutePath().normalize();
  }

  private record Table(String name, List<String> columns) {

    /// The folder of a line, below all of them.
    private Path folder(Line line) {
      return Path.of(name, line.at().atOffset(ZoneOffset.UTC).toLocalDate().toString());
    }
  }

  private record Row(Table table, Line line) {}

  @Override
  public String destination() {
    return destination;
  }

  @Override
  public int maxBatchSize() {
    return MAX_ROWS;
  }

  @Override
  public Filed compose(List<Effect.Outgoing> effects) {
    Map<Path, List<Row>> days = new LinkedHashMap<>();
    List<Effect.Outgoing> carried = new ArrayList<>();
    Map<Effect.Outgoing, String> undeliverable = new LinkedHashMap<>();
    for (Effect.Outgoing effect : effects) {
      Optional<Row> told = row(effect);
      told.ifPresentOrElse(
          row -> {
            days.computeIfAbsent(row.table().folder(row.line()), _ -> new ArrayList<>()).add(row);
            carried.add(effect);
          },
          () -> undeliverable.put(effect, "it is no report; it has a courier of its own"));
    }
    List<Page> pages = new ArrayList<>();
    days.forEach((day, rows) -> pages.add(page(day, rows)));
    return new Filed(pages, carried, undeliverable);
  }

  private static Page page(Path day, List<Row> rows) {
    return new Page(
        day, Csv.line(rows.getFirst().table().columns()), rows.stream().map(Row::line).toList());
  }

  private static Optional<Row> row(Effect.Outgoing effect) {
    return switch (effect) {
      case Effect.ReportOutcome it -> Optional.of(outcome(it));
      case Effect.ReportAttributes it ->
          Optional.of(
              row(
                  ATTRIBUTES,
                  it.id(),
                  it.at(),
                  List.of(
                      id(it.person()),
                      it.contact().value(),
                      it.id().conversation().toString(),
                      Json.print(it.attributes().entries()))));
      case Effect.Send _,
          Effect.Call _,
          Effect.ReserveOffer _,
          Effect.ReturnOffer _,
          Effect.KeepOffer _,
          Effect.RedeemOffer _ ->
          Optional.empty();
    };
  }

  private static Row outcome(Effect.ReportOutcome outcome) {
    Values properties = outcome.properties();
    List<String> fields = new ArrayList<>();
    fields.add(outcome.name());
    fields.add(id(outcome.person()));
    fields.add(outcome.contact().value());
    fields.add(outcome.id().conversation().toString());
    SOURCE.forEach(name -> fields.add(text(properties, name)));
    Map<String, Object> others = new LinkedHashMap<>(properties.entries());
    SOURCE.forEach(others::remove);
    others.remove(CONVERSATION);
    fields.add(Json.print(others));
    return row(OUTCOMES, outcome.id(), outcome.at(), fields);
  }

  private static Row row(Table table, EffectId effect, Instant at, List<String> fields) {
    Ulid id = Ulid.of(at, effect);
    Instant told = at.truncatedTo(ChronoUnit.MILLIS);
    List<String> all = new ArrayList<>(List.of(id.value(), told.toString()));
    all.addAll(fields);
    return new Row(table, new Line(id, told, Csv.line(all)));
  }

  private static String id(Person person) {
    return person.externalId().orElse("");
  }

  private static String text(Values values, String name) {
    Object value = values.entries().get(name);
    return value == null ? "" : String.valueOf(value);
  }

  /// One at a time, of all nodes that share the folder.
  @Override
  public synchronized void write(List<Page> pages) throws IOException {
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      for (Page page : pages) {
        new PartFolder(folder.resolve(page.folder())).add(page);
      }
    }
  }
}
