package io.parley.store;

import io.parley.engine.ConversationId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What agents note beside a conversation, for each other.
public final class DeskNotes {

  private final SqlClient client;

  public DeskNotes(SqlClient client) {
    this.client = client;
  }

  /// @param number rises with each note of all conversations
  /// @param turn the conversation's latest when it was written
  /// @param author the agent's id
  public record Note(
      long number, int turn, String author, String authorName, String text, Instant at) {}

  /// Who writes a note.
  public record Author(String id, String name) {}

  /// Notes of a conversation get their numbers in the order of their commits, so that who reads on
  /// from a number misses none.
  public Future<Note> add(ConversationId conversation, Author author, String text, Instant at) {
    return client
        .preparedQuery(
            """
            insert into desk_note (conversation, turn, author, author_name, note, at)
            select $1, coalesce((select max(number) from turn where conversation = $1), 0), $2, $3, $4, $5
              from (select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 25))) one_at_a_time
            returning number, turn, author, author_name, note, at
            """)
        .execute(
            Tuple.of(conversation.value(), author.id(), author.name(), text, TurnStatement.utc(at)))
        .map(rows -> note(rows.iterator().next()));
  }

  /// Those that came after a number, oldest first; 0 for all.
  public Future<List<Note>> after(ConversationId conversation, long number, int limit) {
    return client
        .preparedQuery(
            """
            select number, turn, author, author_name, note, at from desk_note
             where conversation = $1 and number > $2 order by number limit $3
            """)
        .execute(Tuple.of(conversation.value(), number, limit))
        .map(rows -> rows.stream().map(DeskNotes::note).toList());
  }

  /// Those of the turns from one on, up to another one, oldest first.
  public Future<List<Note>> between(ConversationId conversation, int first, int last) {
    return client
        .preparedQuery(
            """
            select number, turn, author, author_name, note, at from desk_note
             where conversation = $1 and turn >= $2 and turn < $3 order by number
            """)
        .execute(Tuple.of(conversation.value(), first, last))
        .map(rows -> rows.stream().map(DeskNotes::note).toList());
  }

  /// The number of the latest of the turns before one; 0 where there is none.
  public Future<Long> last(ConversationId conversation, int beforeTurn) {
    return client
        .preparedQuery(
            """
            select coalesce(max(number), 0) as last from desk_note
             where conversation = $1 and turn < $2
            """)
        .execute(Tuple.of(conversation.value(), beforeTurn))
        .map(rows -> rows.iterator().next().getLong("last"));
  }

  /// The latest notes of conversations; those without one are left out.
  public Future<Map<ConversationId, Long>> last(List<ConversationId> conversations) {
    return client
        .preparedQuery(
            """
            select conversation, max(number) as last from desk_note
             where conversation = any($1::uuid[]) group by conversation
            """)
        .execute(
            Tuple.of(
                (Object) conversations.stream().map(ConversationId::value).toArray(UUID[]::new)))
        .map(
            rows -> {
              Map<ConversationId, Long> last = new HashMap<>();
              rows.forEach(
                  row -> last.put(new ConversationId(row.getUUID(0)), row.getLong("last")));
              return last;
            });
  }

  private static Note note(Row row) {
    return new Note(
        row.getLong("number"),
        row.getInteger("turn"),
        row.getString("author"),
        row.getString("author_name"),
        row.getString("note"),
        row.getOffsetDateTime("at").toInstant());
  }
}
