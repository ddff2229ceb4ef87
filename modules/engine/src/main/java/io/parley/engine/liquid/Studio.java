package io.parley.engine.liquid;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import liqp.TemplateContext;
import liqp.TemplateParser;
import liqp.filters.Filter;
import liqp.filters.Filters;
import liqp.nodes.LNode;
import liqp.parser.Flavor;
import liqp.tags.Tag;

/// Studio's dialect of Liquid: the standard filters and tags, `to_json`, and Studio's limits.
///
/// Source of the loop and size limits: Studio FAQ and get-started page; of the time zone: Twilio
/// support article 4413699936411.
final class Studio {

  static final int MAX_TEMPLATE = 64 * 1024;
  static final int MAX_RENDERED = 16 * 1024;
  static final int MAX_ITERATIONS = 15;
  static final ZoneId ZONE = ZoneId.of("America/Los_Angeles");

  static final TemplateParser PARSER = parser();

  private static final String NOW = "parley.now";

  private Studio() {}

  /// Tells a rendering what time it is; templates can not read the registry.
  static void setNow(TemplateContext context, Instant now) {
    context.<Map<String, Object>>getRegistry(NOW).put(NOW, now);
  }

  static Instant now(TemplateContext context) {
    return (Instant) context.<Map<String, Object>>getRegistry(NOW).getOrDefault(NOW, Instant.EPOCH);
  }

  private static TemplateParser parser() {
    TemplateParser.Builder builder =
        new TemplateParser.Builder()
            .withFlavor(Flavor.LIQUID)
            // "5" > 3 is no error: variables are texts, and Studio's documentation says that a text
            // that is added to a number is converted.
            .withStrictTypedExpressions(false)
            .withDefaultTimeZone(ZONE)
            .withMaxIterations(MAX_ITERATIONS)
            .withRenderTransformer(new BoundedText(MAX_RENDERED))
            .withTag(new NoInclude())
            .withNameResolver(
                name -> {
                  throw new IllegalStateException("a template includes no other");
                });
    for (Filter filter : Filters.DEFAULT_FILTERS.values()) {
      builder.withFilter(new BoundedFilter(filter));
    }
    return builder
        .withFilter(new BoundedFilter(new DateFilter()))
        .withFilter(new BoundedFilter(new ToJsonFilter()))
        .build();
  }

  /// Liquid's `include` reads files; Studio has none.
  private static final class NoInclude extends Tag {
    NoInclude() {
      super("include");
    }

    @Override
    public Object render(TemplateContext context, LNode... nodes) {
      throw new IllegalStateException("unknown tag include");
    }
  }
}
