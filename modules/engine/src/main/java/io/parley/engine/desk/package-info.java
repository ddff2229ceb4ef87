/// The desk's rules: which conversation goes to whom, when it must be answered, what the queue says
/// meanwhile, and what is known of a conversation when it is handed over. Pure: the keeper of the
/// queue asks, and does what it is told. `DESK.md` describes the file.
@NullMarked
package io.parley.engine.desk;

import org.jspecify.annotations.NullMarked;
