package io.parley.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/// How far what is known of a person has come, by one of the person's names: what a step has seen
/// of it, so that its commit breaks a constraint where more is known by then.
///
/// To begin a flow counts as one thing, and what stands against it as another: who does the one
/// must have seen all of the other. Two triggers do not meet here, nor do two stops.
///
/// @param person `id:` and the id in Customer.io, or `number:` and the phone number
/// @param begun how often a trigger began a flow with the person
/// @param closed how often an order, a stop, or a consent that was taken back became known
public record PersonCourse(String person, long begun, long closed) {

  /// Something stands against beginning a flow: known to every trigger that is committed from now
  /// on. Waits for those whose commit is under way.
  ///
  /// @param externalIds may hold empty ones
  /// @param numbers may hold empty ones; who is on record of them counts, too
  static Future<Void> close(SqlClient connection, List<String> externalIds, List<String> numbers) {
    return connection
        .preparedQuery(
            """
            insert into person_course as known (person, begun, closed, seen)
            select name, 0, 1, 0
              from (select 'id:' || id as name from unnest($1::text[]) as i(id) where id <> ''
                    union
                    select 'number:' || number from unnest($2::text[]) as n(number) where number <> ''
                    union
                    select 'id:' || c.external_id
                      from unnest($2::text[]) as n(number)
                     cross join lateral (select external_id from contact
                                          where address in (number, 'whatsapp:' || number) offset 0) c
                     where number <> '' and c.external_id is not null) names
             order by name
            on conflict (person) do update
              set closed = known.closed + 1, seen = known.begun, overtaken = false
            """)
        .execute(
            Tuple.tuple()
                .addValue(externalIds.toArray(String[]::new))
                .addValue(numbers.toArray(String[]::new)))
        .mapEmpty();
  }
}
