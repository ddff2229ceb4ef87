/// Flows that a brand can start from, and a policy to go with them. They lie in the jar as the
/// files that an author then owns: a flow in Studio's format, cases that take every way through it,
/// and a page that says what to change.
@NullMarked
package io.parley.workbench.starters;

import org.jspecify.annotations.NullMarked;
