package io.parley.customerio.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.customerio.segment.WriteKeys.Sender;
import io.parley.customerio.segment.WriteKeys.Sender.Known;
import io.parley.customerio.segment.WriteKeys.Sender.Unknown;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WriteKeysTest {

  private final WriteKeys keys = new WriteKeys(Map.of("shop", "SHOPKEY", "site", "SITEKEY"));

  @Test
  void aKeyIsTakenFromTheHeaderAndFromTheBody() {
    assertThat(keys.decide(basic("SHOPKEY:"), Optional.empty())).isEqualTo(new Known("shop"));
    assertThat(keys.decide(basic("SHOPKEY"), Optional.empty())).isEqualTo(new Known("shop"));
    assertThat(keys.decide(Optional.empty(), Optional.of("SITEKEY"))).isEqualTo(new Known("site"));
    assertThat(keys.decide(Optional.of("Bearer token"), Optional.of("SITEKEY")))
        .isEqualTo(new Known("site"));
    assertThat(keys.decide(basic("other:"), Optional.of("SITEKEY"))).isEqualTo(new Known("site"));
  }

  @Test
  void aRequestThatNamesNoKeyIsToldFromOneWithAWrongOne() {
    assertThat(reason(keys.decide(Optional.empty(), Optional.empty()))).isEqualTo("missing_key");
    assertThat(reason(keys.decide(Optional.of("Basic %%%"), Optional.empty())))
        .isEqualTo("missing_key");
    assertThat(reason(keys.decide(basic("shop:SHOPKEY"), Optional.empty()))).isEqualTo("wrong_key");
    assertThat(reason(keys.decide(Optional.empty(), Optional.of("shopkey"))))
        .isEqualTo("wrong_key");
  }

  private static String reason(Sender sender) {
    return switch (sender) {
      case Known(String source) -> throw new AssertionError("it is " + source);
      case Unknown(String reason, String sentence) -> {
        assertThat(sentence).doesNotContain("KEY\"", "SHOPKEY", "SITEKEY");
        yield reason;
      }
    };
  }

  private static Optional<String> basic(String pair) {
    return Optional.of(
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }
}
