/// A reply read by tables of words and patterns, one for each language: opt-outs in any words,
/// plain answers, answers by number. Always on, and in microseconds.
@NullMarked
package io.parley.intents.reading;

import org.jspecify.annotations.NullMarked;
