package io.parley.engine.offers;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An amount of a currency, as `10 USD`. Equal where the numbers are: 10 is 10.00.
///
/// @param amount not negative
/// @param currency its ISO 4217 code in capitals
public record Money(BigDecimal amount, String currency) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,4})?) ([A-Z]{3})");

  public Money {
    if (amount.signum() < 0) {
      throw new IllegalArgumentException("an amount is never negative: " + amount);
    }
    amount = plain(amount);
  }

  /// Reads `10 USD` or `10.50 EUR`.
  public static Optional<Money> parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    return form.matches()
        ? Optional.of(new Money(new BigDecimal(form.group(1)), form.group(2)))
        : Optional.empty();
  }

  static BigDecimal plain(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /// With the sign of its currency where that is one currency's in its own country: `$10.50`,
  /// `€10`, `10 CHF`.
  String shown() {
    String number =
        (amount.scale() > 0 ? amount.setScale(Math.max(2, amount.scale())) : amount)
            .toPlainString();
    return switch (currency) {
      case "USD" -> "$" + number;
      case "EUR" -> "€" + number;
      case "GBP" -> "£" + number;
      default -> number + " " + currency;
    };
  }

  @Override
  public String toString() {
    return amount.toPlainString() + " " + currency;
  }
}
