package io.parley.engine.liquid;

import io.parley.engine.Json;
import liqp.TemplateContext;
import liqp.filters.Filter;

/// `to_json`, which is Studio's own: compact JSON, entries in the order in which they were written.
/// What is undefined is `null`, so that the text around it stays JSON.
final class ToJsonFilter extends Filter {

  ToJsonFilter() {
    super("to_json");
  }

  @Override
  public Object apply(Object value, TemplateContext context, Object... params) {
    return Json.print(value);
  }
}
