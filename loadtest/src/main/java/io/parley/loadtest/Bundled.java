package io.parley.loadtest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The flows and rules that the harness brings along.
public final class Bundled {

  private Bundled() {}

  /// Writes one to a file, in place of what stands there.
  ///
  /// @param resource such as `/flows/checkout-help.json`
  public static void copy(String resource, Path to) throws IOException {
    try (InputStream in = Bundled.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("not in this jar: " + resource);
      }
      Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// Writes the flow of that name to a folder.
  public static void copyFlow(String name, Path folder) throws IOException {
    copy("/flows/" + name + ".json", folder.resolve(name + ".json"));
  }
}
