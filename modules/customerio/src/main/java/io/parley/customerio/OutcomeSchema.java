package io.parley.customerio;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The published schema of what is reported. Made from the catalogue of outcomes, as
/// `OUTCOMES.md` is, which says how.
public final class OutcomeSchema {

  private static final String RESOURCE = "outcomes.schema.json";

  private OutcomeSchema() {}

  /// The schema as it is published.
  public static String text() {
    try (InputStream stream =
        Objects.requireNonNull(OutcomeSchema.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
