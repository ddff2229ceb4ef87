package io.parley.verticles;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// A folder with clients for Node, as npm installs them. Where there is no Node, or the clients
/// cannot be had, the test is skipped and says why.
record NodeFolder(Path path) {

  /// @param output what was printed; the errors where it failed
  record Ended(int status, String output) {}

  /// @param name of the folder in the tests' resources: its `package.json` says what is installed
  /// @param script the file beside that
  static NodeFolder installed(String name, String script) throws Exception {
    NodeFolder folder = new NodeFolder(Path.of("target", name));
    Files.createDirectories(folder.path);
    assumeTrue(folder.run(Map.of(), "node", "--version").status() == 0, "there is no node");
    assumeTrue(folder.run(Map.of(), "npm", "--version").status() == 0, "there is no npm");
    for (String file : List.of("package.json", script)) {
      try (InputStream content =
          Objects.requireNonNull(
              NodeFolder.class.getResourceAsStream("/" + name + "/" + file), file)) {
        Files.copy(content, folder.path.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Ended npm =
        folder.run(Map.of(), "npm", "install", "--no-audit", "--no-fund", "--no-package-lock");
    assumeTrue(npm.status() == 0, () -> "the clients cannot be installed: " + npm.output());
    return folder;
  }

  Ended run(Map<String, String> environment, String... command) throws InterruptedException {
    try {
      Path output = Files.createTempFile("node", ".txt");
      Path errors = Files.createTempFile("node", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(List.of(command))
              .directory(path.toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Ended(1, String.join(" ", command) + " did not end");
      }
      String told = Files.readString(output);
      int status = process.exitValue();
      return new Ended(status, status == 0 ? told : Files.readString(errors));
    } catch (IOException missing) {
      return new Ended(127, String.valueOf(missing.getMessage()));
    }
  }
}
