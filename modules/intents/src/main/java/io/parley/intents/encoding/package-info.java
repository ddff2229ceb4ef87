/// Sentences as vectors: a frozen sentence-embedding model that comes inside a jar, its tokeniser
/// in plain Java. Nothing is downloaded.
@NullMarked
package io.parley.intents.encoding;

import org.jspecify.annotations.NullMarked;
