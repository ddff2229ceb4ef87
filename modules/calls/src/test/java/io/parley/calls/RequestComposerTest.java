package io.parley.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.calls.RequestComposer.Composed;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestComposerTest {

  private static final String ZH = "ZH" + "1".repeat(32);
  private static final String ZS = "ZS" + "2".repeat(32);
  private static final EffectId ID =
      new EffectId(ConversationId.of(new ThreadId(new Address("+1"), new Address("+2"))), 3, 1);
  private static final TwilioCredentials TWILIO =
      new TwilioCredentials("AC1", "hush", (url, form) -> "signed " + url + " " + form);

  private final RequestComposer composer =
      new RequestComposer(FunctionPlaces.AS_FLOWS_SAY, Optional.of(TWILIO));

  @Test
  void aRequestSaysWhoAsksAndWhich() {
    CallRequest request = ready(composer.compose(http("https://a.example/", Values.EMPTY, false)));

    assertThat(request.headers())
        .containsEntry("User-Agent", "Parley")
        .containsEntry("Accept", "*/*")
        .containsEntry("Idempotency-Key", ID.toString())
        .doesNotContainKey("Content-Type");
  }

  @Test
  void aFlowMaySetHeadersButNotTheConnectionsOwn() {
    Values headers =
        Values.of("X-Api-Key", "k").with("user-agent", "Shop/1").with("X-List", List.of(1));

    assertThat(ready(composer.compose(http("https://a.example/", headers, false))).headers())
        .containsEntry("X-Api-Key", "k")
        .containsEntry("User-Agent", "Shop/1")
        .containsEntry("X-List", "[1]");
  }

  @ParameterizedTest
  @CsvSource({
    "Host, x",
    "content-length, 5",
    "Transfer-Encoding, chunked",
    "Proxy-Authorization, x",
    "Idempotency-Key, x",
    "'a b', x",
    "'', x",
    "X-Split, 'a\r\nHost: b'"
  })
  void aHeaderThatCannotBeSetIsToldAndNothingIsAsked(String name, String value) {
    Composed composed = composer.compose(http("https://a.example/", Values.of(name, value), false));

    assertThat(reason(composed)).isEqualTo("bad_header");
  }

  @Test
  void theCredentialsGoToTwilioAlone() {
    assertThat(
            ready(composer.compose(http("https://api.twilio.com/x", Values.EMPTY, true))).headers())
        .containsEntry("Authorization", "Basic QUMxOmh1c2g=");
    for (String url :
        List.of(
            "http://api.twilio.com/",
            "https://twilio.com.evil.example/",
            "https://eviltwilio.com/",
            "https://api.twilio.com@evil.example/")) {
      assertThat(reason(composer.compose(http(url, Values.EMPTY, true))))
          .as(url)
          .isEqualTo("refused_credentials");
    }
    RequestComposer without = new RequestComposer(FunctionPlaces.AS_FLOWS_SAY, Optional.empty());
    assertThat(reason(without.compose(http("https://api.twilio.com/", Values.EMPTY, true))))
        .isEqualTo("not_configured");
    assertThat(TWILIO.toString()).doesNotContain("hush");
  }

  @Test
  void aFunctionGetsItsParametersAsASignedForm() {
    Values parameters =
        Values.of("b", "x y&z")
            .with("a", Map.of("id", 7))
            .with("c", List.of("é", 1))
            .with("d", true);

    CallRequest request =
        ready(
            composer.compose(
                call(
                    new Effect.Request.Function(
                        "https://old-1.twil.io/f?v=1", "", "", "", parameters))));

    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.body())
        .isEqualTo("b=x+y%26z&a=%7B%22id%22%3A7%7D&c=%5B%22%C3%A9%22%2C1%5D&d=true");
    assertThat(request.headers())
        .containsEntry(
            "X-Twilio-Signature", "signed https://old-1.twil.io/f?v=1 " + request.body());
    assertThat(request.destination()).isEqualTo(CallRequest.Chosen.FUNCTION_BY_FLOW);
  }

  @Test
  void aFunctionRunsWhereConfigurationSays() {
    RequestComposer placed =
        new RequestComposer(
            places(
                ZH + "=http://functions:3000/one/",
                ZS + "=http://functions:3000/service",
                "https://old-1.twil.io=http://functions:3000/all",
                "https://old-1.twil.io/v2/=http://functions:3000/two"),
            Optional.empty());

    assertThat(place(placed, "https://old-1.twil.io/f", "", ZH))
        .isEqualTo("http://functions:3000/one");
    assertThat(place(placed, "https://old-1.twil.io/f?a=b", ZS, ""))
        .isEqualTo("http://functions:3000/all/f?a=b");
    assertThat(place(placed, "https://old-1.twil.io/v2/f", "", ""))
        .isEqualTo("http://functions:3000/two/f");
    assertThat(place(placed, "https://else.twil.io/f", ZS, ""))
        .isEqualTo("http://functions:3000/service/f");
    assertThat(place(placed, "", ZS, "")).isEqualTo("http://functions:3000/service");
    assertThat(place(placed, "https://old-1.twil.io.evil.example/f", "", ""))
        .isEqualTo("https://old-1.twil.io.evil.example/f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../admin",
        "/f/..",
        "/%2e%2E/admin",
        "/f/.%2e?x",
        "/f%2F..%2fadmin",
        "\\..\\admin"
      })
  void aFunctionsUrlCannotClimbOutOfItsPlace(String path) {
    RequestComposer placed =
        new RequestComposer(
            places("https://old-1.twil.io=http://functions:3000/open"), Optional.empty());

    Composed composed =
        placed.compose(
            call(
                new Effect.Request.Function(
                    "https://old-1.twil.io" + path, "", "", "", Values.EMPTY)));

    assertThat(reason(composed)).isEqualTo("not_configured");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http://a.example/f", "no url"})
  void aFunctionThatNobodyHasPlacedIsNotAsked(String url) {
    Composed composed =
        composer.compose(call(new Effect.Request.Function(url, ZS, "", ZH, Values.EMPTY)));

    assertThat(composed)
        .isInstanceOfSatisfying(
            Composed.Impossible.class,
            it -> {
              assertThat(it.why().reason()).isEqualTo("not_configured");
              assertThat(it.why().message()).contains("PARLEY_FUNCTIONS=" + ZH + "=https://");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ZH1=https://a.example",
        "https://a.example",
        "=https://a.example",
        "x=y",
        "ZH=ftp://a",
        "https://a.example=https://u:p@b.example"
      })
  void whatPlacesNoFunctionIsRefused(String entry) {
    assertThat(FunctionPlaces.AS_FLOWS_SAY.with(entry)).isEmpty();
  }

  @Test
  void onlyWhatIsSafeMayBeRepeated() {
    CallRules rules =
        new CallRules(
            new Timeouts(Duration.ofSeconds(10), Map.of()),
            AddressGuard.STRICT,
            FunctionPlaces.AS_FLOWS_SAY,
            List.of(new HostPattern("*.safe.example")),
            1,
            new Breaker.Habit(1, Duration.ofSeconds(1)));

    assertThat(rules.mayRepeat(composer.compose(http("https://a.example/", Values.EMPTY, false))))
        .as("GET")
        .isTrue();
    assertThat(rules.mayRepeat(composer.compose(function("https://a.example/")))).isFalse();
    assertThat(rules.mayRepeat(composer.compose(function("https://a.safe.example/")))).isTrue();
    assertThat(rules.mayRepeat(composer.compose(function("")))).isFalse();
  }

  @Test
  void aHostsTimeIsTheFirstThatFits() {
    Timeouts timeouts =
        new Timeouts(
            Duration.ofSeconds(10),
            Map.of(new HostPattern("*.slow.example"), Duration.ofSeconds(20)));

    assertThat(timeouts.of("a.slow.example")).hasSeconds(20);
    assertThat(timeouts.of("slow.example")).hasSeconds(10);
    assertThat(timeouts.longest()).hasSeconds(20);
  }

  private static Effect.Call function(String url) {
    return call(new Effect.Request.Function(url, "", "", "", Values.EMPTY));
  }

  private static String place(
      RequestComposer composer, String url, String service, String function) {
    CallRequest request =
        ready(
            composer.compose(
                call(new Effect.Request.Function(url, service, "", function, Values.EMPTY))));
    return request.target().url();
  }

  private static FunctionPlaces places(String... entries) {
    FunctionPlaces places = FunctionPlaces.AS_FLOWS_SAY;
    for (String entry : entries) {
      places = places.with(entry).orElseThrow();
    }
    return places;
  }

  private static Effect.Call http(String url, Values headers, boolean twilioAuth) {
    return call(new Effect.Request.Http("GET", url, headers, "", "", twilioAuth));
  }

  private static Effect.Call call(Effect.Request request) {
    return new Effect.Call(ID, request);
  }

  private static CallRequest ready(Composed composed) {
    return ((Composed.Ready) composed).request();
  }

  private static String reason(Composed composed) {
    return ((Composed.Impossible) composed).why().reason();
  }
}
