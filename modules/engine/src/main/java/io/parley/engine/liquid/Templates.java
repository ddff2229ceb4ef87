package io.parley.engine.liquid;

import io.parley.engine.Values;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Renders templates. A template's text may be anything at all: what comes back is a text, and a
/// warning where it came to nothing. Thread-safe.
///
/// An object that stands bare in a template (`{{ widgets.lookup.parsed }}`) renders as JSON: a
/// `json_object` parameter that holds `{{flow}}` can then be read again, and a split that looks for
/// a word in it finds it. What Studio renders there is not documented.
public final class Templates {

  /// Templates that are kept parsed; the flows of a busy system have fewer.
  private static final int MAX_PARSED = 10_000;

  private static final Pattern WIDGET =
      Pattern.compile(
          "(?<![\\w.-])widgets\\s*+(?:\\.\\s*+([\\w-]++)|\\[\\s*+[\"']([^\"']++)[\"'])");

  private static final Map<String, Parsed> PARSED = new ConcurrentHashMap<>();

  private Templates() {}

  /// The text of a template.
  ///
  /// @param scope the namespaces that it reads: `flow`, `trigger`, `contact`, `widgets`. JSON
  ///     values only (see [Values]); cheapest where the inner maps are entries of [Values] already
  /// @param now what `{{ 'now' | date: ... }}` shows
  public static Rendered render(String template, Map<String, Object> scope, Instant now) {
    if (isPlain(template)) {
      return Rendered.of(template);
    }
    return parsed(template).render(new Values(scope).entries(), now);
  }

  /// What is wrong with a template, before anything is rendered; empty where it can be read.
  public static Optional<String> problem(String template) {
    return isPlain(template) ? Optional.empty() : parsed(template).problem();
  }

  /// Whether a text has nothing to render. A stray `}}`, as JSON texts end with, is plain.
  public static boolean isPlain(String template) {
    return !template.contains("{{") && !template.contains("{%");
  }

  /// The names of the widgets whose outputs a template reads, in the order of reading.
  public static Set<String> widgetsRead(String template) {
    if (isPlain(template)) {
      return Set.of();
    }
    Set<String> names = new LinkedHashSet<>();
    Tags.forEach(
        template,
        tag -> {
          Matcher widget = WIDGET.matcher(tag);
          while (widget.find()) {
            names.add(widget.group(1) == null ? widget.group(2) : widget.group(1));
          }
        });
    return Collections.unmodifiableSet(names);
  }

  private static Parsed parsed(String template) {
    Parsed known = PARSED.get(template);
    if (known != null) {
      return known;
    }
    if (PARSED.size() >= MAX_PARSED) {
      PARSED.clear();
    }
    Parsed parsed = Parsed.of(template);
    PARSED.put(template, parsed);
    return parsed;
  }
}
