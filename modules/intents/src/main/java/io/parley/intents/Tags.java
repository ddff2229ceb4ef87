package io.parley.intents;

import io.parley.engine.Tag;
import java.util.List;
import java.util.Optional;

/// What a tagger saw in a reply.
///
/// @param tags the surest first; empty where the reply means nothing that the tagger knows
/// @param version the tagger that saw them, with the tags that it knew:
///     `replies-1+retail-1-0f3a9c27`
public record Tags(List<Tag> tags, String version) {

  /// The reply may be an opt-out, or may not. It is to be answered once with how to opt out ("Reply
  /// STOP to end messages"), and nothing else is to be sent until the contact has spoken.
  public static final String OPT_OUT_UNCLEAR = "opt_out_unclear";

  public Tags {
    tags = List.copyOf(tags);
  }

  public Optional<Tag> top() {
    return tags.stream().findFirst();
  }

  public boolean has(String name) {
    return tags.stream().anyMatch(tag -> tag.name().equals(name));
  }
}
