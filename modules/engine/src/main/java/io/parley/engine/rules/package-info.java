/// Which call about a person starts which flow, with what, and who is in which [Audience]: a
/// brand's file of rules as values, read by [Rules] and judged on an [Occasion].
@NullMarked
package io.parley.engine.rules;

import org.jspecify.annotations.NullMarked;
