package io.parley.verticles;

import io.parley.customerio.Region;
import io.parley.customerio.TrackErasure;
import io.parley.customerio.TrackKey;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Option;

/// `--site-id`, `--api-key`: by which Customer.io's Track API is asked.
final class TrackOption {

  @Option(
      names = "--site-id",
      defaultValue = "${PARLEY_CUSTOMERIO_SITE_ID:-}",
      description = "with --customerio; PARLEY_CUSTOMERIO_SITE_ID where it is set")
  private String siteId = "";

  @Option(
      names = "--api-key",
      defaultValue = "${PARLEY_CUSTOMERIO_API_KEY:-}",
      description = "with --customerio; PARLEY_CUSTOMERIO_API_KEY where it is set")
  private String apiKey = "";

  @Option(
      names = "--track-url",
      defaultValue = "${PARLEY_CUSTOMERIO_TRACK_URL:-}",
      description = "another base URL of the Track API")
  private String url = "";

  @Option(
      names = "--region",
      defaultValue = "${PARLEY_CUSTOMERIO_REGION:-us}",
      description = "us or eu")
  private String region = "us";

  /// Empty where no credential is named.
  Optional<TrackErasure> erasure() {
    if (siteId.isBlank() || apiKey.isBlank()) {
      return Optional.empty();
    }
    String usual = (region.equals("eu") ? Region.EU : Region.US).trackUrl();
    return Optional.of(
        new TrackErasure(
            URI.create(url.isBlank() ? usual : url), new TrackKey(siteId.strip(), apiKey.strip())));
  }
}
