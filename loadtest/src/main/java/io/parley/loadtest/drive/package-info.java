/// Who comes and what they do: customers as an open model ([io.parley.loadtest.drive.Crowd]), who
/// come when they are meant to however slowly they are answered, and agents as a closed one
/// ([io.parley.loadtest.drive.Staff]), who take the next conversation when the last is done.
/// [io.parley.loadtest.drive.LoadRun] plays a profile with them on a
/// [io.parley.loadtest.drive.Ground].
@NullMarked
package io.parley.loadtest.drive;

import org.jspecify.annotations.NullMarked;
