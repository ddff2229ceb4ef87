/// A stand-in for Customer.io's Track API (v2 batch and entity; v1 customers, events and region),
/// on one local port.
///
/// [StandInCustomerIo] checks each item as the documentation says, refuses an invalid request with
/// 400 and reports invalid items of a batch with 207, keeps [Profile]s, and takes each event once
/// by its ULID. What goes wrong is programmed with a [TrackFault].
///
/// Documented behaviour is taken from Customer.io's OpenAPI document of the Track API; where that
/// is silent (the body of 429, what becomes of an event id that is no ULID) the stand-in does what
/// is hardest on its client.
@NullMarked
package io.parley.loadtest.customerio;

import org.jspecify.annotations.NullMarked;
