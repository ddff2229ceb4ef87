/// Customer.io at the border, as values in and values out. No I/O, no clock.
///
/// [TriggerPayload], [StudioTriggerPayload] and [EventPayload] read what comes in; the shapes that
/// they publish are `trigger.schema.json` and `event.schema.json` beside this package's classes.
/// [TriggerCredentials] decides whether to believe it. [TrackBatch] tells Customer.io what came of
/// it, [SegmentBatch] tells Segment.
@NullMarked
package io.parley.customerio;

import org.jspecify.annotations.NullMarked;
