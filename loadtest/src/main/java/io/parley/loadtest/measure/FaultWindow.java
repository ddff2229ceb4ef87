package io.parley.loadtest.measure;

import java.time.Duration;

/// A time in which something was made to fail.
///
/// @param from since the run began
/// @param until since the run began, as it came to be: a restart ends when it is over
/// @param on `twilio`, `customerio`, `parley`, `postgres`
/// @param what in a few words: `10% 429`, `killed`
public record FaultWindow(Duration from, Duration until, String on, String what) {}
