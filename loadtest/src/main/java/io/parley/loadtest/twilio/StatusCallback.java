package io.parley.loadtest.twilio;

import java.time.Instant;

/// A status callback that was made, and what was answered.
public record StatusCallback(
    String messageSid, DeliveryStatus status, String url, Instant sentAt, WebhookAnswer answer) {}
