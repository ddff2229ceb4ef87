/// Flow definitions in Twilio Studio's format: reading them, saying what is wrong with them, and
/// the widgets that they are made of. A widget is one file here and one line in [WidgetType].
@NullMarked
package io.parley.engine.flow;

import org.jspecify.annotations.NullMarked;
