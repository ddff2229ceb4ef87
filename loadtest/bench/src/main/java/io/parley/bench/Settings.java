package io.parley.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The settings that Parley is measured with: its own, but for where it is, and for the rules that
/// read replies without the model, which is measured by itself.
final class Settings {

  private Settings() {}

  /// @param url of the database
  /// @param folder for the flow
  static Map<String, String> of(String url, Path folder) throws IOException {
    Path flows = Files.createDirectories(folder.resolve("flows"));
    try (InputStream flow = Settings.class.getResourceAsStream("/loop.json")) {
      if (flow == null) {
        throw new IOException("the flow is not on the class path");
      }
      Files.write(flows.resolve(Replies.FLOW + ".json"), flow.readAllBytes());
    }
    Path policy = Files.writeString(folder.resolve("policy.yaml"), "hours: {quiet: off}\n");
    return new TreeMap<>(
        Map.of(
            "PARLEY_HTTP_HOST",
            "127.0.0.1",
            "PARLEY_HTTP_PORT",
            "0",
            "PARLEY_DATABASE_URL",
            url,
            "PARLEY_FLOWS_DIR",
            flows.toString(),
            "PARLEY_FLOW_BINDINGS",
            Replies.OURS.value() + "=" + Replies.FLOW,
            "PARLEY_POLICY",
            policy.toString(),
            "PARLEY_TAGGER",
            "rules",
            "PARLEY_IDLE",
            "1h"));
  }
}
