package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import com.segment.analytics.Analytics;
import com.segment.analytics.Callback;
import com.segment.analytics.messages.AliasMessage;
import com.segment.analytics.messages.GroupMessage;
import com.segment.analytics.messages.IdentifyMessage;
import com.segment.analytics.messages.Message;
import com.segment.analytics.messages.MessageBuilder;
import com.segment.analytics.messages.PageMessage;
import com.segment.analytics.messages.ScreenMessage;
import com.segment.analytics.messages.TrackMessage;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Segment's client for Java, as it comes, in front of the whole service.
class SegmentClientTest {

  private final Service service = Service.start(Map.of("WRITE_KEYS", "java=JWK"));
  private final List<String> delivered = new CopyOnWriteArrayList<>();
  private final List<String> failed = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    service.close();
  }

  private Analytics client(String key) {
    return Analytics.builder(key)
        .endpoint(service.uri("").toString())
        .retries(1)
        .callback(
            new Callback() {
              @Override
              public void success(Message message) {
                delivered.add(message.messageId());
              }

              @Override
              public void failure(Message message, Throwable throwable) {
                failed.add(message.messageId());
              }
            })
        .build();
  }

  @Test
  void everyKindOfCallArrivesAndIsWorkedOff() {
    service.trigger("+14155550142", "key");
    service.until("it is asked", () -> service.channel.texts().size() == 1);
    Analytics client = client("JWK");
    List<MessageBuilder<?, ?>> calls =
        List.of(
            IdentifyMessage.builder().traits(Map.of("phone", "+14155550142", "plan", "pro")),
            TrackMessage.builder("Checkout Started").properties(Map.of("value", 80)),
            PageMessage.builder("Home"),
            ScreenMessage.builder("Cart"),
            GroupMessage.builder("g").traits(Map.of("name", "Acme")),
            AliasMessage.builder("before"),
            TrackMessage.builder("Order Completed")
                .properties(Map.of("order_id", "1001"))
                .timestamp(Date.from(Instant.now())));

    for (MessageBuilder<?, ?> call : calls) {
      client.enqueue(call.userId("person-42"));
    }
    client.flush();

    service.until("all are told", () -> delivered.size() == calls.size());
    service.until(
        "all are worked off",
        () -> service.count("ingested") == 0 && service.count("ingested_name") == calls.size());
    assertThat(failed).isEmpty();
    assertThat(service.texts("select name || value from trait order by name"))
        .containsExactly("phone\"+14155550142\"", "plan\"pro\"");
    assertThat(service.texts("select order_id from purchase")).containsExactly("1001");
    assertThat(service.texts("select result from execution")).containsExactly("purchased");
    client.shutdown();
  }

  @Test
  void manyCallsArriveEachOnce() {
    Analytics client = client("JWK");

    IntStream.range(0, 1_000)
        .forEach(i -> client.enqueue(TrackMessage.builder("Product Viewed").userId("u" + i % 50)));
    client.flush();

    service.until("all are told", () -> delivered.size() == 1_000);
    service.until("all are worked off", () -> service.count("ingested") == 0);
    assertThat(service.count("ingested_name")).isEqualTo(1_000);
    assertThat(failed).isEmpty();
    client.shutdown();
  }

  @Test
  void aWrongKeyIsToldToTheClient() {
    Analytics client = client("NOKEY");

    client.enqueue(TrackMessage.builder("Product Viewed").userId("u1"));
    client.flush();

    service.until("it has failed", () -> failed.size() == 1);
    assertThat(delivered).isEmpty();
    assertThat(service.count("ingested_name")).isZero();
    client.shutdown();
  }
}
