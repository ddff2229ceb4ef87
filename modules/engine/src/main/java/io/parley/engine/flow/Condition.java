package io.parley.engine.flow;

/// One condition of a split: `subject type value`, both sides templates.
///
/// @param subject the condition's own argument, which may differ from the widget's input
public record Condition(String friendlyName, ConditionType type, String subject, String value) {}
