/// What the stand-ins for the outside services share: a [Ledger] of what they received, whose
/// growth can be awaited, [Faults] that a test programs, [Answers] given, [BasicAuth] and [Pages]
/// for people.
@NullMarked
package io.parley.loadtest.standin;

import org.jspecify.annotations.NullMarked;
