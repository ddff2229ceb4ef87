package io.parley.calls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

  @ParameterizedTest
  @CsvSource({
    "https://Api.Example.com, api.example.com, 443, /, api.example.com",
    "http://example.com:8080/a?b=c%20d#e, example.com, 8080, /a?b=c%20d, example.com:8080",
    "HTTP://example.com.:80?x, example.com, 80, /?x, example.com",
    "https://u:p@example.com/, example.com, 443, /, example.com",
    "http://[::1]:81/, ::1, 81, /, [::1]:81",
    "https://example.com/Größe?q=é, example.com, 443, /Gr%C3%B6%C3%9Fe?q=%C3%A9, example.com",
    "http://2130706433/, 2130706433, 80, /, 2130706433",
    "http://a_b.local/, a_b.local, 80, /, a_b.local"
  })
  void aUrlIsReadInItsParts(String url, String host, int port, String path, String authority) {
    Target target = Target.parse(url).orElseThrow();

    assertThat(target.host()).isEqualTo(host);
    assertThat(target.port()).isEqualTo(port);
    assertThat(target.path()).isEqualTo(path);
    assertThat(target.authority()).isEqualTo(authority);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "ftp://example.com/",
        "https:///x",
        "https://exa mple.com/",
        "https://exämple.com/",
        "https://example.com:0/",
        "https://example.com:70000/",
        "https://a@b@example.com/",
        "https://[::1%25eth0]/",
        "javascript:alert(1)"
      })
  void whatIsNoWebAddressIsNone(String url) {
    assertThat(Target.parse(url)).isEmpty();
  }

  @Test
  void itIsPrintedWithoutWhatMayBeSecret() {
    assertThat(Target.parse("https://u:p@example.com/a?token=t").orElseThrow())
        .hasToString("https://example.com");
  }
}
