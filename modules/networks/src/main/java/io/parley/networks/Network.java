package io.parley.networks;

/// Who is sent hashed identifiers. One network may want the same identifier in two forms, in two of
/// its interfaces.
enum Network {
  META_CONVERSIONS,
  META_AUDIENCES,
  TIKTOK_EVENTS,
  TIKTOK_AUDIENCES,
  /// Conversions and Customer Match alike.
  GOOGLE
}
