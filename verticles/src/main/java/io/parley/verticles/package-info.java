/// The shell: settings, wiring, and the verticles that let the engine's turns happen.
///
/// An event enters through [WebVerticle], a timer, or a courier's answer; [Dispatcher] hands it to
/// the [Switchboard] of its conversation's lane, which deploys the [ConversationVerticle] where it
/// is not live; that steps the engine and asks the lane's [TurnWriter] to commit. Couriers take it
/// from there. Verticles meet through the bus, by the addresses and records of [Bus]; only [Wiring]
/// names them all.
@NullMarked
package io.parley.verticles;

import org.jspecify.annotations.NullMarked;
