/// Liquid as Studio renders it: undefined is empty, sizes and loops are limited, errors are values.
@NullMarked
package io.parley.engine.liquid;

import org.jspecify.annotations.NullMarked;
