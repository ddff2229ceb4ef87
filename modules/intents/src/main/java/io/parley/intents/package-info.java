/// What a reply means: the text goes in, tags with a score and their evidence come out. Pure; a
/// tagger's version is stored with the tags it gave, so that a turn can be replayed after the
/// tagger has changed.
@NullMarked
package io.parley.intents;

import org.jspecify.annotations.NullMarked;
