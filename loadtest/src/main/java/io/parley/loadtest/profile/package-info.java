/// What a load test is to be, as a file says it: read all at once, with every mistake by its line,
/// what is wrong there, and what would be right.
@NullMarked
package io.parley.loadtest.profile;

import org.jspecify.annotations.NullMarked;
