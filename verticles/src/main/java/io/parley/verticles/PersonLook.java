package io.parley.verticles;

import io.parley.engine.policy.PersonFacts;
import io.parley.engine.policy.PersonFile;
import io.parley.store.Persons;
import java.util.Optional;

/// One step's look at the person, which remembers whether the person had not been asked for yet: a
/// step that looked then is to be taken anew. Confined to the step.
final class PersonLook implements PersonFile {

  private final Optional<Persons.Known> known;
  private boolean missed;

  /// @param known empty where the person was not asked for yet
  PersonLook(Optional<Persons.Known> known) {
    this.known = known;
  }

  boolean isMissed() {
    return missed;
  }

  @Override
  public PersonFacts facts() {
    missed |= known.isEmpty();
    return known.orElse(Persons.Known.NOTHING).facts();
  }
}
