package io.parley.engine;

/// The two ends of a conversation: one of our addresses and one of theirs.
public record ThreadId(Address ours, Address theirs) {}
