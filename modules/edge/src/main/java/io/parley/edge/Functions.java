package io.parley.edge;

import io.parley.engine.Effect;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The functions of this process, by the name that flows call them: a function's sid (`ZH...`), its
/// URL, or the path of its URL (`/check-cart`). Thread-safe.
public final class Functions {

  private final Map<String, FlowFunction> functions = new ConcurrentHashMap<>();

  /// Later functions of a name take the place of earlier ones.
  public void register(String name, FlowFunction function) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a function has a name: its sid, URL or path");
    }
    functions.put(name, function);
  }

  public Optional<FlowFunction> find(Effect.Request.Function function) {
    return named(function.functionSid())
        .or(() -> named(function.url()))
        .or(() -> named(path(function.url())));
  }

  private Optional<FlowFunction> named(String name) {
    return Optional.ofNullable(functions.get(name));
  }

  /// Without query and fragment; empty where the URL has none.
  private static String path(String url) {
    int host = url.indexOf("://");
    int slash = host < 0 ? -1 : url.indexOf('/', host + 3);
    return slash < 0 ? "" : url.substring(slash).split("[?#]", 2)[0];
  }
}
