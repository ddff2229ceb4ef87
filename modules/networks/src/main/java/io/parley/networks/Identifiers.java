package io.parley.networks;

import io.parley.engine.Digest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Identifiers as one network takes them: normalised by its rule, then SHA-256 in lower-case
/// hexadecimal digits. What arrives hashed passes as it is. What no network could match (a number
/// without a country code, an address without an `@`) is empty and not sent.
///
/// A hash is made here for its one request and kept nowhere, so that no network is given what was
/// made for another.
record Identifiers(Network network, Rule rule) {

  private static final Pattern HASHED = Pattern.compile("[0-9a-fA-F]{64}");

  Optional<String> email(String written) {
    return hashed(written).or(() -> normalEmail(written).map(Identifiers::sha256));
  }

  Optional<String> phone(String written) {
    return hashed(written).or(() -> normalPhone(written).map(Identifiers::sha256));
  }

  /// Empty also where the network takes none, or none that is hashed.
  Optional<String> externalId(String written) {
    return normalExternalId(written).map(normal -> hashed(written).orElseGet(() -> sha256(normal)));
  }

  /// Which kinds of identifiers the network is sent of somebody.
  List<String> kinds(Member who) {
    List<String> kinds = new ArrayList<>();
    who.email().flatMap(this::email).ifPresent(_ -> kinds.add("email"));
    who.phone().flatMap(this::phone).ifPresent(_ -> kinds.add("phone"));
    who.externalId().flatMap(this::externalId).ifPresent(_ -> kinds.add("external_id"));
    return kinds;
  }

  Optional<String> normalEmail(String written) {
    return switch (rule) {
      case OF_THE_NETWORK -> NetworkRule.email(network, written);
      case OF_SEGMENT -> SegmentRule.email(network, written);
    };
  }

  Optional<String> normalPhone(String written) {
    return switch (rule) {
      case OF_THE_NETWORK -> NetworkRule.phone(network, written);
      case OF_SEGMENT -> SegmentRule.phone(network, written);
    };
  }

  private Optional<String> normalExternalId(String written) {
    return switch (rule) {
      case OF_THE_NETWORK -> NetworkRule.externalId(network, written);
      case OF_SEGMENT -> SegmentRule.externalId(network, written);
    };
  }

  private static Optional<String> hashed(String written) {
    String bare = written.strip();
    return HASHED.matcher(bare).matches()
        ? Optional.of(bare.toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  static String sha256(String normal) {
    return HexFormat.of().formatHex(Digest.sha256(normal));
  }
}
