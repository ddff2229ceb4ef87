package io.parley.engine;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What an order brought in.
///
/// @param amount may be negative, where a shop tells of a return as an order
/// @param currency its ISO 4217 code in capitals; empty text where the order names none
public record Revenue(BigDecimal amount, String currency) {

  /// Where an order tells its value, the first that does. Source: Segment, e-commerce
  /// specification, Order Completed (`total` with shipping and taxes, `revenue` without).
  private static final List<String> NAMES = List.of("value", "total", "revenue");

  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,14}(\\.\\d{1,20})?");
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

  /// What the properties of an order say of it; empty where they name no value.
  public static Optional<Revenue> of(Values order) {
    return NAMES.stream()
        .flatMap(name -> number(order.entries().get(name)).stream())
        .findFirst()
        .map(amount -> new Revenue(amount, currency(order)));
  }

  private static Optional<BigDecimal> number(@Nullable Object told) {
    return switch (told) {
      case Long whole -> Optional.of(BigDecimal.valueOf(whole));
      case Double number -> Optional.of(BigDecimal.valueOf(number));
      case String text when NUMBER.matcher(text.strip()).matches() ->
          Optional.of(new BigDecimal(text.strip()));
      case null, default -> Optional.empty();
    };
  }

  private static String currency(Values order) {
    return order
        .text("currency")
        .map(it -> it.strip().toUpperCase(Locale.ROOT))
        .filter(it -> CURRENCY.matcher(it).matches())
        .orElse("");
  }
}
