package io.parley.engine.flow;

/// One thing that is wrong with a flow definition, in the shape of Studio's error 81022
/// (`details.errors[]`).
///
/// @param propertyPath a JSON pointer as Studio writes it: `#/states/3/properties/timeout`
/// @param message what is wrong and what would be right
public record FlowProblem(String propertyPath, String message) {}
