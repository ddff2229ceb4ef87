package io.parley.calls;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Our credentials with Twilio, for requests that carry them and functions that check them. Printed
/// without its secret.
///
/// @param signing how a URL and a form are signed with the token
public record TwilioCredentials(String accountSid, String authToken, Signing signing) {

  /// Makes the value of `X-Twilio-Signature`.
  @FunctionalInterface
  public interface Signing {
    String sign(String url, String form);
  }

  static String basic(String userInfo) {
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }

  String basic() {
    return basic(accountSid + ":" + authToken);
  }

  @Override
  public String toString() {
    return "TwilioCredentials[accountSid=" + accountSid + "]";
  }
}
