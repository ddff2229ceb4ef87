package io.parley.verticles;

import io.parley.customerio.Problem;
import io.parley.customerio.segment.CallPhone;
import io.parley.customerio.segment.CallTraits;
import io.parley.customerio.segment.SegmentCall;
import io.parley.customerio.segment.Tidings;
import io.parley.engine.Address;
import io.parley.store.Ingested;
import io.parley.store.Traits;
import io.parley.store.Traits.Known;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a call about a person sets off: what it says is taken down, what it tells of is told to the
/// person's conversations, members enter and exit audiences, and the brand's rules start flows.
/// Worked off twice it comes to the same.
final class IngestedCalls {

  private static final Logger LOG = LoggerFactory.getLogger(IngestedCalls.class);

  private final Traits traits;
  private final PersonEvents events;
  private final AudienceNews audiences;
  private final RuleStarts rules;
  private final String region;
  private final Metrics metrics;

  /// @param region where a phone number without a country code belongs
  IngestedCalls(
      Traits traits,
      PersonEvents events,
      AudienceNews audiences,
      RuleStarts rules,
      String region,
      Metrics metrics) {
    this.traits = traits;
    this.events = events;
    this.audiences = audiences;
    this.rules = rules;
    this.region = region;
    this.metrics = metrics;
  }

  /// What came of a call.
  sealed interface Outcome {

    record Done() implements Outcome {}

    /// Its person was erased while it waited.
    record Gone() implements Outcome {}

    /// No try will change that: a person has to look at it.
    record Unfit(String why) implements Outcome {}
  }

  /// Fails where it is to be tried again.
  Future<Outcome> work(Ingested.Waiting waiting) {
    SegmentCall call;
    try {
      call = SegmentCall.stored(waiting.entry().call());
    } catch (RuntimeException unreadable) {
      return Future.succeededFuture(
          new Outcome.Unfit("it cannot be read: " + unreadable.getMessage()));
    }
    return know(waiting, call)
        .compose(
            known ->
                known.isEmpty()
                    ? Future.succeededFuture(new Outcome.Gone())
                    : tell(waiting, call, known.get())
                        .compose(
                            outcome ->
                                audiences
                                    .heard(waiting, call, known.get())
                                    .compose(_ -> rules.start(waiting.entry(), call, known.get()))
                                    .map(_ -> outcome)));
  }

  private Future<Optional<Known>> know(Ingested.Waiting waiting, SegmentCall call) {
    String subject = call.who().subject();
    CallTraits said = CallTraits.of(call, region);
    Traits.Told told =
        new Traits.Told(
            subject, waiting.seq(), said.values().entries(), said.cleared(), call.timestamp());
    return traits
        .merge(call.merged(), subject, waiting.seq())
        .onSuccess(homeless -> complain(waiting, List.of(), homeless))
        .compose(_ -> traits.tell(told))
        .onSuccess(known -> known.ifPresent(it -> complain(waiting, said.unfit(), it.unkept())));
  }

  private void complain(Ingested.Waiting waiting, List<String> unfit, List<String> unkept) {
    metrics.traitsUnkept("too_long", unfit.size());
    metrics.traitsUnkept("too_many", unkept.size());
    List<String> names = new ArrayList<>(unfit);
    names.addAll(unkept);
    if (!names.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("source", waiting.entry().source())
          .addKeyValue("message_id", waiting.entry().messageId())
          .addKeyValue("traits", names)
          .log(
              "traits were not kept: a person has at most {} of 1,000 bytes each",
              Traits.MAX_TRAITS);
    }
  }

  private Future<Outcome> tell(Ingested.Waiting waiting, SegmentCall call, Known known) {
    Optional<Address> phone = CallPhone.of(call, known.values(), region);
    return switch (Tidings.of(call, waiting.entry().source(), phone)) {
      case Tidings.Heard(var told) ->
          events
              .tellWhoMayWait(told)
              .compose(
                  decisions ->
                      PersonEvents.areStored(decisions)
                          ? Future.succeededFuture(new Outcome.Done())
                          : Future.failedFuture("a conversation could not be told"));
      case Tidings.None _, Tidings.Nobodys _ -> Future.succeededFuture(new Outcome.Done());
      case Tidings.Malformed(List<Problem> problems) ->
          Future.succeededFuture(
              new Outcome.Unfit(
                  problems.stream().map(Problem::toString).collect(Collectors.joining("; "))));
    };
  }
}
