package io.parley.engine.hours;

/// A country or a state of one, by ISO 3166: `US`, `US-TX`.
public record Region(String code) {

  /// Where nothing is known of somebody, not even the country.
  public static final Region NOWHERE = new Region("*");

  public Region {
    if (code.isBlank()) {
      throw new IllegalArgumentException("a region has a code");
    }
  }

  /// The country alone.
  public Region country() {
    return isState() ? new Region(code.substring(0, code.indexOf('-'))) : this;
  }

  public boolean isState() {
    return code.contains("-");
  }

  /// Whether this is the other or holds it.
  boolean holds(Region other) {
    return equals(NOWHERE) || equals(other) || equals(other.country());
  }

  @Override
  public String toString() {
    return code;
  }
}
