/// Which call about a person starts which flow, with what: a brand's file of rules as values, read
/// by [Rules] and judged by it on an [Occasion].
@NullMarked
package io.parley.engine.rules;

import org.jspecify.annotations.NullMarked;
