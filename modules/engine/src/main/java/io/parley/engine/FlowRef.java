package io.parley.engine;

/// One revision of one flow; an execution keeps the revision that it started with.
///
/// @param name the name that a person knows the flow by
/// @param revision counts from 1
public record FlowRef(FlowSid sid, String name, int revision) {}
