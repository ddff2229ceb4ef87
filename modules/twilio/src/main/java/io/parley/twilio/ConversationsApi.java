package io.parley.twilio;

import com.twilio.converter.Converter;
import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.TwilioRestClient;
import io.parley.engine.Values;
import java.util.List;
import java.util.Map;

/// Twilio's Conversations API as far as Parley calls it. twilio-java has each resource twice,
/// within a chat service and without; here the path tells, and answers are plain JSON.
///
/// Throws [CallFailed] for every answer but a 2xx. Blocks its caller, so it is called on virtual
/// threads only.
final class ConversationsApi implements AutoCloseable {

  private final ApiCalls calls;
  private final TwilioRestClient client;

  ConversationsApi(TwilioAccount account) {
    this.calls =
        new ApiCalls(account, TwilioAccount.TWILIO_CONVERSATIONS, account.conversationsBaseUrl());
    this.client = calls.client(account);
  }

  /// The path of conversations.
  ///
  /// @param service `IS...`; any other text stands for the account's default service
  static String conversations(String service) {
    return service.startsWith("IS") ? "/v1/Services/" + service + "/Conversations" : DEFAULT;
  }

  private static final String DEFAULT = "/v1/Conversations";

  /// @param form names and their values; one without values is left out
  Values post(String path, Map<String, List<String>> form) {
    Request request = request(HttpMethod.POST, path);
    form.forEach((name, values) -> values.forEach(value -> request.addPostParam(name, value)));
    return read(request);
  }

  Values get(String path, Map<String, String> query) {
    Request request = request(HttpMethod.GET, path);
    query.forEach(request::addQueryParam);
    return read(request);
  }

  private static Request request(HttpMethod method, String path) {
    return new Request(method, TwilioAccount.TWILIO_CONVERSATIONS + path);
  }

  private Values read(Request request) {
    Map<String, Object> body = Converter.jsonToMap(client.request(request).getContent());
    return body == null ? Values.EMPTY : new Values(body);
  }

  @Override
  public void close() {
    calls.close();
  }
}
