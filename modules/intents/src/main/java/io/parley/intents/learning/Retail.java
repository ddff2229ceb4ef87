package io.parley.intents.learning;

import io.parley.intents.encoding.SentenceEncoder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The bundled tags for shops: twenty of them, in `retail.yaml`, and the model that was trained on
/// them beforehand, in `retail.model`.
public final class Retail {

  private static final String TAXONOMY = "/io/parley/intents/retail.yaml";
  private static final String MODEL = "/io/parley/intents/retail.model";

  private Retail() {}

  public static Taxonomy taxonomy() {
    try (InputStream in = Retail.class.getResourceAsStream(TAXONOMY)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + TAXONOMY);
      }
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return switch (TaxonomyReading.of(yaml)) {
        case TaxonomyReading.Valid(var taxonomy, var _) -> taxonomy;
        case TaxonomyReading.Invalid(var problems) ->
            throw new IllegalStateException(String.join("; ", problems));
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The model of the bundled tags. Where its file is older than its examples it is trained anew,
  /// which takes seconds; a test keeps the two together.
  public static TagModel model(SentenceEncoder encoder) {
    Taxonomy taxonomy = taxonomy();
    try (InputStream in = Retail.class.getResourceAsStream(MODEL)) {
      if (in != null) {
        var stored = TagModel.read(new BufferedInputStream(in, 1 << 16), taxonomy);
        if (stored.isPresent()) {
          return stored.get();
        }
      }
      return TagModel.train(taxonomy, encoder::encode).model();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
