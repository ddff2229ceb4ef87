package io.parley.engine.offers;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an offer takes off: `15%`, `10 USD` or `free_shipping`, as configuration and tables write
/// it.
public sealed interface Worth {

  Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,2})?) ?%");
  String FREE_SHIPPING = "free_shipping";

  /// @param percent above 0, 100 at most
  record Percent(BigDecimal percent) implements Worth {
    public Percent {
      if (percent.signum() <= 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
        throw new IllegalArgumentException("not between 0 and 100 percent: " + percent);
      }
      percent = Money.plain(percent);
    }

    @Override
    public String toString() {
      return percent.toPlainString() + "%";
    }
  }

  record AmountOff(Money money) implements Worth {
    @Override
    public String toString() {
      return money.toString();
    }
  }

  record FreeShipping() implements Worth {
    @Override
    public String toString() {
      return FREE_SHIPPING;
    }
  }

  /// As people read it: `15%`, `$10`, `10 CHF`, `free shipping`.
  default String shown() {
    return switch (this) {
      case Percent percent -> percent.toString();
      case AmountOff(var money) -> money.shown();
      case FreeShipping _ -> "free shipping";
    };
  }

  /// Reads what [Object#toString] of a worth writes.
  static Optional<Worth> parse(String text) {
    String stripped = text.strip();
    if (stripped.equals(FREE_SHIPPING)) {
      return Optional.of(new FreeShipping());
    }
    Matcher percent = PERCENT.matcher(stripped);
    if (percent.matches()) {
      BigDecimal number = new BigDecimal(percent.group(1));
      return number.signum() > 0 && number.compareTo(BigDecimal.valueOf(100)) <= 0
          ? Optional.of(new Percent(number))
          : Optional.empty();
    }
    return Money.parse(stripped).filter(it -> it.amount().signum() > 0).map(AmountOff::new);
  }
}
