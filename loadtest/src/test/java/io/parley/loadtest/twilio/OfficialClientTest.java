package io.parley.loadtest.twilio;

import static io.parley.loadtest.standin.Blocking.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.twilio.exception.ApiException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Twilio's own Java client against the stand-in.
@ExtendWith(VertxExtension.class)
final class OfficialClientTest {

  private static final String ACCOUNT = "AC" + "a".repeat(32);
  private static final String OURS = "+15005550006";
  private static final String THEIRS = "+14155550123";

  private StandInTwilio twilio;
  private TwilioRestClient client;

  @BeforeEach
  void start(Vertx vertx) {
    twilio = now(StandInTwilio.start(vertx, TwilioSettings.of(ACCOUNT, "token", List.of(OURS))));
    client =
        new TwilioRestClient.Builder(ACCOUNT, "token")
            .httpClient(new Loopback(twilio.baseUrl()))
            .build();
  }

  @Test
  void createsAndFetches() {
    Message created = send("Hello 👋");
    now(twilio.awaitMessage(message -> message.status() == DeliveryStatus.DELIVERED));
    Message fetched = Message.fetcher(created.getSid()).fetch(client);

    assertThat(created.getStatus()).isEqualTo(Message.Status.QUEUED);
    assertThat(created.getDirection()).isEqualTo(Message.Direction.OUTBOUND_API);
    assertThat(created.getDateCreated()).isNotNull();
    assertThat(fetched.getStatus()).isEqualTo(Message.Status.DELIVERED);
    assertThat(fetched.getBody()).isEqualTo("Hello 👋");
    assertThat(fetched.getErrorCode()).isNull();
  }

  @Test
  void sendsATemplateWithItsVariables() {
    String template = "HX" + "0".repeat(32);

    Message.creator(new PhoneNumber(THEIRS), new PhoneNumber(OURS), List.<URI>of())
        .setContentSid(template)
        .setContentVariables("{\"1\":\"Jane\",\"cart\":\"https://go.example/r/4fWq9ZtKbM\"}")
        .create(client);

    SentMessage sent = twilio.messagesViaApi().getFirst();
    assertThat(sent.contentSid()).contains(template);
    assertThat(sent.contentVariables())
        .contains("{\"1\":\"Jane\",\"cart\":\"https://go.example/r/4fWq9ZtKbM\"}");
  }

  @Test
  void sendsSeveralFilesWithAText() {
    List<URI> media =
        List.of(URI.create("https://a.example/1.png"), URI.create("https://a.example/2,3.png"));

    Message created =
        Message.creator(new PhoneNumber(THEIRS), new PhoneNumber(OURS), media)
            .setBody("Look")
            .create(client);

    assertThat(created.getNumMedia()).isEqualTo("2");
    SentMessage sent = twilio.messagesViaApi().getFirst();
    assertThat(sent.body()).isEqualTo("Look");
    assertThat(sent.mediaUrls())
        .containsExactlyElementsOf(media.stream().map(URI::toString).toList());
  }

  @Test
  void listsOverSeveralPages() {
    for (int i = 0; i < 5; i++) {
      send("m" + i);
    }
    List<String> found = new ArrayList<>();

    Message.reader()
        .setTo(new PhoneNumber(THEIRS))
        .setFrom(new PhoneNumber(OURS))
        .setDateSentAfter(ZonedDateTime.now(ZoneOffset.UTC).minusMinutes(1))
        .setDateSentBefore(ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(1))
        .setPageSize(2L)
        .read(client)
        .forEach(message -> found.add(message.getBody()));

    assertThat(found).containsExactly("m4", "m3", "m2", "m1", "m0");
  }

  @Test
  void cancels() {
    twilio.pace(new Pace(0.1, Pace.FAST.untilSent(), Pace.FAST.untilDelivered()));
    send("first");
    Message second = send("second");

    Message canceled =
        Message.updater(second.getSid()).setStatus(Message.UpdateStatus.CANCELED).update(client);

    assertThat(canceled.getStatus()).isEqualTo(Message.Status.CANCELED);
  }

  @Test
  void seesErrorsAsTwilios() {
    twilio.optOut(OURS, THEIRS);

    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> send("more"))
        .satisfies(
            e -> {
              assertThat(e.getCode()).isEqualTo(21610);
              assertThat(e.getStatusCode()).isEqualTo(400);
            });
  }

  private Message send(String body) {
    return Message.creator(new PhoneNumber(THEIRS), new PhoneNumber(OURS), body).create(client);
  }
}
