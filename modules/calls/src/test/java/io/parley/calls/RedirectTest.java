package io.parley.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.calls.CallRequest.Chosen;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectTest {

  private static final Map<String, String> HEADERS =
      Map.of(
          "Authorization", "Basic eA==",
          "X-Api-Key", "secret",
          "Content-Type", "application/json",
          "User-Agent", "Parley",
          "Idempotency-Key", "c:1:0");

  @ParameterizedTest
  @CsvSource({
    "301, POST, GET", "302, POST, GET", "303, POST, GET", "307, POST, POST", "308, POST, POST",
    "301, PUT, PUT", "302, DELETE, DELETE", "303, PUT, GET", "301, GET, GET", "303, HEAD, HEAD",
    "302, HEAD, HEAD"
  })
  void theMethodIsWhatABrowserMakesOfIt(int status, String method, String then) {
    CallRequest next = followed(request(method), status, "/next");

    assertThat(next.method()).isEqualTo(then);
    assertThat(next.body()).isEqualTo(then.equals(method) ? "{}" : "");
    assertThat(next.headers().containsKey("Content-Type")).isEqualTo(then.equals(method));
  }

  @Test
  void aRelativeLocationIsOfTheSameServerAndKeepsTheHeaders() {
    CallRequest next = followed(request("GET"), 302, "../b?c=d#e");

    assertThat(next.target().url()).isEqualTo("https://api.example.com/b?c=d");
    assertThat(next.headers()).containsAllEntriesOf(HEADERS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://other.example.com/",
        "http://api.example.com/",
        "https://api.example.com:8443/",
        "//other.example.com/x"
      })
  void anotherServerLearnsNoneOfTheFlowsHeaders(String location) {
    CallRequest next = followed(request("PUT"), 307, location);

    assertThat(next.headers().keySet())
        .containsExactlyInAnyOrder("Content-Type", "User-Agent", "Idempotency-Key");
  }

  @Test
  void aLocationMayNameAUserOfItsOwn() {
    assertThat(followed(request("GET"), 302, "https://u:p@other.example.com/").headers())
        .containsEntry("Authorization", "Basic dTpw");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://example.com/", "https://", "a b", "https://exa mple.com/", "file:///etc"})
  void aLocationThatIsNoUrlIsRefused(String location) {
    assertThat(Redirect.of(request("GET"), 302, location, 0))
        .isInstanceOfSatisfying(
            Redirect.Refused.class, it -> assertThat(it.reason()).isEqualTo("bad_redirect"));
  }

  @Test
  void theEleventhInARowIsRefused() {
    assertThat(Redirect.of(request("GET"), 302, "/", 9)).isInstanceOf(Redirect.Followed.class);
    assertThat(Redirect.of(request("GET"), 302, "/", 10))
        .isInstanceOfSatisfying(
            Redirect.Refused.class, it -> assertThat(it.reason()).isEqualTo("too_many_redirects"));
  }

  @Test
  void whatIsNoRedirectIsTheAnswer() {
    assertThat(Redirect.of(request("GET"), 200, "/next", 0)).isEqualTo(new Redirect.None());
    assertThat(Redirect.of(request("GET"), 304, "/next", 0)).isEqualTo(new Redirect.None());
    assertThat(Redirect.of(request("GET"), 302, "", 0)).isEqualTo(new Redirect.None());
    assertThat(
            Redirect.of(
                new CallRequest("POST", target(), Map.of(), "", Chosen.BY_CONFIGURATION),
                302,
                "/next",
                0))
        .as("of a function")
        .isEqualTo(new Redirect.None());
  }

  private static CallRequest followed(CallRequest request, int status, String location) {
    return ((Redirect.Followed) Redirect.of(request, status, location, 0)).request();
  }

  private static CallRequest request(String method) {
    return new CallRequest(method, target(), HEADERS, "{}", Chosen.BY_FLOW);
  }

  private static Target target() {
    return Target.parse("https://api.example.com/a/x").orElseThrow();
  }
}
