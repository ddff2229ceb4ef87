package io.parley.loadtest.measure;

/// On what it ran.
///
/// @param processor its model
/// @param system name and version of the operating system
public record Machine(String processor, int cores, long memoryBytes, String system) {}
