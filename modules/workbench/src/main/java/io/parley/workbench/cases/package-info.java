/// Test cases for flows, written by people who know no Java, and conversations held at a terminal.
/// [Play] is one conversation on the engine with the world around it under control; a [FlowCase]
/// says in a file what happens in one and what is expected of it, a [Chat] is held by hand. All of
/// it is pure: texts and flows in, values out.
@NullMarked
package io.parley.workbench.cases;

import org.jspecify.annotations.NullMarked;
