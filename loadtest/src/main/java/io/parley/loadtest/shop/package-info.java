/// A shop's web server, which flows call while they talk to a customer.
@NullMarked
package io.parley.loadtest.shop;

import org.jspecify.annotations.NullMarked;
