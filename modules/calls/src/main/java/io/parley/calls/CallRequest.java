package io.parley.calls;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A request that is ready to leave. Printed without what may be secret.
///
/// @param headers by name in any case, without `Host` and `Content-Length`
/// @param body empty where there is none
/// @param destination who chose where it goes
public record CallRequest(
    String method, Target target, Map<String, String> headers, String body, Chosen destination) {

  /// Who chose where a request goes.
  public enum Chosen {
    /// A flow: no private address, unless allowed; redirects are followed.
    BY_FLOW,
    /// Configuration, of a function: any address; a redirect is an answer.
    BY_CONFIGURATION,
    /// A flow, of a function: no private address, unless allowed; a redirect is an answer.
    FUNCTION_BY_FLOW
  }

  /// What a flow cannot set: the connection's own affairs.
  private static final List<String> RESERVED =
      List.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "upgrade",
          "te",
          "trailer",
          "expect",
          "idempotency-key");

  public CallRequest {
    Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(headers);
    headers = Collections.unmodifiableMap(copy);
  }

  static boolean isReserved(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return RESERVED.contains(name) || name.startsWith("proxy-");
  }

  /// Whether asking once more changes nothing, by HTTP's own rules (RFC 9110, 9.2.2). PUT and
  /// DELETE are idempotent only where their server keeps to it, so they are not counted.
  public static boolean isSafe(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }

  CallRequest with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new CallRequest(method, target, more, body, destination);
  }

  @Override
  public String toString() {
    return "CallRequest[" + method + " " + target + "]";
  }
}
