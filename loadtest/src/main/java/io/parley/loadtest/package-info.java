/// The black box around Parley: it is started as a process, spoken to over HTTP, and judged by what
/// the stand-ins for Twilio and Customer.io saw. Nothing of Parley's own code is used here, so it
/// cannot cheat.
@NullMarked
package io.parley.loadtest;

import org.jspecify.annotations.NullMarked;
