package io.parley.store;

import io.parley.engine.Effect;
import io.parley.engine.Values;
import io.parley.engine.flow.BuiltInFunction;
import java.net.URI;
import java.util.Locale;

/// What a call waits for beside others: the host of its url, so that a slow one holds back nobody
/// else. A function without a url has its sid in the host's place, one that is built in its name,
/// with the broadcast's number where it is one: each of these may be triggered only so often.
final class CalledHost {

  /// As long as a name in the DNS can be.
  private static final int MAX_LENGTH = 253;

  private static final String CONVERSATIONS = "conversations";

  private CalledHost() {}

  /// Empty where there is none, or nothing that could be one: such a call is refused without a
  /// request.
  static String of(Effect.Request request) {
    String host =
        switch (request) {
          case Effect.Request.Http http -> host(http.url());
          case Effect.Request.Function function ->
              BuiltInFunction.parse(function.url())
                  .map(it -> builtIn(it, function.parameters()))
                  .orElseGet(
                      () ->
                          function.url().isEmpty() ? function.functionSid() : host(function.url()));
          case Effect.Request.Conversation _ -> CONVERSATIONS;
        };
    return host.length() > MAX_LENGTH ? "" : host;
  }

  private static String builtIn(BuiltInFunction function, Values parameters) {
    return function != BuiltInFunction.BROADCAST
        ? function.word()
        : parameters
            .text("broadcast_id")
            .map(String::strip)
            .filter(it -> it.matches("[0-9]{1,18}"))
            .map(it -> function.word() + ":" + it)
            .orElse(function.word());
  }

  private static String host(String url) {
    try {
      String host = URI.create(url).getHost();
      return host == null ? "" : host.toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }
}
