package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What was said in a conversation, read from the journal.
public final class Transcript {

  private final SqlClient client;

  public Transcript(SqlClient client) {
    this.client = client;
  }

  /// One message.
  ///
  /// @param text of a template, its sid and variables
  /// @param fate of ours: `waiting`, `accepted`, or why it did not leave; of theirs `received`
  public record Said(Instant at, Speaker by, String text, List<String> media, String fate) {
    public Said {
      media = List.copyOf(media);
    }
  }

  /// Who said it.
  public enum Speaker {
    CONTACT,
    US
  }

  /// The latest messages, oldest first.
  ///
  /// @param turns how many turns in which something was said are read
  public Future<List<Said>> latest(ConversationId conversation, int turns) {
    return client
        .preparedQuery(
            """
            select at, format, event, effects from turn
             where conversation = $1 and (kind = 'ReplyReceived' or effects like '%"type":"Send"%')
             order by number desc limit $2
            """)
        .execute(Tuple.of(conversation.value(), turns))
        .compose(
            rows ->
                fates(conversation)
                    .map(
                        fates -> {
                          List<Row> inOrder = new ArrayList<>(rows.size());
                          rows.forEach(inOrder::addFirst);
                          List<Said> said = new ArrayList<>();
                          inOrder.forEach(row -> add(row, fates, said));
                          return said;
                        }));
  }

  private Future<Map<EffectId, String>> fates(ConversationId conversation) {
    return client
        .preparedQuery(
            """
            select turn, index, outcome from delivery where conversation = $1 and destination = $2
            """)
        .execute(Tuple.of(conversation.value(), Outbox.TWILIO))
        .map(
            rows -> {
              Map<EffectId, String> fates = new HashMap<>();
              for (Row row : rows) {
                fates.put(
                    new EffectId(conversation, row.getInteger("turn"), row.getInteger("index")),
                    row.getString("outcome"));
              }
              return fates;
            });
  }

  private static void add(Row row, Map<EffectId, String> fates, List<Said> said) {
    int format = row.getShort("format");
    Instant at = row.getOffsetDateTime("at").toInstant();
    if (Codec.decodeEvent(format, row.getString("event")) instanceof Event.ReplyReceived reply) {
      said.add(new Said(at, Speaker.CONTACT, reply.body(), media(reply), "received"));
    }
    for (Effect effect : Codec.decodeEffects(format, row.getString("effects"))) {
      if (effect instanceof Effect.Send send) {
        said.add(said(at, send, fates.getOrDefault(send.id(), "waiting")));
      }
    }
  }

  private static Said said(Instant at, Effect.Send send, String fate) {
    return switch (send.content()) {
      case Effect.Content.Text(var body, var media) -> new Said(at, Speaker.US, body, media, fate);
      case Effect.Content.Template(var sid, var variables) ->
          new Said(at, Speaker.US, sid + " " + variables.entries(), List.of(), fate);
    };
  }

  private static List<String> media(Event.ReplyReceived reply) {
    List<String> media = new ArrayList<>();
    for (int i = 0; reply.parameters().text("MediaUrl" + i).isPresent(); i++) {
      media.add(reply.parameters().text("MediaUrl" + i).get());
    }
    return media;
  }
}
