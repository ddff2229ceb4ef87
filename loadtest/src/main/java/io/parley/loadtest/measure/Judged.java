package io.parley.loadtest.measure;

/// A threshold of the profile, and what was measured.
///
/// @param name as in the profile: `next_message p99`
/// @param limit as in the profile: `25ms`
/// @param measured in the same unit: `18.2ms`, or why there is nothing to compare with
public record Judged(String name, String limit, String measured, boolean kept) {}
