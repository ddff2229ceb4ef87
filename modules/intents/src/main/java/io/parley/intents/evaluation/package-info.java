/// How well replies are understood: a labelled file against a tagger.
@NullMarked
package io.parley.intents.evaluation;

import org.jspecify.annotations.NullMarked;
