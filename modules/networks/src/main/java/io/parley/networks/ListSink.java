package io.parley.networks;

import io.parley.edge.AudienceChange;
import io.parley.edge.AudienceLists;
import io.parley.edge.AudienceLists.Row;
import io.parley.engine.Effect;
import java.util.List;
import java.util.Optional;

/// Puts people into a network's lists and takes them out, by the hashes of e-mail address and phone
/// number. Each network has its own form of a person, and of the request that carries many.
public abstract sealed class ListSink extends NetworkSink
    permits GoogleCustomerMatch, MetaAudiences, TikTokAudiences {

  private final AudienceLists lists;
  private final Limits limits;

  /// How many a network takes at once.
  ///
  /// @param rows people in a request
  /// @param reports what is read from the outbox, which may be of several lists
  record Limits(int rows, int reports) {}

  /// What a network may learn of somebody; at least one is there.
  record Hashes(Optional<String> email, Optional<String> phone) {}

  ListSink(Identifiers identifiers, AudienceLists lists, Limits limits) {
    super(identifiers);
    this.lists = lists;
    this.limits = limits;
  }

  static AudienceLists requireIds(AudienceLists lists) {
    return lists.requireIds("[0-9]{1,30}", "digits");
  }

  @Override
  public final String destination() {
    return lists.destination();
  }

  @Override
  public final boolean takes(String outcome) {
    return AudienceChange.isNamed(outcome);
  }

  @Override
  public final boolean takes(Effect.ReportOutcome report) {
    return lists.takes(report);
  }

  @Override
  public final int maxBatchSize() {
    return limits.reports();
  }

  @Override
  public final Composed compose(List<Effect.Outgoing> effects) {
    return request(lists.batch(effects, limits.rows(), this::row));
  }

  private Row row(Effect.ReportOutcome report) {
    Member member = Member.of(report.person(), report.contact());
    Hashes hashes =
        new Hashes(
            member.email().flatMap(identifiers::email), member.phone().flatMap(identifiers::phone));
    return hashes.email().isEmpty() && hashes.phone().isEmpty()
        ? new Row.Unfit("the person has neither e-mail address nor phone number")
        : new Row.Fit("", row(hashes));
  }

  abstract Object row(Hashes hashes);

  abstract Composed request(AudienceLists.Batch batch);
}
