/// The border: what a channel, an outcome sink and a trigger source are to Parley, as values in and
/// values out. Adding one is a class that implements one of these and a line in Wiring.
@NullMarked
package io.parley.edge;

import org.jspecify.annotations.NullMarked;
