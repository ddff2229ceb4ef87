package io.parley.loadtest.twilio;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/// Makes the status callbacks, with the habits that a test asked for: those of one message one
/// after the other, those of different messages side by side. Confined to its context.
final class Courier {

  private final Vertx vertx;
  private final Webhooks webhooks;
  private final String accountSid;
  private final Consumer<StatusCallback> record;
  private final Map<String, Parcel> open = new HashMap<>();
  private CallbackHabits habits;
  private Random random;

  Courier(
      Vertx vertx, Webhooks webhooks, TwilioSettings settings, Consumer<StatusCallback> record) {
    this.vertx = vertx;
    this.webhooks = webhooks;
    this.accountSid = settings.accountSid();
    this.record = record;
    this.habits = settings.callbacks();
    this.random = new Random(habits.seed());
  }

  void adopt(CallbackHabits newHabits) {
    habits = newHabits;
    random = new Random(newHabits.seed());
  }

  /// Reports where a message stands now.
  void report(SentMessage message) {
    if (message.statusCallback().isEmpty() || !habits.reported().contains(message.status())) {
      return;
    }
    Parcel parcel =
        open.computeIfAbsent(
            message.sid(), _ -> new Parcel(random.nextDouble() < habits.reversedShare()));
    if (parcel.reversed) {
      parcel.held.addFirst(message);
    } else {
      parcel.deliver(message);
    }
  }

  /// Ends the reports on a message: what was held back to be reversed goes out.
  void finish(String sid) {
    Parcel parcel = open.remove(sid);
    if (parcel != null) {
      parcel.held.forEach(parcel::deliver);
    }
  }

  private Future<Void> post(SentMessage message) {
    String url = message.statusCallback().orElseThrow();
    Instant at = Instant.now();
    return webhooks
        .post(url, parameters(message))
        .onSuccess(
            answer ->
                record.accept(new StatusCallback(message.sid(), message.status(), url, at, answer)))
        .mapEmpty();
  }

  private Map<String, String> parameters(SentMessage message) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("AccountSid", accountSid);
    parameters.put("ApiVersion", StandInTwilio.API_VERSION);
    parameters.put("MessageSid", message.sid());
    parameters.put("SmsSid", message.sid());
    parameters.put("MessageStatus", message.status().word());
    parameters.put("SmsStatus", message.status().word());
    parameters.put("To", message.to());
    parameters.put("From", message.from());
    message.messagingServiceSid().ifPresent(sid -> parameters.put("MessagingServiceSid", sid));
    message.errorCode().ifPresent(code -> parameters.put("ErrorCode", Integer.toString(code)));
    if (message.whatsApp()) {
      parameters.put("ChannelPrefix", "whatsapp");
      parameters.put("ChannelToAddress", message.to());
    }
    return parameters;
  }

  private Future<Void> delay() {
    long millis = habits.delay().toMillis();
    if (millis <= 0) {
      return Future.succeededFuture();
    }
    Promise<Void> passed = Promise.promise();
    vertx.setTimer(millis, _ -> passed.complete());
    return passed.future();
  }

  /// The callbacks of one message.
  private final class Parcel {
    private final boolean reversed;
    private final List<SentMessage> held = new ArrayList<>();
    private Future<Void> last = Future.succeededFuture();

    private Parcel(boolean reversed) {
      this.reversed = reversed;
    }

    private void deliver(SentMessage message) {
      int copies = random.nextDouble() < habits.duplicatedShare() ? 2 : 1;
      for (int i = 0; i < copies; i++) {
        last = last.compose(_ -> delay()).compose(_ -> post(message));
      }
    }
  }
}
