package io.parley.store;

import io.parley.engine.ConversationId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;

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

  public Future<Note> add(ConversationId conversation, Author author, String text, Instant at) {
    return client
        .preparedQuery(
            """
            insert into desk_note (conversation, turn, author, author_name, note, at)
            select $1, coalesce((select max(number) from turn where conversation = $1), 0), $2, $3, $4, $5
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
