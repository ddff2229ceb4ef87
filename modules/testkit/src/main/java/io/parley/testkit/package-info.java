/// What tests stand on: a real Postgres shared by a JVM's tests, one cloned database a test class,
/// and [Scenario], a conversation with the world around it but without I/O.
@NullMarked
package io.parley.testkit;

import org.jspecify.annotations.NullMarked;
