package io.parley.networks;

/// By whose rule identifiers are normalised before they are hashed.
public enum Rule {
  /// What the network's own pages say.
  OF_THE_NETWORK,

  /// What the code of Segment's destinations does: the same hashes for who comes from there.
  OF_SEGMENT
}
