/// Advertising networks at the border, as values in and values out. No I/O, no clock of its own.
///
/// [MetaConversions], [TikTokEvents], [GoogleEnhancedConversions] and [GoogleEvents] tell a network
/// what was bought; [MetaAudiences], [TikTokAudiences] and [GoogleCustomerMatch] put people into an
/// audience and take them out. What may leave is what [Member] and [Conversion] hold, and nothing
/// that names a person leaves but as [Identifiers] hash it for the one network.
@NullMarked
package io.parley.networks;

import org.jspecify.annotations.NullMarked;
