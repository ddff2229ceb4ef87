/// How a run is measured. The hot path is [Recorder]: whoever drives or watches traffic says how
/// long each [Stretch] took, counted from the instant at which it was meant to begin. [Measuring]
/// closes a second at a time: it takes what was recorded, asks the [Sampler] how the database, the
/// processes and the machine are, and passes the [Second] on. All of it ends in a [RunResult],
/// which is what reports are made of and what is kept as JSON.
///
/// ```java
/// Recorder recorder = new Recorder();
/// Measuring measuring = Measuring.start(recorder, watched, folder, progress);
/// recorder.offered();
/// recorder.record(Stretch.TRIGGER_ACCEPTED, intended, System.nanoTime());
/// recorder.achieved();
/// Measured measured = measuring.stop();
/// ```
@NullMarked
package io.parley.loadtest.measure;

import org.jspecify.annotations.NullMarked;
