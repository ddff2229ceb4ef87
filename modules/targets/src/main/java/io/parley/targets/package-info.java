/// Desks elsewhere, at which people answer customers: how each is asked, and what it tells. Values
/// in, values out; `TARGETS.md` tells how each is set up.
@NullMarked
package io.parley.targets;

import org.jspecify.annotations.NullMarked;
