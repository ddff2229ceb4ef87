/// Every JSON shape that is stored or taken in, and its upgrades. Jackson lives here; the engine
/// sees records and plain Java.
@NullMarked
package io.parley.codec;

import org.jspecify.annotations.NullMarked;
