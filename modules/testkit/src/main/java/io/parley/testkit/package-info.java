/// What tests stand on: a real Postgres shared by a JVM's tests, one cloned database a test class.
@NullMarked
package io.parley.testkit;

import org.jspecify.annotations.NullMarked;
