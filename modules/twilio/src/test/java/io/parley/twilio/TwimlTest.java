package io.parley.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TwimlTest {

  @Test
  void aRedirectIsWellFormedWhateverItsUrl() {
    assertThat(Twiml.redirect("https://a.example.com/?a=1&b=<\">\u0001\uFFFF", "GET"))
        .isEqualTo(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Redirect method=\"GET\">"
                + "https://a.example.com/?a=1&amp;b=&lt;&quot;&gt;</Redirect></Response>");
  }
}
