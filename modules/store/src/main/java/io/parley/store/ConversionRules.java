package io.parley.store;

import io.parley.engine.policy.Conversions;
import io.parley.engine.policy.Conversions.From;
import io.parley.engine.policy.Conversions.Goal;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/// Which orders count as what a flow led to, for the views that measure it.
public final class ConversionRules {

  /// The flow of the rule that holds for all that are not named.
  private static final String USUAL = "";

  private final Pool pool;

  public ConversionRules(Pool pool) {
    this.pool = pool;
  }

  /// These hold from now on, and no other.
  public Future<Void> keep(Conversions conversions) {
    List<String> flows = new ArrayList<>(List.of(USUAL));
    List<Goal> goals = new ArrayList<>(List.of(conversions.usual()));
    conversions
        .flows()
        .forEach(
            (flow, goal) -> {
              flows.add(flow);
              goals.add(goal);
            });
    return pool.preparedQuery(
            """
            with given as (
              select flow, make_interval(secs => seconds) as length, from_message
                from unnest($1::text[], $2::float8[], $3::boolean[]) as g(flow, seconds, from_message)
            ), dropped as (
              delete from conversion_rule where flow not in (select flow from given)
            )
            insert into conversion_rule (flow, length, from_message)
            select flow, length, from_message from given order by flow
            on conflict (flow) do update
              set length = excluded.length, from_message = excluded.from_message
            """)
        .execute(
            Tuple.of(
                flows.toArray(String[]::new),
                goals.stream().map(it -> (double) it.window().toSeconds()).toArray(Double[]::new),
                goals.stream().map(it -> it.from() == From.LAST_MESSAGE).toArray(Boolean[]::new)))
        .mapEmpty();
  }
}
