/// What Parley costs, measured beside other ways to do the same on the same Postgres.
///
/// [Main] runs the [Measures] on one [Ground] and prints a [Report]. Whatever is measured runs as a
/// [Child], a process of its own, so that no contestant lives with another's classes, heap and
/// compiled code; the parent only gives orders and reads what the kernel and Postgres count.
@NullMarked
package io.parley.bench;

import org.jspecify.annotations.NullMarked;
