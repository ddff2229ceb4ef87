package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.rest.studio.v2.Flow;
import io.parley.engine.FlowSid;
import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the Studio API refuses, always in Twilio's shape.
class StudioEdgeTest {

  private static final String CART = "/v2/Flows/" + FlowSid.named("cart");
  private static final Service SERVICE =
      Service.start(Map.of("API_KEYS", "SK1:first-secret, SK2:second:secret"));
  private static final StudioClient HTTP = new StudioClient(SERVICE, Optional.empty());

  @AfterAll
  static void close() {
    SERVICE.close();
  }

  private static void assertError(Answer answer, int status, int code, String message) {
    JsonObject body = answer.json();
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(body.getInteger("status")).isEqualTo(status);
    assertThat(body.getInteger("code")).isEqualTo(code);
    assertThat(body.getString("message")).contains(message);
    assertThat(body.getString("more_info")).isEqualTo("https://www.twilio.com/docs/errors/" + code);
  }

  // ---- who may ask

  @Test
  void theAccountAndEachKeyMayAsk() {
    assertThat(HTTP.get("/v2/Flows").status()).isEqualTo(200);
    assertThat(Flow.reader().read(HTTP.rest("SK1", "first-secret"))).isNotEmpty();
    assertThat(Flow.reader().read(HTTP.rest("SK2", "second:secret"))).isNotEmpty();
  }

  @Test
  void nobodyElseMayAsk() {
    for (Map<String, String> headers :
        List.of(
            Map.<String, String>of(),
            StudioClient.basic(Service.ACCOUNT_SID, "wrong"),
            StudioClient.basic("SK1", "second:secret"),
            StudioClient.basic("", ""),
            Map.of("Authorization", "Basic %%%"),
            Map.of("Authorization", "Bearer " + Service.AUTH_TOKEN))) {
      assertError(HTTP.send("GET", "/v2/Flows", "", headers), 401, 20003, "Authenticate");
    }
    assertError(HTTP.send("GET", "/v2/Nothing", "", Map.of()), 401, 20003, "Authenticate");
  }

  @Test
  void withoutAnyCredentialTheApiIsOffAndSaysWhatToSet() {
    try (Service open = Service.start(Map.of("TWILIO_ACCOUNT_SID", "", "TWILIO_AUTH_TOKEN", ""))) {
      Answer answer =
          new StudioClient(open, Optional.empty())
              .send("GET", "/v2/Flows", "", StudioClient.basic("", ""));

      assertError(answer, 401, 20003, "PARLEY_API_KEYS");
    }
  }

  // ---- what is asked for

  @ParameterizedTest
  @CsvSource({
    "GET, /v2/Nothing, 404, 20404, /Nothing",
    "GET, /v2/Flows/FW71, 404, 20404, The requested resource /Flows/FW71 was not found",
    "GET, /v2/Flows/FW71/Executions/FN1/Steps, 404, 20404, /Flows/FW71/Executions/FN1/Steps",
    "PUT, /v2/Flows, 405, 20004, PUT",
    "DELETE, /v2/Flows/Validate, 404, 20404, /Flows/Validate",
    "POST, /v2/Flows/FW71/Revisions/1, 405, 20004, POST",
    "GET, /v2/Flows?PageSize=0, 400, 20001, PageSize",
    "GET, /v2/Flows?PageSize=1001, 400, 20001, PageSize",
    "GET, /v2/Flows?Page=-1, 400, 20001, Page",
    "GET, /v2/Flows?PageToken=zzz, 400, 20001, PageToken",
    "GET, /v2/Flows?PageToken=PAzzz, 400, 20001, PageToken",
  })
  void whatThereIsNotIsSaid(String method, String path, int status, int code, String message) {
    assertError(HTTP.send(method, path, "", StudioClient.account()), status, code, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/Executions|From=%2B1|400|20001|Missing required parameter To in the post body",
        "/Executions|To=%2B1|400|20001|Missing required parameter From in the post body",
        "/Executions|To=%2B1&From=%2B2&Parameters=[1]|400|20001|Parameters",
        "/Executions|To=%2B1&From=%2B2&Parameters={|400|20001|Parameters",
        "/Executions|To=%00&From=%2B2|400|20001|To",
        "/Executions|To=%zz|400|20001|form cannot be read",
        "/TestUsers|Other=1|400|20001|TestUsers",
        "''|FriendlyName=x|400|20001|Missing required parameter Status",
        "''|Status=live|400|20001|draft or published",
        "''|Status=draft&Definition=%7B|400|81022|validation failed",
        "''|Status=draft&AuthorSid=me|400|20001|AuthorSid",
      })
  void whatIsWrongWithAFormIsSaid(String path, String form, int status, int code, String message) {
    assertError(HTTP.post(CART + path, form), status, code, message);
  }

  @Test
  void aLongContactIsRefused() {
    String to = "1".repeat(299);

    assertError(HTTP.post(CART + "/Executions", "From=22&To=" + to), 400, 81023, "300 bytes");
    assertThat(HTTP.post(CART + "/Executions", "From=2&To=" + to).status()).isEqualTo(201);
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() {
    assertError(
        HTTP.post("/v2/Flows", "Definition=" + "x".repeat(7 * 1024 * 1024)),
        413,
        20413,
        "too large");
  }

  @Test
  void aBodyThatIsNoFormIsRefused() {
    Map<String, String> headers = new HashMap<>(StudioClient.account());
    headers.put("Content-Type", "application/json");

    assertError(HTTP.send("POST", "/v2/Flows", "{}", headers), 415, 20415, "form-urlencoded");
  }

  @Test
  void whoAsksTooOftenIsToldToWait() {
    try (Service slow = Service.start(Map.of("STUDIO_REQUESTS_PER_SECOND", "0.001"))) {
      StudioClient http = new StudioClient(slow, Optional.empty());

      assertThat(http.get("/v2/Flows").status()).isEqualTo(200);
      assertError(http.get("/v2/Flows"), 429, 20429, "Too Many Requests");
    }
  }
}
