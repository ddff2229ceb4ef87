/// The judge of a run: what Parley's database, the stand-ins and the one who told Parley of events
/// say must agree. [Evidence] is gathered by SQL and from the stand-ins' ledgers, [Oracle]
/// compares, and each disagreement is an [Objection].
@NullMarked
package io.parley.loadtest.oracle;

import org.jspecify.annotations.NullMarked;
