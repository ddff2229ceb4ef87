/// Calls of Segment's specification, as Customer.io's Data Pipelines and Segment speak it, read
/// into values. No I/O, no clock.
///
/// [SegmentBody] reads what a client sends, [WriteKeys] decides whether to believe it, and
/// [SegmentCall] is what comes of it. [Tidings] tells which of them are orders and consents,
/// [CallTraits] what is to be kept of a person, [CallPhone] where the person is reached.
@NullMarked
package io.parley.customerio.segment;

import org.jspecify.annotations.NullMarked;
