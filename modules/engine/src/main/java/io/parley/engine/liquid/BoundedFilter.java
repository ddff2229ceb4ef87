package io.parley.engine.liquid;

import java.math.BigDecimal;
import liqp.TemplateContext;
import liqp.filters.Filter;

/// A filter that takes and gives texts of bounded length, so that no chain of `append` and
/// `replace` can eat the heap.
final class BoundedFilter extends Filter {

  /// What a filter may take or give, in characters: an HTTP response of 64 kB fits.
  private static final int MAX_TEXT = 128 * 1024;

  /// Length of the text times length of its longest argument: what `replace` and `join` may come
  /// to.
  private static final long MAX_PRODUCT = 8L << 20;

  private static final int MAX_DIGITS = 1_000;

  private final Filter filter;

  BoundedFilter(Filter filter) {
    super(filter.getName());
    this.filter = filter;
  }

  @Override
  public Object apply(Object value, TemplateContext context, Object... params) {
    long longest = 1;
    for (Object param : params) {
      longest = Math.max(longest, length(param));
    }
    require(longest * Math.max(1, length(value)) <= MAX_PRODUCT);
    Object result = filter.apply(value, context, params);
    require(length(result) <= MAX_TEXT);
    if (result instanceof BigDecimal number) {
      require(Math.abs((long) number.scale()) + number.precision() <= MAX_DIGITS);
    }
    return result;
  }

  private static long length(Object value) {
    return switch (value) {
      case null -> 0;
      case CharSequence text -> text.length();
      case Object[] items -> items.length;
      default -> 1;
    };
  }

  private void require(boolean held) {
    if (!held) {
      throw new IllegalStateException("filter " + name + " was given, or makes, too long a text");
    }
  }
}
