package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// All Java of the repository stands as google-java-format writes it. Spotless checks the same
/// where Maven itself runs on a JDK 25; elsewhere it cannot.
class SourceFormatTest {

  private static final Path ROOT = Path.of(System.getProperty("parley.root", "."));

  @Test
  void everySourceFileIsFormatted() throws IOException {
    List<Path> sources = sources();

    List<String> unformatted =
        sources.parallelStream()
            .filter(file -> !isFormatted(file))
            .map(file -> ROOT.relativize(file).toString())
            .sorted()
            .toList();

    assertThat(sources).hasSizeGreaterThan(100);
    assertThat(unformatted)
        .as("files that `mvn spotless:apply`, run by a JDK 25, would change")
        .isEmpty();
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = String.valueOf(folder.getFileName());
            boolean ours = folder.equals(ROOT) || !(name.equals("target") || name.startsWith("."));
            return ours && !name.equals("node_modules")
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              sources.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }

  /// What Spotless does with its defaults: unused imports, their order, then the format.
  private static boolean isFormatted(Path file) {
    try {
      String source = Files.readString(file);
      String imports =
          ImportOrderer.reorderImports(
              RemoveUnusedImports.removeUnusedImports(source), JavaFormatterOptions.Style.GOOGLE);
      return new Formatter().formatSource(imports).equals(source);
    } catch (FormatterException e) {
      throw new IllegalStateException(file.toString(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
