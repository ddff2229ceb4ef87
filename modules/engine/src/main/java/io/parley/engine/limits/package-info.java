/// What a channel and a contact's patience allow: WhatsApp's window and templates, and how many
/// messages somebody gets in a while.
@NullMarked
package io.parley.engine.limits;

import org.jspecify.annotations.NullMarked;
