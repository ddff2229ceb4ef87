package io.parley.loadtest.standin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LedgerTest {

  private final Ledger<String> ledger = new Ledger<>();

  @Test
  void aLookShowsEachChangeSinceTheLast() {
    assertThat(ledger.all()).isEmpty();
    ledger.put("1", "a");
    ledger.put("2", "b");
    assertThat(ledger.all()).containsExactly("a", "b");
    ledger.put("1", "c");
    assertThat(ledger.all()).containsExactly("c", "b");
    ledger.change("2", _ -> "d");
    assertThat(ledger.all()).containsExactly("c", "d");
    ledger.remove("1");
    assertThat(ledger.all()).containsExactly("d");
  }

  @Test
  void aLookAtWhatHasNotChangedCopiesNothing() {
    ledger.put("1", "a");

    assertThat(ledger.all()).isSameAs(ledger.all());
    ledger.change("1", before -> before);
    ledger.change("2", _ -> "nobody");
    assertThat(ledger.all()).isSameAs(ledger.all()).containsExactly("a");
  }
}
