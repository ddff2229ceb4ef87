/// What drives Parley: customers, who come as they come however slowly they are answered (an open
/// model), and agents, each of whom takes the next only when the last is done (a closed one).
///
/// A [io.parley.loadtest.drive.Timetable] says when customers come. A
/// [io.parley.loadtest.drive.Crowd] has them act, on the one thread of an
/// [io.parley.loadtest.drive.Agenda], where everything that is to happen waits for its time: a
/// customer is an object of some fifty bytes and, while thinking, an entry there. A
/// [io.parley.loadtest.drive.Wire] tells Parley. A [io.parley.loadtest.drive.Staff] are the agents.
/// A [io.parley.loadtest.drive.Ground] is what they all stand on, and a
/// [io.parley.loadtest.drive.LoadRun] is the whole, from the profile to the exit status.
///
/// Times are taken from the instant at which something was meant to happen. How much later the
/// harness itself was is measured, too; where that is much, the run says nothing of Parley.
@NullMarked
package io.parley.loadtest.drive;

import org.jspecify.annotations.NullMarked;
