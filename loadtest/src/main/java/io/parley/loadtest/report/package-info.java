/// What is shown of a run: while it is under way by [Progress], afterwards by [Summary] and
/// [RunFolder], which writes one HTML page that stands alone, the JSON and the percentiles, and
/// between two runs by [Comparison]. [Threshold] says which figures a profile may ask for. All of
/// it is drawn from a [io.parley.loadtest.measure.RunResult] alone.
@NullMarked
package io.parley.loadtest.report;

import org.jspecify.annotations.NullMarked;
