package io.parley.intents.learning;

import io.parley.intents.encoding.SentenceEncoder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Trains the bundled tags and stores their model; to be run from modules/intents whenever
/// retail.yaml has changed: `mvn -Ptrain -pl modules/intents -am`.
final class RetailTraining {

  private RetailTraining() {}

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    try (SentenceEncoder encoder = SentenceEncoder.load();
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      Map<String, float[]> vectors = new HashMap<>();
      TagModel.Trained trained =
          TagModel.train(Retail.taxonomy(), text -> vectors.computeIfAbsent(text, encoder::encode));
      trained.model().write(out, text -> vectors.computeIfAbsent(text, encoder::encode));
      System.out.printf(
          "%s: %d examples are seen as what they are by all others, %d are not%n",
          trained.model().taxonomy().version(), trained.right(), trained.mistaken().size());
    }
  }
}
