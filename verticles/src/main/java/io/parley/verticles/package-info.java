/// The shell: settings, wiring, and the verticles that let the engine's turns happen.
///
/// An event enters through [WebVerticle], a timer, or a courier's answer; [Dispatcher] hands it to
/// the [Switchboard] of its conversation's lane, which deploys the [ConversationVerticle] where it
/// is not live; that steps the engine and asks the lane's [TurnWriter] to commit. Couriers take it
/// from there. Verticles meet through the bus, by the addresses and records of [Bus]; only [Wiring]
/// names them all.
///
/// Studio's REST API is [StudioRoutes], with a class a resource and one that shapes its JSON. What
/// is in force of each flow is in the [FlowLibrary], which learns from the database.
@NullMarked
package io.parley.verticles;

import org.jspecify.annotations.NullMarked;
