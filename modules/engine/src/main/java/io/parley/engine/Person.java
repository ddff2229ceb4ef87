package io.parley.engine;

import java.util.Optional;

/// Who the other side is, as far as a trigger told us.
///
/// @param externalId the id in Customer.io (`customer.external_id`)
/// @param attributes what else is known: `email`, `first_name`, `language`, `time_zone`
public record Person(Optional<String> externalId, Values attributes) {

  public static final Person UNKNOWN = new Person(Optional.empty(), Values.EMPTY);
}
