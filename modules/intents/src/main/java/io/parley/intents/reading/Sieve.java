package io.parley.intents.reading;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells in one pass over a text which of many rules can match in it at all, by the letters that
/// each of them needs.
final class Sieve {

  /// A place in the tree of all that is needed: what may follow, and whose need ends here.
  private static final class Node {

    private char[] letters = {};
    private Node[] nodes = {};
    private int[] rules = {};

    Node grown(char letter) {
      Node known = next(letter);
      if (known != null) {
        return known;
      }
      Node fresh = new Node();
      letters = Arrays.copyOf(letters, letters.length + 1);
      nodes = Arrays.copyOf(nodes, nodes.length + 1);
      letters[letters.length - 1] = letter;
      nodes[nodes.length - 1] = fresh;
      return fresh;
    }

    @Nullable Node next(char letter) {
      for (int i = 0; i < letters.length; i++) {
        if (letters[i] == letter) {
          return nodes[i];
        }
      }
      return null;
    }

    void ends(int rule) {
      rules = Arrays.copyOf(rules, rules.length + 1);
      rules[rules.length - 1] = rule;
    }
  }

  private final Node root = new Node();
  private final BitSet always = new BitSet();

  /// @param needs for each rule what it needs one of; a rule without needs passes always
  Sieve(List<Set<String>> needs) {
    for (int rule = 0; rule < needs.size(); rule++) {
      List<String> some = new ArrayList<>(needs.get(rule));
      if (some.isEmpty()) {
        always.set(rule);
      }
      for (String need : some) {
        Node node = root;
        for (int i = 0; i < need.length(); i++) {
          node = node.grown(need.charAt(i));
        }
        node.ends(rule);
      }
    }
  }

  /// The rules that can match in a text, by number.
  BitSet through(String text) {
    BitSet through = (BitSet) always.clone();
    for (int from = 0; from < text.length(); from++) {
      Node node = root.next(text.charAt(from));
      for (int i = from + 1; node != null; i++) {
        for (int rule : node.rules) {
          through.set(rule);
        }
        node = i < text.length() ? node.next(text.charAt(i)) : null;
      }
    }
    return through;
  }
}
