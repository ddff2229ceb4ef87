/// Another way to keep conversations durable, for comparison: Apache Pekko's event-sourced actors,
/// sharded, on the same Postgres. Depends on nothing of ours.
@NullMarked
package io.parley.peer;

import org.jspecify.annotations.NullMarked;
