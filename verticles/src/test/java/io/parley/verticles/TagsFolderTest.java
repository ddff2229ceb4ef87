package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TagsFolderTest {

  @TempDir Path root;

  @Test
  void aFolderThatIsNotThereHoldsNothing() throws IOException {
    assertThat(new TagsFolder(root.resolve("none")).changed()).isEmpty();
  }

  @Test
  void aFileIsToldOfWhenItChangesAndForgottenWhenItIsGone() throws IOException {
    TagsFolder folder = new TagsFolder(root);
    Path file = write("coffee.yaml", "swap");
    Files.writeString(root.resolve("notes.txt"), "no tags");

    assertThat(versions(folder)).hasSize(1).first().asString().startsWith("coffee-1-");
    assertThat(folder.changed()).isEmpty();
    write("coffee.yaml", "swap_it");
    assertThat(folder.changed().orElseThrow().tags().getFirst().taxonomy().names())
        .containsExactly("swap_it");
    Files.delete(file);
    assertThat(versions(folder)).isEmpty();
  }

  @Test
  void aBrokenFileKeepsWhatItTaughtAndHoldsNoOtherUp() throws IOException {
    TagsFolder folder = new TagsFolder(root);
    write("coffee.yaml", "swap");
    folder.changed();
    write("coffee.yaml", "Swap it");
    write("tea.yaml", "steep");

    TagsFolder.Reading reading = folder.changed().orElseThrow();

    assertThat(reading.tags())
        .extracting(it -> it.taxonomy().names())
        .containsExactly(List.of("swap"), List.of("steep"));
    assertThat(reading.problems())
        .containsExactly(
            root.resolve("coffee.yaml")
                + ": tags[0].name: lower-case letters, digits and _, a letter first");
  }

  @Test
  void namesThatAreTakenAreRefused() throws IOException {
    TagsFolder folder = new TagsFolder(root);
    write("a.yaml", "swap");
    write("b.yaml", "swap");
    write("c.yaml", "shipping");
    write("d.yaml", "opt_in");

    assertThat(folder.changed().orElseThrow().problems())
        .containsExactly(
            root.resolve("b.yaml") + ": swap: " + root.resolve("a.yaml") + " has this tag already",
            root.resolve("c.yaml")
                + ": shipping: a bundled tag has this name; choose another, such as my_shipping",
            root.resolve("d.yaml")
                + ": opt_in: a bundled tag has this name; choose another, such as my_opt_in");
  }

  @Test
  void aTagMovesFromOneFileToAnotherInOneStep() throws IOException {
    TagsFolder folder = new TagsFolder(root);
    write("a.yaml", "steep");
    write("b.yaml", "swap");
    folder.changed();
    write("a.yaml", "swap");
    write("b.yaml", "steep");

    TagsFolder.Reading reading = folder.changed().orElseThrow();

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.tags())
        .extracting(it -> it.taxonomy().names())
        .containsExactly(List.of("swap"), List.of("steep"));
  }

  @Test
  void aFileThatHasATagKeepsItWhateverAnotherFileComesToWant() throws IOException {
    TagsFolder folder = new TagsFolder(root);
    write("a.yaml", "steep");
    write("b.yaml", "swap");
    folder.changed();
    write("a.yaml", "swap");

    TagsFolder.Reading reading = folder.changed().orElseThrow();

    assertThat(reading.problems()).singleElement().asString().contains("a.yaml: swap: ");
    assertThat(reading.tags())
        .extracting(it -> it.taxonomy().names())
        .containsExactlyInAnyOrder(List.of("steep"), List.of("swap"));
  }

  @Test
  void whatIsNoFileOfTextHoldsNoOtherUp() throws IOException {
    TagsFolder folder = new TagsFolder(root);
    Files.write(root.resolve("a.yaml"), new byte[] {'t', (byte) 0xe9, 'x'});
    Files.createDirectory(root.resolve("b.yaml"));
    Files.writeString(root.resolve("c.yaml"), "#".repeat(1_000_001));
    write("d.yaml", "swap");

    TagsFolder.Reading reading = folder.changed().orElseThrow();

    assertThat(reading.tags()).hasSize(1);
    assertThat(reading.problems())
        .containsExactly(
            root.resolve("a.yaml") + ": it is no text in UTF-8; save it as UTF-8",
            root.resolve("b.yaml") + ": it is a folder; name a file in it",
            root.resolve("c.yaml") + ": it has more than 1000000 bytes");
  }

  private static List<String> versions(TagsFolder folder) throws IOException {
    return folder.changed().orElseThrow().tags().stream()
        .map(it -> it.taxonomy().version())
        .toList();
  }

  private Path write(String file, String name) throws IOException {
    return Files.writeString(
        root.resolve(file),
        "version: 1\ntags:\n  - name: %s\n    examples: [one, two, three, four, five]\n"
            .formatted(name));
  }
}
