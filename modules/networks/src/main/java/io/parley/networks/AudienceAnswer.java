package io.parley.networks;

import java.time.Duration;
import java.util.Optional;

/// What became of a request for an audience. Repeats are safe: who is in stays in, who is out stays
/// out.
public sealed interface AudienceAnswer {

  /// @param received how many people the network says it got; it matches them later
  /// @param invalid how many of them it could not read
  record Taken(long received, long invalid) implements AudienceAnswer {}

  /// An outage, a limit, or settings that somebody must mend: to be asked again as it is.
  record Later(String why, Optional<Duration> after) implements AudienceAnswer {}

  /// Somebody among several is at fault: to be asked again by [AudienceSink#halves].
  record Split(String why) implements AudienceAnswer {}

  /// The one whom the request carries will never be taken.
  record Refused(String why) implements AudienceAnswer {}

  static AudienceAnswer of(Judgement judgement, AudienceRequest request, Taken taken) {
    return switch (judgement) {
      case Judgement.Taken() -> taken;
      case Judgement.Later(String why, Optional<Duration> after) -> new Later(why, after);
      case Judgement.Faulty(String why) ->
          request.members().size() > 1 ? new Split(why) : new Refused(why);
    };
  }
}
