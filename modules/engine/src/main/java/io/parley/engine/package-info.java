/// The conversation engine, pure: a state and an event in, the next state and effects out.
///
/// Nothing in this module does I/O, reads a clock or makes up an id. Events are what happened (past
/// tense), effects are what shall be done (imperative). A [Conversation] is everything that is
/// known of one thread (one of our addresses and one of theirs); an [Execution] is one run of a
/// flow in it. [Engine] turns both into a [Step]; the flow's definition and its widgets are in
/// `flow`, its templates in `liquid`.
@NullMarked
package io.parley.engine;

import org.jspecify.annotations.NullMarked;
