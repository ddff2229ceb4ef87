/// Learning what replies mean from examples: a frozen sentence model and the spelling of the words
/// give a likeness between texts, and a kernel machine on it gives each tag a score. Plain Java,
/// and the same examples always give the same machine.
@NullMarked
package io.parley.intents.learning;

import org.jspecify.annotations.NullMarked;
