package io.parley.loadtest;

import io.parley.loadtest.customerio.TrackFault;
import io.parley.loadtest.postgres.Boundary;
import io.parley.loadtest.twilio.SendFault;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/// Where Parley is killed.
sealed interface Strike {

  /// At a write to Postgres.
  record AtWrite(Boundary boundary) implements Strike {
    @Override
    public String toString() {
      return boundary.toString();
    }
  }

  /// At a border of HTTP.
  enum AtBorder implements Strike {
    /// Twilio has the request, and never records it.
    BEFORE_TWILIO_TAKES_IT,
    /// Twilio has recorded the message, and its answer finds nobody.
    AFTER_TWILIO_TOOK_IT,
    /// Customer.io has the batch, and never applies it.
    BEFORE_CUSTOMERIO_APPLIES_IT,
    /// Customer.io has applied the batch, and its answer finds nobody.
    AFTER_CUSTOMERIO_APPLIED_IT,
    /// A status callback has just been acknowledged, and the next is not made yet.
    BETWEEN_WEBHOOKS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /// The strikes on one stage, one at a time.
  final class Arm {

    private final Stage stage;
    private volatile Runnable atTwilioRequest = () -> {};
    private volatile Runnable atTwilioMessage = () -> {};
    private volatile Runnable atTrackRequest = () -> {};
    private volatile Runnable atTrackEvent = () -> {};

    Arm(Stage stage) {
      this.stage = stage;
      stage.twilio().onRequest(_ -> atTwilioRequest.run());
      stage.twilio().onSend(_ -> atTwilioMessage.run());
      stage.customerIo().onRequest(_ -> atTrackRequest.run());
      stage.customerIo().onEvent(_ -> atTrackEvent.run());
    }

    /// Kills Parley at that point; completes when it is dead.
    CompletableFuture<Void> raise(Strike strike) {
      CompletableFuture<Void> struck = new CompletableFuture<>();
      Runnable blow =
          () -> {
            atTwilioRequest = () -> {};
            atTwilioMessage = () -> {};
            atTrackRequest = () -> {};
            atTrackEvent = () -> {};
            stage.kill();
            struck.complete(null);
          };
      switch (strike) {
        case AtWrite(var boundary) -> stage.proxy().strikeAt(boundary, blow);
        case AtBorder.BEFORE_TWILIO_TAKES_IT -> {
          stage.twilio().faults().next(1, new SendFault.CutBeforeAccepting());
          atTwilioRequest = blow;
        }
        case AtBorder.AFTER_TWILIO_TOOK_IT -> atTwilioMessage = blow;
        case AtBorder.BEFORE_CUSTOMERIO_APPLIES_IT -> {
          stage.customerIo().faults().next(1, new TrackFault.CutBeforeApplying());
          atTrackRequest = blow;
        }
        case AtBorder.AFTER_CUSTOMERIO_APPLIED_IT -> atTrackEvent = blow;
        case AtBorder.BETWEEN_WEBHOOKS ->
            stage
                .twilio()
                .awaitStatusCallbacks(stage.twilio().statusCallbacks().size() + 2, _ -> true)
                .onSuccess(_ -> blow.run());
      }
      return struck;
    }
  }
}
