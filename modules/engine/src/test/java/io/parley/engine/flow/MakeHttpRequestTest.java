package io.parley.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Effect;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MakeHttpRequestTest {

  private final FakeScene scene = new FakeScene();

  @Test
  void theParametersOfAGetAreItsQuery() {
    enter("GET", "https://a.example/x?a=b#top", "", "", false);

    assertThat(asked().url()).isEqualTo("https://a.example/x?a=b&name=x+y&cart=%7B%22id%22%3A7%7D");
    assertThat(asked().body()).isEmpty();
    assertThat(asked().contentType()).isEmpty();
  }

  @Test
  void theParametersOfAFormAreItsBody() {
    String type = "application/x-www-form-urlencoded;charset=utf-8";

    enter("POST", "https://a.example/", type, "", false);

    assertThat(asked().url()).isEqualTo("https://a.example/");
    assertThat(asked().body()).isEqualTo("name=x+y&cart=%7B%22id%22%3A7%7D");
    assertThat(asked().contentType()).isEqualTo(type);
  }

  @Test
  void aBodyIsAsTheFlowGivesIt() {
    enter("POST", "https://a.example/", "", "{}", false);

    assertThat(asked().body()).isEqualTo("{}");
    assertThat(asked().contentType()).isEqualTo("application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.example/x", "ftp://a.example/", "https://", "https://a b/"})
  void whatIsNoUrlIsNotAsked(String url) {
    Reached reached = enter("GET", url, "", "", false);

    assertThat(reached).isEqualTo(new Reached.Left("failed", Optional.empty(), Values.EMPTY));
    assertThat(scene.calls()).isEmpty();
    assertThat(scene.warnings()).extracting(Warning::code).containsExactly(81014);
  }

  @Test
  void ourCredentialsWithTwilioAreForTwilioAlone() {
    enter("GET", "https://a.example/", "", "", true);
    assertThat(scene.calls()).isEmpty();

    enter("GET", "https://api.twilio.com/", "", "", true);
    assertThat(asked().twilioAuth()).isTrue();
  }

  private Reached enter(
      String method, String url, String contentType, String body, boolean twilioAuth) {
    List<Parameter> parameters =
        List.of(new Parameter("name", "x y", false), new Parameter("cart", "{\"id\": 7}", true));
    return new MakeHttpRequest(
            "ask",
            List.of(),
            method,
            url,
            contentType,
            body,
            parameters,
            List.of(),
            twilioAuth,
            false)
        .enter(scene);
  }

  private Effect.Request.Http asked() {
    return (Effect.Request.Http) scene.calls().getLast();
  }
}
