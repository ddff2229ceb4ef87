package io.parley.scenarios;

import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Tag;
import io.parley.engine.Values;
import io.parley.testkit.Scenario;
import java.util.ArrayList;
import java.util.List;

/// Sees in a reply the tags that it is written with: `#discount @0.9 #shipping @0.4 any code?`, and
/// its keywords.
final class Meanings implements Scenario.Tagger {

  @Override
  public List<Tag> tag(Values parameters, ContactFacts contact) {
    List<Tag> tags = new ArrayList<>();
    for (String word : parameters.text("Body").orElse("").split(" ", -1)) {
      if (word.startsWith("#")) {
        tags.add(new Tag(word.substring(1), 0.9, "written so"));
      } else if (word.startsWith("@")) {
        Tag last = tags.removeLast();
        tags.add(new Tag(last.name(), Double.parseDouble(word.substring(1)), last.evidence()));
      }
    }
    return tags.isEmpty() ? Flows.keywords(parameters, contact) : tags;
  }
}
