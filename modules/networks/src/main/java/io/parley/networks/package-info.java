/// Advertising networks at the border, as values in and values out. No I/O, no clock of its own.
/// Nothing that names a person leaves but as [Identifiers] hash it for the one network.
@NullMarked
package io.parley.networks;

import org.jspecify.annotations.NullMarked;
