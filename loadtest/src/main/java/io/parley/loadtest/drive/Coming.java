package io.parley.loadtest.drive;

import io.parley.loadtest.profile.Behaviour;
import java.util.Map;

/// That a customer comes.
///
/// @param at nanoseconds from the beginning of the run
/// @param attributes what the trigger says of the person beside the usual, by name
record Coming(long at, Behaviour behaviour, Map<String, String> attributes) {

  Coming {
    attributes = Map.copyOf(attributes);
  }
}
