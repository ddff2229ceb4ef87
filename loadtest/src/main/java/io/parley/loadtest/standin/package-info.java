/// What the stand-ins for the outside services share: a [Ledger] of what they received, whose
/// growth
/// can be awaited, and [BasicAuth].
@NullMarked
package io.parley.loadtest.standin;

import org.jspecify.annotations.NullMarked;
