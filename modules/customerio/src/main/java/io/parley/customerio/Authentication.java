package io.parley.customerio;

/// Whether a request comes from whom it says.
public sealed interface Authentication {

  /// @param method what convinced us, as metrics carry it: `signature`, `basic`, `bearer`
  record Verified(String method) implements Authentication {}

  /// @param reason as payloads and metrics carry it: `stale_signature`
  /// @param sentence what an operator can act on; holds no part of a secret
  record Rejected(String reason, String sentence) implements Authentication {}
}
