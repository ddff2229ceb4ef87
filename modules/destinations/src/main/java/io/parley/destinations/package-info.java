/// Destinations that are no vendor's: a web server of the brand's own, told by [SignedWebhook], and
/// the files of a warehouse. `DESTINATIONS.md` tells the brand what it gets.
@NullMarked
package io.parley.destinations;

import org.jspecify.annotations.NullMarked;
