/// A brand's rules: what the engine decides by beside the flow. Each component of [Policy] is a
/// record with documented defaults, and reads itself from its part of the policy's file.
@NullMarked
package io.parley.engine.policy;

import org.jspecify.annotations.NullMarked;
