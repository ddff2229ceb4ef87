package io.parley.loadtest.twilio;

/// That a recipient is not to be written to by a sender. The sender is the Messaging Service
/// (`MG…`) where the number written to belongs to one, else that number.
public record OptOut(String sender, String recipient) {}
