package io.parley.customerio.segment;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Which clients may tell us of persons. Each source has a key of its own, which its client sends
/// as the user of Basic (Customer.io's clients and Segment's for Node) or as `writeKey` of the body
/// (Segment's for Java); a header of another kind, such as OAuth's, is passed over.
public final class WriteKeys {

  private final Map<String, String> keys;

  /// @param keys by the name of the source
  public WriteKeys(Map<String, String> keys) {
    this.keys = Map.copyOf(keys);
  }

  /// Who a request comes from.
  public sealed interface Sender {

    /// @param source the name of the source whose key it is
    record Known(String source) implements Sender {}

    /// @param reason as metrics carry it: `wrong_key`
    /// @param sentence what whoever runs the client can act on; holds no part of a key
    record Unknown(String reason, String sentence) implements Sender {}
  }

  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /// @param authorization the header
  /// @param inBody what the body has as `writeKey`
  public Sender decide(Optional<String> authorization, Optional<String> inBody) {
    Optional<String> inHeader = authorization.flatMap(WriteKeys::user);
    Optional<String> source =
        Stream.of(inHeader, inBody).flatMap(Optional::stream).flatMap(this::named).findFirst();
    if (source.isPresent()) {
      return new Sender.Known(source.get());
    }
    return inHeader.isEmpty() && inBody.isEmpty()
        ? new Sender.Unknown(
            "missing_key",
            "The request names no write key: send it as the user of Basic, without a password, or"
                + " as writeKey of the body.")
        : new Sender.Unknown(
            "wrong_key",
            "No source has this write key; compare the client's with PARLEY_WRITE_KEYS.");
  }

  /// Looks at every key, so that how long it takes tells of none.
  private Stream<String> named(String key) {
    byte[] given = key.getBytes(StandardCharsets.UTF_8);
    return new TreeMap<>(keys)
        .entrySet().stream()
            .filter(
                it -> MessageDigest.isEqual(it.getValue().getBytes(StandardCharsets.UTF_8), given))
            .map(Map.Entry::getKey)
            .toList()
            .stream();
  }

  private static Optional<String> user(String authorization) {
    String header = authorization.strip();
    if (!header.toLowerCase(Locale.ROOT).startsWith("basic ")) {
      return Optional.empty();
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring("basic ".length()).strip());
      String pair = new String(decoded, StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return Optional.of(colon < 0 ? pair : pair.substring(0, colon)).filter(it -> !it.isEmpty());
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
