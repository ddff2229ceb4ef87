package io.parley.intents;

import io.parley.engine.Tag;
import java.util.List;

/// What a tagger saw in a reply.
///
/// @param tags empty where the reply means nothing that the tagger knows
/// @param version the tagger that saw them: `keywords-1`
public record Tags(List<Tag> tags, String version) {

  public Tags {
    tags = List.copyOf(tags);
  }
}
