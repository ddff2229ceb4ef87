/// When something may be sent, and when somebody is there: quiet hours by the recipient's own time,
/// and the calendars of those who answer.
///
/// [QuietHours] holds the brand's choice and decides; [Atlas] says from a postal code, a state or a
/// number where somebody may be ([Whereabouts]); the shipped rules and tables are resources of this
/// package, each with its source. [Calendar] is what people call opening hours.
@NullMarked
package io.parley.engine.hours;

import org.jspecify.annotations.NullMarked;
