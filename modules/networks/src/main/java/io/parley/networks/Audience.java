package io.parley.networks;

import java.util.Collections;
import java.util.List;

/// Who comes into an audience of a network, and who leaves it.
///
/// @param id the network's own id of it
public record Audience(String id, List<Member> added, List<Member> removed) {

  /// Which way people go.
  public enum Direction {
    IN,
    OUT
  }

  public Audience {
    if (!id.matches("[0-9]{1,30}")) {
      throw new IllegalArgumentException("no id of an audience (digits): '" + id + "'");
    }
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    if (!Collections.disjoint(added, removed)) {
      throw new IllegalArgumentException(
          "somebody both comes into audience " + id + " and leaves it");
    }
  }
}
