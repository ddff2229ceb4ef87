package io.parley.networks;

import io.parley.edge.OutcomeSink;
import io.parley.engine.Effect;
import java.util.List;

/// What the sinks of all networks have in common: whom the network can know somebody by, and what
/// its answers mean.
public abstract sealed class NetworkSink implements OutcomeSink permits ConversionSink, ListSink {

  final Identifiers identifiers;

  NetworkSink(Identifiers identifiers) {
    this.identifiers = identifiers;
  }

  @Override
  public final boolean isActivation() {
    return true;
  }

  @Override
  public final List<String> knownBy(Effect.Outgoing effect) {
    return effect instanceof Effect.ReportOutcome report
        ? identifiers.kinds(Member.of(report.person(), report.contact()))
        : List.of();
  }

  @Override
  public final List<Verdict> read(Composed composed, Response response) {
    return meaning(composed, response).verdicts(composed.effects().size());
  }

  @Override
  public final boolean blamesTheWhole(Composed composed, Response response) {
    return meaning(composed, response).blamesTheWhole(composed.effects().size());
  }

  abstract Meaning meaning(Composed composed, Response response);
}
