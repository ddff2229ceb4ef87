package io.parley.destinations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.edge.OutcomeFiles.Filed;
import io.parley.edge.Ulid;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Person;
import io.parley.engine.Values;
import io.parley.testkit.SampleReports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseFilesTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.250Z");
  private static final Path DAY = Path.of("outcomes/2026-11-22");

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private WarehouseFiles files;

  @BeforeEach
  void open() {
    files = new WarehouseFiles("warehouse", folder);
  }

  @Test
  void everyReportIsKeptAsTheGoldensSay() throws IOException {
    List<Effect.Outgoing> reports = SampleReports.all();
    Filed filed = files.compose(reports);

    files.write(filed.pages());

    assertThat(filed.effects()).isEqualTo(reports);
    Path golden = Path.of("src/test/resources/golden/warehouse");
    assertThat(tree(folder)).isEqualTo(tree(golden));
    for (String file : tree(golden)) {
      assertThat(folder.resolve(file)).hasSameBinaryContentAs(golden.resolve(file));
    }
  }

  @Test
  void aManifestTellsTheTruthAboutItsFiles() throws Exception {
    write(0, 40);
    write(40, 70);

    List<List<String>> listed = manifest();
    assertThat(listed.getFirst())
        .containsExactly("file", "rows", "bytes", "sha256", "from", "until");
    assertThat(listed).hasSize(3);
    for (List<String> part : listed.subList(1, 3)) {
      byte[] content = Files.readAllBytes(folder.resolve(DAY).resolve(part.get(0)));
      List<List<String>> rows = Part.rows(content);
      assertThat(part.subList(1, 6))
          .containsExactly(
              String.valueOf(rows.size()),
              String.valueOf(content.length),
              HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)),
              rows.getFirst().get(1),
              rows.getLast().get(1));
      assertThat(part.get(0))
          .isEqualTo(
              "part-%s-%s.csv".formatted(rows.getFirst().getFirst(), rows.getLast().getFirst()));
    }
  }

  @Test
  void whatIsWrittenAgainStandsThereOnce() throws IOException {
    write(0, 10);
    List<String> before = tree(folder);

    write(0, 10);
    assertThat(tree(folder)).isEqualTo(before);
    write(3, 15);
    write(0, 20);

    assertThat(ids()).containsExactlyElementsOf(expected(0, 20));
    assertThat(manifest()).hasSize(4);
  }

  @Test
  void whatACrashLeftUnlistedIsListedAndNotWrittenAgain() throws IOException {
    write(0, 10);
    Files.delete(folder.resolve(DAY).resolve("manifest.csv"));
    Path unfinished = folder.resolve(DAY).resolve(".part-1-2.csv.tmp");
    Files.writeString(unfinished, "id,at\r\n01M8");

    write(5, 12);

    assertThat(ids()).containsExactlyElementsOf(expected(0, 12));
    assertThat(manifest()).hasSize(3);
    assertThat(unfinished).doesNotExist();
  }

  /// A report that was given up and is tried again long after.
  @Test
  void aLateReportIsLookedForInEveryFileOfItsTime() throws IOException {
    write(0, 5);
    write(6, 10);

    files.write(files.compose(List.of(outcome(5), outcome(3))).pages());

    assertThat(ids()).containsExactlyInAnyOrderElementsOf(expected(0, 10));
  }

  @Test
  void whatCannotBeWrittenIsSaidAndWrittenLater() throws IOException {
    Path obstacle = Files.writeString(folder.resolve("attributes"), "in the way");
    Filed filed = files.compose(SampleReports.all());

    assertThatThrownBy(() -> files.write(filed.pages())).isInstanceOf(IOException.class);

    Files.delete(obstacle);
    files.write(filed.pages());
    files.write(filed.pages());
    Path golden = Path.of("src/test/resources/golden/warehouse");
    assertThat(tree(folder)).isEqualTo(tree(golden));
  }

  @Test
  void aManifestThatCannotBeReadIsSaidAndCanBeMadeAnew() throws IOException {
    write(0, 5);
    Path manifest = folder.resolve(DAY).resolve("manifest.csv");
    Files.writeString(manifest, "file,rows\r\npart-a,many\r\n");

    assertThatThrownBy(() -> write(5, 8))
        .isInstanceOf(IOException.class)
        .hasMessage(
            manifest
                + " is no manifest any more (part-a,many); remove it, and it is made anew from the"
                + " files beside it");

    Files.delete(manifest);
    write(5, 8);
    assertThat(ids()).containsExactlyElementsOf(expected(0, 8));
    assertThat(manifest()).hasSize(3);
  }

  @Test
  void aFileThatWasTakenAwayKeepsNothingBack() throws IOException {
    write(0, 5);
    Files.delete(folder.resolve(DAY).resolve(manifest().getLast().getFirst()));

    write(3, 8);

    assertThat(ids()).containsExactlyElementsOf(expected(3, 8));
  }

  @Test
  void whatIsNoReportIsUndeliverable() {
    Address address = new Address("+14155550100");
    Effect.Outgoing send =
        new Effect.Send(id(0), address, address, new Effect.Content.Text("hi", List.of()), 0);

    Filed filed = files.compose(List.of(send, outcome(1)));

    assertThat(filed.undeliverable()).containsOnlyKeys(send);
    assertThat(filed.effects()).containsExactly(outcome(1));
  }

  @Property(tries = 200)
  void whateverStandsInAFieldIsReadBack(@ForAll List<List<String>> lines) {
    List<List<String>> rows = lines.stream().filter(line -> !line.isEmpty()).toList();
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append(Csv.line(row)));

    assertThat(Csv.read(text.toString())).isEqualTo(rows);
  }

  private void write(int from, int until) throws IOException {
    files.write(
        files
            .compose(IntStream.range(from, until).mapToObj(WarehouseFilesTest::outcome).toList())
            .pages());
  }

  private static Effect.Outgoing outcome(int index) {
    return new Effect.ReportOutcome(
        id(index),
        "twilio_reply",
        new Person(Optional.of("Ann, \"the\" one"), Values.EMPTY),
        new Address("+14155550100"),
        Values.of("body", "a,b\n\"c\""),
        NOW.plusSeconds(index));
  }

  private static EffectId id(int index) {
    return new EffectId(ConversationId.parse("00000000-0000-8000-8000-000000000001"), 3, index);
  }

  private static List<String> expected(int from, int until) {
    return IntStream.range(from, until)
        .mapToObj(index -> Ulid.of(NOW.plusSeconds(index), id(index)).value())
        .toList();
  }

  private List<List<String>> manifest() throws IOException {
    return Csv.read(Files.readString(folder.resolve(DAY).resolve("manifest.csv")));
  }

  /// The ids in the files that the manifest lists, in its order.
  private List<String> ids() throws IOException {
    List<String> ids = new ArrayList<>();
    for (List<String> part : manifest().subList(1, manifest().size())) {
      Path file = folder.resolve(DAY).resolve(part.getFirst());
      if (Files.exists(file)) {
        Part.rows(Files.readString(file).getBytes(StandardCharsets.UTF_8))
            .forEach(row -> ids.add(row.getFirst()));
      }
    }
    return ids;
  }

  private static List<String> tree(Path root) {
    try (Stream<Path> found = Files.walk(root)) {
      return found
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .filter(file -> !file.equals(".lock"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
