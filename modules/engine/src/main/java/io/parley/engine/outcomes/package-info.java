/// What is reported of conversations: each outcome with its properties, in one catalogue, from
/// which the published schema and reference are made and by which every reported outcome is
/// checked.
@NullMarked
package io.parley.engine.outcomes;

import org.jspecify.annotations.NullMarked;
