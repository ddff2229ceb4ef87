package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.Block;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.Engagement.Window;
import io.parley.engine.Event;
import io.parley.engine.Step;
import io.parley.engine.policy.Consent;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The parts of [TurnStatement] that are about the person as a whole: the suppression window, by
/// which names the person is engaged, the history of consents, other threads that hear of an
/// opt-out, which they do through the inbox, triggers that wait there for the end of a handoff, and
/// that what is known of the person is as the step has seen it.
final class PersonParts {

  /// The constraint that a trigger breaks whose person another one has engaged.
  static final String ENGAGED = "one_conversation_at_a_time";

  /// The constraint that a turn breaks which does not know all that is known of the person.
  static final String SEEN = "person_is_as_seen";

  private static final String SQL =
      """
      windowed as (
        insert into suppression (conversation, reason, started_at, until, ended_at, ended_reason)
        select w.conversation, w.reason, w.started_at, w.until, w.ended_at, w.ended_reason
          from unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::timestamptz[],
                      $6::timestamptz[], $7::text[])
            as w(conversation, turn, reason, started_at, until, ended_at, ended_reason)
          join written on written.conversation = w.conversation and written.number = w.turn
        on conflict (conversation) do update
          set reason = excluded.reason, started_at = excluded.started_at, until = excluded.until,
              ended_at = excluded.ended_at, ended_reason = excluded.ended_reason
      ), engaging as (
        insert into engaged as known (person, conversation, live)
        select e.person, e.conversation, e.live
          from unnest($8::uuid[], $9::int[], $10::text[], $11::boolean[])
            as e(conversation, turn, person, live)
          join written on written.conversation = e.conversation and written.number = e.turn
         order by e.person
        on conflict (person) do update
          set conversation = excluded.conversation, live = excluded.live,
              overlapping = known.live and known.conversation <> excluded.conversation
        where excluded.live or known.conversation = excluded.conversation
      ), consented as (
        insert into consent (address, external_id, channel, programme, state, method, source, evidence, at,
                             recorded_at)
        select s.address, s.external_id, s.channel, s.programme, s.state, s.method, s.source, s.evidence,
               least(s.at, given.at), given.at
          from unnest($12::uuid[], $13::int[], $14::text[], $15::text[], $16::text[], $17::text[],
                      $18::text[], $19::text[], $20::text[], $21::text[], $22::timestamptz[])
            as s(conversation, turn, address, external_id, channel, programme, state, method, source,
                 evidence, at)
          join given on given.conversation = s.conversation and given.number = s.turn
          join written on written.conversation = s.conversation and written.number = s.turn
         order by s.address, s.external_id, s.channel, s.programme, s.at
        on conflict do nothing
      ), told as (
        insert into inbox (source, source_id, ours, theirs, format, event, received_at, due_at, error)
        select 'sibling', t.conversation || ':' || t.turn || ':' || t.ours || ':' || t.theirs, t.ours,
               t.theirs, $28, t.event, given.at, now(), ''
          from unnest($23::uuid[], $24::int[], $25::text[], $26::text[], $27::text[])
            as t(conversation, turn, ours, theirs, event)
          join given on given.conversation = t.conversation and given.number = t.turn
          join written on written.conversation = t.conversation and written.number = t.turn
        on conflict do nothing
      ), coursed as (
        insert into person_course as known (person, begun, closed, seen)
        select c.person, case when c.begins then 1 else 0 end, case when c.begins then 0 else 1 end, c.seen
          from unnest($29::uuid[], $30::int[], $31::text[], $32::boolean[], $33::bigint[])
            as c(conversation, turn, person, begins, seen)
          join written on written.conversation = c.conversation and written.number = c.turn
         order by c.person
        on conflict (person) do update
          set begun = known.begun + excluded.begun, closed = known.closed + excluded.closed,
              seen = excluded.seen,
              overtaken = excluded.seen <>
                          case when excluded.begun = 1 then known.closed else known.begun end
      ), waiting as (
        insert into inbox (source, source_id, ours, theirs, format, event, received_at, due_at, error, behind)
        select 'waited', w.conversation || ':' || w.turn || ':' || w.index, given.ours, given.theirs, $28,
               w.event, given.at, 'infinity', 'waits until no person speaks with the contact',
               string_to_array(w.behind, ' ')::uuid[]
          from unnest($34::uuid[], $35::int[], $36::int[], $37::text[], $38::text[])
            as w(conversation, turn, index, event, behind)
          join given on given.conversation = w.conversation and given.number = w.turn
          join written on written.conversation = w.conversation and written.number = w.turn
        on conflict do nothing
      ),
      """;

  private final TurnStatement.Columns windowed = new TurnStatement.Columns();
  private final TurnStatement.Columns engaging = new TurnStatement.Columns();
  private final TurnStatement.Columns consented = new TurnStatement.Columns();
  private final TurnStatement.Columns told = new TurnStatement.Columns();
  private final TurnStatement.Columns coursed = new TurnStatement.Columns();
  private final TurnStatement.Columns waiting = new TurnStatement.Columns();

  /// The parts, as they stand in a statement whose parameters before them are so many.
  static String sql(int before) {
    return TurnPart.Parameters.numbered(SQL, parameter -> before + parameter);
  }

  /// What a turn's effects keep of the person. A row is changed by a statement once, so that of
  /// several effects of one turn the last counts.
  void add(List<Effect> effects, UUID conversation, int turn, OffsetDateTime at) {
    Map<String, Boolean> names = new LinkedHashMap<>();
    List<Effect.KeepWindow> windows = new ArrayList<>();
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.KeepWindow window -> windows.add(window);
        case Effect.Engage(var engaged, var live) -> engaged.forEach(name -> names.put(name, live));
        case Effect.RecordConsent(var consent) -> add(consent, conversation, turn);
        case Effect.TellOptOut(var thread, var event) ->
            told.row(
                conversation,
                turn,
                thread.ours().value(),
                thread.theirs().value(),
                Codec.encodeEvent(event));
        case Effect.KeepTrigger keep ->
            waiting.row(
                conversation,
                turn,
                keep.id().index(),
                Codec.encodeEvent(keep.trigger()),
                keep.behind().stream()
                    .map(ConversationId::toString)
                    .collect(Collectors.joining(" ")));
        default -> {}
      }
    }
    names.forEach((name, live) -> engaging.row(conversation, turn, name, live));
    if (!windows.isEmpty()) {
      add(windows.getLast(), conversation, turn, at);
    }
  }

  /// A trigger that begins a flow must know of all that stands against it, and a stop of all that
  /// has begun.
  void addCourses(TurnRecord record, UUID conversation, int turn) {
    boolean begins =
        record.event() instanceof Event.Triggered && record.step() instanceof Step.Turn;
    if (begins || stops(record.step().effects())) {
      record
          .courses()
          .forEach(
              it ->
                  coursed.row(
                      conversation, turn, it.person(), begins, begins ? it.closed() : it.begun()));
    }
  }

  private static boolean stops(List<Effect> effects) {
    return effects.stream()
        .anyMatch(
            it -> it instanceof Effect.BlockContact block && block.block() == Block.OPTED_OUT);
  }

  boolean isEmpty() {
    return windowed.isEmpty()
        && engaging.isEmpty()
        && consented.isEmpty()
        && told.isEmpty()
        && coursed.isEmpty()
        && waiting.isEmpty();
  }

  private void add(Effect.KeepWindow keep, UUID conversation, int turn, OffsetDateTime at) {
    Window window = keep.window();
    boolean open = keep.endedBy().isEmpty();
    @Nullable OffsetDateTime endedAt = open ? null : at;
    @Nullable String endedBy = open ? null : keep.endedBy();
    windowed.row(
        conversation,
        turn,
        window.reason().word(),
        TurnStatement.utc(window.from()),
        TurnStatement.utc(window.until()),
        endedAt,
        endedBy);
  }

  private void add(Consent consent, UUID conversation, int turn) {
    consented.row(
        conversation,
        turn,
        consent.address().orElse(""),
        consent.externalId().orElse(""),
        consent.channel().word(),
        consent.programme(),
        consent.state().word(),
        consent.method().word(),
        consent.source(),
        consent.evidence(),
        TurnStatement.utc(consent.at()));
  }

  void appendTo(Tuple tuple) {
    windowed.appendTo(tuple, COLUMNS_OF_WINDOWED);
    engaging.appendTo(tuple, COLUMNS_OF_ENGAGING);
    consented.appendTo(tuple, COLUMNS_OF_CONSENTED);
    told.appendTo(tuple, COLUMNS_OF_TOLD);
    tuple.addValue((short) Codec.FORMAT);
    coursed.appendTo(tuple, COLUMNS_OF_COURSED);
    waiting.appendTo(tuple, COLUMNS_OF_WAITING);
  }

  private static final Class<?>[] COLUMNS_OF_WINDOWED = {
    UUID.class,
    Integer.class,
    String.class,
    OffsetDateTime.class,
    OffsetDateTime.class,
    OffsetDateTime.class,
    String.class
  };
  private static final Class<?>[] COLUMNS_OF_ENGAGING = {
    UUID.class, Integer.class, String.class, Boolean.class
  };
  private static final Class<?>[] COLUMNS_OF_CONSENTED = {
    UUID.class,
    Integer.class,
    String.class,
    String.class,
    String.class,
    String.class,
    String.class,
    String.class,
    String.class,
    String.class,
    OffsetDateTime.class
  };
  private static final Class<?>[] COLUMNS_OF_TOLD = {
    UUID.class, Integer.class, String.class, String.class, String.class
  };
  private static final Class<?>[] COLUMNS_OF_COURSED = {
    UUID.class, Integer.class, String.class, Boolean.class, Long.class
  };
  private static final Class<?>[] COLUMNS_OF_WAITING = {
    UUID.class, Integer.class, Integer.class, String.class, String.class
  };
}
