package io.parley.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallAnswerTest {

  private static final EffectId ID =
      new EffectId(ConversationId.of(new ThreadId(new Address("+1"), new Address("+2"))), 3, 1);

  @ParameterizedTest
  @CsvSource({
    "application/json, UTF-8",
    "text/plain; charset=ISO-8859-1, ISO-8859-1",
    "text/plain;Charset=\"utf-16be\", UTF-16BE",
    "text/plain; charset=nonsense, UTF-8",
    "'', UTF-8"
  })
  void aBodyIsReadInItsOwnCharset(String contentType, String charset) {
    String raw =
        new String("Größe".getBytes(Charset.forName(charset)), StandardCharsets.ISO_8859_1);

    assertThat(answer(Map.of("content-type", contentType), raw).body()).isEqualTo("Größe");
  }

  @Test
  void aFlowSeesTheHeadersThatItCanUse() {
    Map<String, String> headers =
        Map.of(
            "content-type", "text/plain",
            "set-cookie", "session=1",
            "x-twilio-function-concurrency", "3",
            "location", "/next",
            "x-long", "x".repeat(5_000));

    Values seen = answer(headers, "").headers();

    assertThat(seen.entries().keySet())
        .containsExactly("location", "x-long", "x-twilio-function-concurrency");
    assertThat(seen.text("x-long").orElseThrow()).hasSize(1_000);
  }

  private static Event.CallAnswered answer(Map<String, String> headers, String body) {
    return new CallAnswer(200, headers, body).to(ID);
  }
}
