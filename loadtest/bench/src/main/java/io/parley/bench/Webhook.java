package io.parley.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Twilio's webhook of a message as it stands on the wire, signed as Twilio signs. Not thread-safe.
final class Webhook {

  static final String ACCOUNT = Replies.ACCOUNT;
  static final String TOKEN = "0123456789abcdef0123456789abcdef";

  private static final String PATH = "/twilio/messages";

  private final String host;
  private final String url;
  private final Mac mac;

  /// @param port of the loopback address
  Webhook(int port) {
    this.host = "127.0.0.1:" + port;
    this.url = url(port) + PATH;
    try {
      mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(TOKEN.getBytes(UTF_8), "HmacSHA1"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA1", e);
    }
  }

  static String url(int port) {
    return "http://127.0.0.1:" + port;
  }

  /// A request, for a connection that is kept.
  Buffer of(int customer, long message) {
    StringBuilder signed = new StringBuilder(url);
    StringBuilder body = new StringBuilder(300);
    for (Map.Entry<String, String> it :
        new TreeMap<>(Replies.parameters(customer, message)).entrySet()) {
      signed.append(it.getKey()).append(it.getValue());
      body.append(body.isEmpty() ? "" : "&")
          .append(it.getKey())
          .append('=')
          .append(URLEncoder.encode(it.getValue(), UTF_8));
    }
    String signature =
        Base64.getEncoder().encodeToString(mac.doFinal(signed.toString().getBytes(UTF_8)));
    return Buffer.buffer(
        "POST "
            + PATH
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nUser-Agent: TwilioProxy/1.1\r\nContent-Type: application/x-www-form-urlencoded"
            + "\r\nX-Twilio-Signature: "
            + signature
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }
}
