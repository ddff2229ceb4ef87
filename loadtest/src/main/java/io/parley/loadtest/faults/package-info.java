/// What goes wrong during a run, by profile: a [io.parley.loadtest.faults.FaultPlan] read from it,
/// and a [io.parley.loadtest.faults.FaultSchedule] that strikes with it by the run's clock.
///
/// A [io.parley.loadtest.faults.Fault] is one line of the profile's `faults:`. What it does is its
/// [io.parley.loadtest.faults.Blow]; the words for it, and the settings that each takes, are in
/// [io.parley.loadtest.faults.FaultPlan].
@NullMarked
package io.parley.loadtest.faults;

import org.jspecify.annotations.NullMarked;
