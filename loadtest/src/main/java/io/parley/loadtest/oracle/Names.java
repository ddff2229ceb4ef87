package io.parley.loadtest.oracle;

import java.util.Arrays;

/// A set of names that holds 64 bits of each, so that those of millions of events fit beside all
/// else. That two of ten million names have the same bits is less likely than one in a hundred
/// thousand.
final class Names {

  private static final long EMPTY = 0;

  private long[] slots = new long[1 << 10];
  private int size;

  /// Adds a name; false where it was there.
  boolean add(String name) {
    if (size * 2 > slots.length) {
      grow();
    }
    boolean added = put(hash(name));
    size += added ? 1 : 0;
    return added;
  }

  boolean contains(String name) {
    long hash = hash(name);
    for (int at = place(hash); slots[at] != EMPTY; at = (at + 1) & (slots.length - 1)) {
      if (slots[at] == hash) {
        return true;
      }
    }
    return false;
  }

  private boolean put(long hash) {
    int at = place(hash);
    while (slots[at] != EMPTY) {
      if (slots[at] == hash) {
        return false;
      }
      at = (at + 1) & (slots.length - 1);
    }
    slots[at] = hash;
    return true;
  }

  private int place(long hash) {
    return (int) (hash ^ hash >>> 32) & (slots.length - 1);
  }

  private void grow() {
    long[] before = slots;
    slots = new long[before.length * 2];
    Arrays.stream(before).filter(hash -> hash != EMPTY).forEach(this::put);
  }

  /// FNV-1a over the characters, mixed.
  private static long hash(String name) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash ^= hash >>> 33;
    return hash == EMPTY ? 1 : hash;
  }
}
