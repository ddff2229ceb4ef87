/// What conversations do from end to end, as sentences and as random walks; and what holds for the
/// code of all modules.
@NullMarked
package io.parley.scenarios;

import org.jspecify.annotations.NullMarked;
