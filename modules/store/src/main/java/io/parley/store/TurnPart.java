package io.parley.store;

import io.parley.codec.Codec;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The parts of [TurnStatement]'s text, in their order. A part costs though it has nothing to
/// write, and for a turn alone all of them cost several times as much as those that it needs: a
/// statement has the parts that its batch has rows for. That makes a hundred statements at most,
/// each of them planned once for a connection, since what is rare comes with everything.
///
/// `{timed} as m` stands for the rows of a [TurnTable], `{format}` for the format that is written.
enum TurnPart {

  /// The turns themselves.
  GIVEN(
      """
          with given as (
            select * from {given} as t
          ), written as (
            insert into turn (conversation, number, source, source_id, at, kind, format, event, effects, path,
                              state, refusal)
            select conversation, number, source, source_id, at, kind, {format}, event, effects, path, state,
                   refusal
              from given
             where not exists (select from turn_alias a
                                where a.source = given.source and a.alias in (given.source_id, given.alias)
                               offset 0)
               and (alias is null
                    or not exists (select from turn t
                                    where t.source = given.source and t.source_id = given.alias offset 0))
               and (not believes or %s)
             order by source, source_id
            on conflict do nothing
            returning conversation, number
          ),
          """
          .formatted(Contacts.AS_BELIEVED.strip().indent(15).strip())),

  /// Conversations that begin, and events with a second name.
  BEGUN(
      """
          aliased as (
            insert into turn_alias (source, alias, conversation, number)
            select source, alias, conversation, number from given join written using (conversation, number)
             where alias is not null
            on conflict do nothing
          ), begun as (
            insert into conversation (id, ours, theirs, created_at)
            select conversation, ours, theirs, at from given join written using (conversation, number)
             where number = 1
            on conflict do nothing
          ),
          """),

  /// What leaves.
  OUTGOING(
      """
          outgoing as (
            insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format, effect,
                                due_at, not_before, created_at, purpose, unless_bought_since, orders_heard)
            select o.conversation, o.turn, o.index, o.destination, o.sender, o.contact, o.epoch, {format}, o.effect,
                   greatest(now() + o.lease_ms * interval '1 millisecond', o.not_before),
                   greatest(now(), o.not_before), o.at, o.purpose,
                   o.unless_bought_since, string_to_array(o.orders_heard, chr(31))
              from {outgoing} as o
              join written on written.conversation = o.conversation and written.number = o.turn
             order by o.conversation, o.turn, o.index
          ),
          """),

  /// What has left, or never will.
  SETTLED(
      """
          settled as (
            delete from outbox
             using {settled} as s,
                   written
             where written.conversation = s.conversation and written.number = s.by_turn
               and outbox.conversation = s.conversation and outbox.turn = s.turn and outbox.index = s.index
               and outbox.destination in ('twilio', 'calls', 'offers')
            returning outbox.conversation, outbox.turn, outbox.index, outbox.destination, s.outcome,
                      s.provider_id, s.at
          ), delivered as (
            insert into delivery (conversation, turn, index, destination, outcome, provider_id, at)
            select * from settled
            on conflict do nothing
          ),
          """),

  /// What is not to leave any more; what is settled is not withdrawn, so it goes with [#SETTLED].
  WITHDRAWN(
      """
          silenced as (
            update conversation set epoch = w.epoch
              from {withdrawn} as w
              join written on written.conversation = w.conversation and written.number = w.by_turn
             where conversation.id = w.conversation and conversation.epoch < w.epoch
          ), withdrawn as (
            delete from outbox
             using {withdrawn} as w, written
             where written.conversation = w.conversation and written.number = w.by_turn
               and outbox.conversation = w.conversation
               and outbox.destination in ('twilio', 'calls')
               and outbox.epoch < w.epoch and outbox.in_doubt_since is null and outbox.purpose = 'FLOW'
               and not exists (select from settled
                                where settled.conversation = outbox.conversation
                                  and settled.turn = outbox.turn and settled.index = outbox.index)
            returning outbox.conversation, outbox.turn, outbox.index, outbox.destination
          ), recalled as (
            insert into delivery (conversation, turn, index, destination, outcome, at)
            select conversation, turn, index, destination, 'withdrawn', now() from withdrawn
            on conflict do nothing
          ),
          """),

  /// Timers, set and taken away.
  TIMED(
      """
          timed as (
            insert into timer (conversation, turn, index, ours, theirs, purpose, due_at)
            select m.conversation, m.turn, m.index, given.ours, given.theirs, m.purpose, m.due_at
              from {timed} as m
              join given on given.conversation = m.conversation and given.number = m.turn
              join written on written.conversation = m.conversation and written.number = m.turn
          ), untimed as (
            delete from timer
             using {untimed} as c,
                   written
             where written.conversation = c.conversation and written.number = c.by_turn
               and timer.conversation = c.conversation and timer.turn = c.turn and timer.index = c.index
          ),
          """),

  /// Executions, begun and ended.
  EXECUTED(
      """
          started as (
            insert into execution (sid, flow, revision, conversation, first_turn, last_turn, contact,
                                   initiated_by, result, started_at, ended_at, external_id, number, cohort)
            select x.sid, x.flow, x.revision, x.conversation, x.turn, case when x.result is not null then x.turn end,
                   given.theirs, given.source_id, x.result, x.at, case when x.result is not null then x.at end,
                   x.external_id, x.number, x.cohort
              from {started} as x
              join given on given.conversation = x.conversation and given.number = x.turn
              join written on written.conversation = x.conversation and written.number = x.turn
            on conflict do nothing
          ), finished as (
            update execution
               set last_turn = case when x.result is not null then x.turn end, result = x.result,
                   ended_at = case when x.result is not null then x.at end,
                   cohort = coalesce(x.cohort, execution.cohort)
              from {finished} as x
              join written on written.conversation = x.conversation and written.number = x.turn
             where execution.sid = x.sid and execution.ended_at is null
          ),
          """),

  /// Replies that are kept for review.
  KEPT(
      """
          kept as (
            insert into reply_review (conversation, turn, at, text, text_sha256, tags, score, tagger, flow)
            select k.conversation, k.turn, given.at, k.text, k.text_sha256, k.tags, k.score, k.tagger, k.flow
              from {kept} as k
              join given on given.conversation = k.conversation and given.number = k.turn
              join written on written.conversation = k.conversation and written.number = k.turn
            on conflict do nothing
          ),
          """),

  /// Contacts, links, handoffs, names and caps, and what concerns the person as a whole.
  RARE(
      """
          notes as materialized (
            select distinct on (n.address)
                   n.address, max(n.external_id) over whole as external_id, n.block, n.evidence, n.block_at,
                   max(n.opted_in_at) over whole as opted_in_at, max(n.reached_at) over whole as reached_at,
                   max(n.answered_at) over whole as answered_at, n.at
              from {noted} as n
              join written on written.conversation = n.conversation and written.number = n.by_turn
            window whole as (partition by n.address)
             order by n.address, n.block nulls last, n.evidence nulls last
          ), noted as (
            insert into contact as known (address, external_id, block, block_evidence, block_at, updated_at)
            select address, external_id, block, evidence, block_at, at from notes order by address
            on conflict (address) do update
              set external_id = coalesce(excluded.external_id, known.external_id),
                  (block, block_evidence, block_at) =
                    (select case verdict when 'keep' then known.block when 'block' then excluded.block end,
                            case verdict when 'keep' then known.block_evidence
                                         else excluded.block_evidence end,
                            case verdict when 'keep' then known.block_at
                                         when 'block' then greatest(known.block_at, excluded.block_at) end
                       from (select case when excluded.block <= known.block
                                           or (excluded.block is not null and known.block is null)
                                         then 'block'
                                         when excluded.block is null
                                          and coalesce(known.block_at, '-infinity') <=
                                              case known.block when 'OPTED_OUT' then notes.opted_in_at
                                                               when 'UNCLEAR' then greatest(notes.opted_in_at,
                                                                                            notes.answered_at)
                                                               when 'UNREACHABLE' then notes.reached_at end
                                         then 'lift'
                                         else 'keep' end as verdict
                               from notes where notes.address = excluded.address) judged),
                  updated_at = excluded.updated_at
          ), linked as (
            insert into link (code, conversation, turn, index, url, created_at)
            select l.code, l.conversation, l.turn, l.index, l.url, given.at
              from {linked} as l
              join given on given.conversation = l.conversation and given.number = l.by_turn
              join written on written.conversation = l.conversation and written.number = l.by_turn
          ), handed as (
            insert into handoff (conversation, turn, index, ours, theirs, external_id, flow, widget, epoch, format,
                                 effect, state, opened_at, closed_at, closed_turn, why, reason, holder, taken_at,
                                 touched_at)
            select h.conversation, h.turn, h.index, given.ours, given.theirs, h.external_id, h.flow, h.widget,
                   h.epoch, {format}, h.effect, h.state, given.at,
                   case when h.why is not null then given.at end, case when h.why is not null then h.turn end,
                   h.why, h.reason, h.holder, case when h.holder is not null then given.at end, given.at
              from {handed} as h
              join given on given.conversation = h.conversation and given.number = h.turn
              join written on written.conversation = h.conversation and written.number = h.turn
          ), handed_back as (
            update handoff set state = 'CLOSED', closed_at = given.at, closed_turn = b.by_turn,
                               disposition = b.disposition, why = b.why, touched_at = given.at
              from {handed_back} as b
              join given on given.conversation = b.conversation and given.number = b.by_turn
              join written on written.conversation = b.conversation and written.number = b.by_turn
             where handoff.conversation = b.conversation and handoff.turn = b.turn and handoff.index = b.index
               and handoff.closed_at is null
          ), cooling as (
            insert into cooling_off as known (flow, person, begun_at, until, conversation, turn)
            select c.flow, c.person, c.begun_at, c.until, c.conversation, c.turn
              from {cooling} as c
              join written on written.conversation = c.conversation and written.number = c.turn
             order by c.flow, c.person
            on conflict (flow, person) do update
              set begun_at = excluded.begun_at, until = excluded.until, conversation = excluded.conversation,
                  turn = excluded.turn,
                  overlapping = excluded.begun_at < known.begun_at + (excluded.until - excluded.begun_at)
          ), named as (
            insert into thread_name (name, conversation, at)
            select n.name, n.conversation, n.at
              from {named} as n
              join written on written.conversation = n.conversation and written.number = n.by_turn
             order by n.name
            on conflict (name) do update set conversation = excluded.conversation, at = excluded.at
          ), attended as (
            update handoff
               set state = n.state, holder = n.holder, touched_at = given.at,
                   taken_at = case when n.deed = 'TAKEN' then coalesce(taken_at, given.at) else taken_at end,
                   first_reply_at = case when n.deed = 'AGENT_WROTE' then coalesce(first_reply_at, given.at)
                                         else first_reply_at end,
                   customer_wrote_at = case when n.deed = 'CONTACT_WROTE' then given.at
                                            else customer_wrote_at end,
                   agent_wrote_at = case when n.deed = 'AGENT_WROTE' then given.at else agent_wrote_at end
              from {attended} as n
              join given on given.conversation = n.conversation and given.number = n.by_turn
              join written on written.conversation = n.conversation and written.number = n.by_turn
             where handoff.conversation = n.conversation and handoff.turn = n.turn and handoff.index = n.index
               and handoff.closed_at is null
          ), hushed as (
            delete from outbox
             using {hushed} as w, written
             where written.conversation = w.conversation and written.number = w.by_turn
               and outbox.conversation = w.conversation and outbox.destination = 'twilio'
               and outbox.purpose = 'AGENT' and outbox.epoch < w.epoch and outbox.in_doubt_since is null
               and not exists (select from settled
                                where settled.conversation = outbox.conversation
                                  and settled.turn = outbox.turn and settled.index = outbox.index)
            returning outbox.conversation, outbox.turn, outbox.index, outbox.destination
          ), recalled_of_agents as (
            insert into delivery (conversation, turn, index, destination, outcome, at)
            select conversation, turn, index, destination, 'withdrawn', now() from hushed
            on conflict do nothing
          ), windowed as (
            insert into suppression (conversation, reason, started_at, until, ended_at, ended_reason)
            select w.conversation, w.reason, w.started_at, w.until, w.ended_at, w.ended_reason
              from {windowed} as w
              join written on written.conversation = w.conversation and written.number = w.turn
            on conflict (conversation) do update
              set reason = excluded.reason, started_at = excluded.started_at, until = excluded.until,
                  ended_at = excluded.ended_at, ended_reason = excluded.ended_reason
          ), engaging as (
            insert into engaged as known (person, conversation, live)
            select e.person, e.conversation, e.live
              from {engaging} as e
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
              from {consented} as s
              join given on given.conversation = s.conversation and given.number = s.turn
              join written on written.conversation = s.conversation and written.number = s.turn
             order by s.address, s.external_id, s.channel, s.programme, s.at
            on conflict do nothing
          ), told as (
            insert into inbox (source, source_id, ours, theirs, format, event, received_at, due_at, error)
            select 'sibling', t.conversation || ':' || t.turn || ':' || t.ours || ':' || t.theirs, t.ours,
                   t.theirs, {format}, t.event, given.at, now(), ''
              from {told} as t
              join given on given.conversation = t.conversation and given.number = t.turn
              join written on written.conversation = t.conversation and written.number = t.turn
            on conflict do nothing
          ), coursed as (
            insert into person_course as known (person, begun, closed, seen)
            select c.person, case when c.begins then 1 else 0 end, case when c.begins then 0 else 1 end, c.seen
              from {coursed} as c
              join written on written.conversation = c.conversation and written.number = c.turn
             order by c.person
            on conflict (person) do update
              set begun = known.begun + excluded.begun, closed = known.closed + excluded.closed,
                  seen = excluded.seen,
                  overtaken = excluded.seen <>
                              case when excluded.begun = 1 then known.closed else known.begun end
          ), waiting as (
            insert into inbox (source, source_id, ours, theirs, format, event, received_at, due_at, error, behind)
            select 'waited', w.conversation || ':' || w.turn || ':' || w.index, given.ours, given.theirs, {format},
                   w.event, given.at, 'infinity', 'waits until no person speaks with the contact',
                   string_to_array(w.behind, ' ')::uuid[]
              from {waiting} as w
              join given on given.conversation = w.conversation and given.number = w.turn
              join written on written.conversation = w.conversation and written.number = w.turn
            on conflict do nothing
          ),
          """),

  /// Events that had waited; and which turns were written.
  SWEPT(
      """
          swept as (
            delete from inbox using given join written using (conversation, number)
             where inbox.source = given.source and inbox.source_id = given.source_id
          )
          select conversation from written
          """);

  /// A text with the tables that it takes, in the order of its parameters.
  record Statement(String sql, List<TurnTable> tables) {

    /// `{timed} as m`
    private static final Pattern TABLE = Pattern.compile("\\{(\\w+)} as (\\w+)");

    Statement {
      tables = List.copyOf(tables);
    }

    private static Statement of(Set<TurnPart> parts) {
      String text = parts.stream().map(part -> part.sql).collect(Collectors.joining());
      List<TurnTable> tables = tables(text).distinct().toList();
      String sql =
          TABLE
              .matcher(text)
              .replaceAll(
                  it -> {
                    TurnTable table = TurnTable.of(it.group(1));
                    return Matcher.quoteReplacement(table.sql(it.group(2), first(table, tables)));
                  });
      return new Statement(sql, tables);
    }

    private static Stream<TurnTable> tables(String text) {
      return TABLE.matcher(text).results().map(it -> TurnTable.of(it.group(1)));
    }

    /// The number of a table's first parameter.
    private static int first(TurnTable table, List<TurnTable> tables) {
      return 1 + tables.stream().takeWhile(it -> it != table).mapToInt(TurnTable::width).sum();
    }
  }

  private static final Map<Set<TurnPart>, Statement> STATEMENTS = new ConcurrentHashMap<>();

  /// Of a statement with every part.
  static final int LONGEST = statement(EnumSet.allOf(TurnPart.class)).sql().length();

  private final String sql;

  @SuppressWarnings("ImmutableEnumChecker") // Collectors.toUnmodifiableSet
  private final Set<TurnTable> tables;

  TurnPart(String sql) {
    this.sql = sql.replace("{format}", String.valueOf(Codec.FORMAT));
    this.tables = Statement.tables(sql).collect(Collectors.toUnmodifiableSet());
  }

  /// The parts that a batch needs.
  ///
  /// @param begins whether a conversation begins, or an event has a second name
  static EnumSet<TurnPart> of(TurnRows rows, boolean begins) {
    EnumSet<TurnPart> parts = EnumSet.of(GIVEN, SWEPT);
    for (TurnPart part : values()) {
      if (part.tables.stream().anyMatch(rows::has) || (part == BEGUN && begins)) {
        parts.add(part);
      }
    }
    if (parts.contains(RARE)) {
      return EnumSet.allOf(TurnPart.class);
    }
    if (parts.contains(WITHDRAWN)) {
      parts.add(SETTLED);
    }
    return parts;
  }

  /// The statement of some parts.
  static Statement statement(EnumSet<TurnPart> parts) {
    return STATEMENTS.computeIfAbsent(parts, Statement::of);
  }
}
