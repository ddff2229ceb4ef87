package io.parley.verticles;

import io.parley.customerio.segment.CallPhone;
import io.parley.customerio.segment.SegmentCall;
import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Address;
import io.parley.engine.Channel;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.ThreadId;
import io.parley.engine.rules.Occasion;
import io.parley.engine.rules.Rule;
import io.parley.engine.rules.Rules;
import io.parley.engine.rules.Start;
import io.parley.engine.rules.Unstarted;
import io.parley.store.Contacts;
import io.parley.store.Ingested;
import io.parley.store.Traits.Known;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the flows that the brand's rules start with a call's person. A call that is worked off
/// twice starts each of them once.
final class RuleStarts {

  private static final String WHATSAPP = "whatsapp:";
  private static final Logger LOG = LoggerFactory.getLogger(RuleStarts.class);

  private final Supplier<Rules> rules;
  private final Map<Channel, Address> senders;
  private final FlowLibrary flows;
  private final Contacts contacts;
  private final UnstartedRules unstarted;
  private final Dispatcher dispatcher;
  private final String region;
  private final Clock clock;
  private final Metrics metrics;

  /// @param senders our address by channel, for rules that name none
  /// @param region where a phone number without a country code belongs
  RuleStarts(
      Supplier<Rules> rules,
      Map<Channel, Address> senders,
      FlowLibrary flows,
      Contacts contacts,
      UnstartedRules unstarted,
      Dispatcher dispatcher,
      String region,
      Clock clock,
      Metrics metrics) {
    this.rules = rules;
    this.senders = senders;
    this.flows = flows;
    this.contacts = contacts;
    this.unstarted = unstarted;
    this.dispatcher = dispatcher;
    this.region = region;
    this.clock = clock;
    this.metrics = metrics;
  }

  /// Judges a call, and starts what it sets off, one after the other. Fails where that is to be
  /// tried again.
  ///
  /// @param known what is true of the person after the call
  Future<Void> start(Ingested.Entry entry, SegmentCall call, Known known) {
    List<Rule.Match> matches = rules.get().judge(occasion(entry, call, known));
    Future<Void> started = Future.succeededFuture();
    for (Rule.Match match : matches) {
      Cause cause = new Cause(entry, call, known, match);
      started = started.compose(_ -> start(cause));
    }
    return started;
  }

  /// A call as rules look at it.
  static Occasion occasion(Ingested.Entry entry, SegmentCall call, Known known) {
    return new Occasion(
        call.type().word(),
        call.name(),
        entry.source(),
        call.readable(),
        known.values(),
        known.changed(),
        call.timestamp());
  }

  /// A rule that a call has set off.
  record Cause(Ingested.Entry entry, SegmentCall call, Known known, Rule.Match match) {

    Rule rule() {
      return match.rule();
    }

    /// What tells a repeat: the same for the same call and rule.
    String name() {
      return entry.source() + ":" + entry.messageId() + ":" + rule().name();
    }
  }

  private Future<Void> start(Cause cause) {
    for (String warning : cause.match().warnings()) {
      LOG.atWarn()
          .addKeyValue("rule", cause.rule().name())
          .addKeyValue("why", warning)
          .log("a part of what a rule gives its flow cannot be rendered");
    }
    if (cause.match().isStale(clock.instant())) {
      return unstarted.tell(cause, Unstarted.TOO_OLD, Optional.empty());
    }
    return phone(cause)
        .compose(
            phone ->
                phone.isPresent()
                    ? start(cause, on(cause.rule().start().channel(), phone.get()))
                    : unstarted.tell(cause, Unstarted.NO_PHONE, Optional.empty()));
  }

  private Future<Optional<Address>> phone(Cause cause) {
    Optional<Address> told = CallPhone.of(cause.call(), cause.known().values(), region);
    Optional<String> externalId = cause.call().who().userId();
    return told.isPresent() || externalId.isEmpty()
        ? Future.succeededFuture(told)
        : contacts.number(externalId.get());
  }

  private static Address on(Channel channel, Address phone) {
    return channel == Channel.WHATSAPP ? new Address(WHATSAPP + phone.number()) : phone;
  }

  private Future<Void> start(Cause cause, Address theirs) {
    Start start = cause.rule().start();
    FlowLibrary.Choice choice = flows.choose(start.flow(), theirs);
    Optional<FlowRef> flow = choice.found();
    Optional<Address> ours =
        start.from().or(() -> Optional.ofNullable(senders.get(start.channel())));
    if (flow.isEmpty()) {
      return unstarted.tell(cause, Unstarted.UNKNOWN_FLOW, Optional.of(theirs));
    }
    if (ours.isEmpty()) {
      return unstarted.tell(cause, Unstarted.NO_SENDER, Optional.of(theirs));
    }
    Event event =
        new Event.Triggered(
                flow.get(),
                cause.match().person(),
                cause.match().data(),
                cause.call().timestamp(),
                start.coolingOff())
            .patient();
    return dispatcher
        .dispatch(
            new Arrival(
                Source.RULE,
                cause.name(),
                Optional.empty(),
                new ThreadId(ours.get(), theirs),
                event,
                clock.instant()))
        .compose(decision -> settle(cause.rule(), decision));
  }

  private static String word(Decision.Taken taken) {
    if (taken.repeated()) {
      return "repeated";
    }
    return taken.waits() ? "waiting" : taken.refusal().orElse("started");
  }

  private Future<Void> settle(Rule rule, Decision decision) {
    return switch (decision) {
      case Decision.Taken taken -> {
        metrics.rule(rule.name(), word(taken));
        yield Future.succeededFuture();
      }
      case Decision.Kept _ -> {
        metrics.rule(rule.name(), "kept");
        yield Future.succeededFuture();
      }
      case Decision.Unavailable(String why) -> Future.failedFuture(why);
    };
  }
}
