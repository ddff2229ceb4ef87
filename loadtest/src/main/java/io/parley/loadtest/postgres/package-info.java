/// The Postgres that Parley runs on in a test: a server that crashes on demand, and a proxy before
/// it that strikes at a chosen write.
@NullMarked
package io.parley.loadtest.postgres;

import org.jspecify.annotations.NullMarked;
