package io.parley.workbench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The sample flow files.
final class Samples {

  static final String CART = read("cart");

  private Samples() {}

  private static String read(String name) {
    try (InputStream file =
        Objects.requireNonNull(Samples.class.getResourceAsStream("/flows/" + name + ".json"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
