package io.parley.customerio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// Reference data that lies beside the checkout; a test that needs it is skipped without it.
public final class SharedData {

  private static final JsonMapper MAPPER = new JsonMapper();

  private SharedData() {}

  /// The values of a file: the items of an array, or the lines of JSON Lines.
  public static List<JsonNode> values(String name) {
    Path file =
        Path.of(System.getProperty("parley.root", "."), "..", "shared", "data", "customerio", name);
    Assumptions.assumeTrue(Files.exists(file), "no reference data at " + file.normalize());
    try (var values = MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
      return values.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
