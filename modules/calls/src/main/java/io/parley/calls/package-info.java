/// Calls to other systems, as far as they can be decided without a network: what a request holds,
/// where it may go, what a redirect makes of it, and when a host is left alone for a while.
@NullMarked
package io.parley.calls;

import org.jspecify.annotations.NullMarked;
