/// Offers, and the friction that they wait for: pure decisions over recorded facts.
///
/// [Friction] is what a conversation has met with so far; [Gate] decides by it, and by what is
/// known of the contact and the cart, whether an [Offer] may be made; [Codes] derives codes;
/// [Leaks] finds in a text what was promised without a grant. Which offers there are is the
/// [Catalogue], a part of a brand's policy.
@NullMarked
package io.parley.engine.offers;

import org.jspecify.annotations.NullMarked;
