package io.parley.engine.offers;

import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The discount codes that an order names, under the names that shops and Segment's specification
/// have for them: `coupon`, `discount_code`, `discount_codes` and their like, each a text, an
/// object with a `code`, or a list of such; also within the order's `products`.
///
/// Source: Segment, e-commerce specification, Order Completed (`coupon` of the order and of each
/// product); Shopify, REST order (`discount_codes[].code`).
public final class NamedCodes {

  private static final List<String> NAMES =
      List.of(
          "coupon",
          "coupon_code",
          "coupons",
          "discount_code",
          "discount_codes",
          "discountCodes",
          "promo_code",
          "voucher");
  private static final List<String> LINES = List.of("products", "items", "line_items");
  private static final int MAX_CODES = 10;

  private NamedCodes() {}

  public static List<String> in(Values order) {
    List<String> codes = new ArrayList<>();
    add(codes, order.entries());
    for (String name : LINES) {
      if (order.entries().get(name) instanceof List<?> lines) {
        lines.stream().filter(Map.class::isInstance).forEach(line -> add(codes, (Map<?, ?>) line));
      }
    }
    return codes.stream().distinct().limit(MAX_CODES).toList();
  }

  private static void add(List<String> codes, Map<?, ?> object) {
    NAMES.forEach(name -> add(codes, object.get(name)));
  }

  private static void add(List<String> codes, @Nullable Object value) {
    switch (value) {
      case String text when !text.isBlank() -> codes.add(text.strip());
      case Map<?, ?> object -> add(codes, object.get("code"));
      case List<?> items -> items.forEach(item -> add(codes, item));
      case null, default -> {}
    }
  }
}
