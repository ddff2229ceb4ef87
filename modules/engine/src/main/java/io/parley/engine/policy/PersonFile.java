package io.parley.engine.policy;

/// Where a step finds what is on record of the person. Looked at only where a step asks for it, so
/// that nobody need read it for one that does not.
public interface PersonFile {

  PersonFacts facts();
}
