package io.parley.workbench.cases;

import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A request that a flow made of another system.
///
/// @param widget that made it
record Asked(EffectId call, String widget, Effect.Request request) {

  String method() {
    return switch (request) {
      case Effect.Request.Http http -> http.method();
      case Effect.Request.Function _, Effect.Request.Conversation _ -> "POST";
    };
  }

  /// Of a function without one: `function:ZH...`; about a conversation: `conversations:create`.
  String url() {
    return switch (request) {
      case Effect.Request.Http http -> http.url();
      case Effect.Request.Function function ->
          function.url().isEmpty() ? "function:" + function.functionSid() : function.url();
      case Effect.Request.Conversation conversation ->
          "conversations:" + conversation.operation().name().toLowerCase(Locale.ROOT);
    };
  }

  /// A function is called with its parameters, and has no other body.
  String body() {
    return switch (request) {
      case Effect.Request.Http http -> http.body();
      case Effect.Request.Function _, Effect.Request.Conversation _ -> "";
    };
  }

  /// The body as JSON; of a function its parameters. Empty text where the body is none.
  Object json() {
    return switch (request) {
      case Effect.Request.Http http -> Json.parse(http.body()).orElse("");
      case Effect.Request.Function function -> function.parameters().entries();
      case Effect.Request.Conversation conversation -> conversation.properties().entries();
    };
  }

  Values headers() {
    return switch (request) {
      case Effect.Request.Http http -> http.headers();
      case Effect.Request.Function _, Effect.Request.Conversation _ -> Values.EMPTY;
    };
  }

  /// As a case file says it.
  Map<String, Object> written() {
    Map<String, Object> written = new LinkedHashMap<>();
    written.put("widget", widget);
    written.put("method", method());
    written.put("url", url());
    switch (request) {
      case Effect.Request.Function function -> {
        if (!function.parameters().isEmpty()) {
          written.put("json", function.parameters().entries());
        }
      }
      case Effect.Request.Conversation conversation -> {
        if (!conversation.properties().isEmpty()) {
          written.put("json", conversation.properties().entries());
        }
      }
      case Effect.Request.Http http -> {
        if (Json.parse(http.body()).orElse("") instanceof Map<?, ?> json) {
          written.put("json", json);
        } else if (!http.body().isEmpty()) {
          written.put("body", http.body());
        }
        if (!http.headers().isEmpty()) {
          written.put("headers", http.headers().entries());
        }
      }
    }
    return written;
  }
}
