/// Calls of Segment's specification, as Customer.io's Data Pipelines and Segment speak it, read
/// into values. No I/O, no clock.
///
/// [SegmentBody] reads what a client sends, [WriteKeys] decides whether to believe it, and
/// [SegmentCall] is what comes of it.
@NullMarked
package io.parley.customerio.segment;

import org.jspecify.annotations.NullMarked;
