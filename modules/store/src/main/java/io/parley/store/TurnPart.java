package io.parley.store;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The parts of [TurnStatement]'s text, in their order. A part costs though it has nothing to
/// write, and for a turn alone all of them cost several times as much as those that it needs: a
/// statement has the parts that its batch has rows for. That makes a hundred statements at most,
/// each of them planned once for a connection, since what is rare comes with everything.
///
/// A parameter has the same number in whatever part names it; a statement counts those that it has
/// anew.
enum TurnPart {

  /// The turns themselves.
  GIVEN(
      """
          with given as (
            select * from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[],
                                 $6::timestamptz[], $7::text[], $8::text[], $9::text[], $10::text[],
                                 $11::text[], $12::text[], $13::text[], $14::text[], $15::boolean[],
                                 $16::text[], $17::timestamptz[])
              as t(conversation, number, source, source_id, alias, at, kind, event, effects, path, state,
                   refusal, ours, theirs, believes, block, block_at)
          ), written as (
            insert into turn (conversation, number, source, source_id, at, kind, format, event, effects, path,
                              state, refusal)
            select conversation, number, source, source_id, at, kind, $18, event, effects, path, state,
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
            select o.conversation, o.turn, o.index, o.destination, o.sender, o.contact, o.epoch, $18, o.effect,
                   greatest(now(), o.not_before), greatest(now(), o.not_before), o.at, o.purpose,
                   o.unless_bought_since, string_to_array(o.orders_heard, chr(31))
              from unnest($19::uuid[], $20::int[], $21::int[], $22::text[], $23::text[], $24::text[],
                          $25::int[], $26::text[], $27::timestamptz[], $28::text[], $29::timestamptz[],
                          $30::timestamptz[], $31::text[])
                as o(conversation, turn, index, destination, sender, contact, epoch, effect, at, purpose,
                     not_before, unless_bought_since, orders_heard)
              join written on written.conversation = o.conversation and written.number = o.turn
             order by o.conversation, o.turn, o.index
          ),
          """),

  /// What has left, or never will.
  SETTLED(
      """
          settled as (
            delete from outbox
             using unnest($32::uuid[], $33::int[], $34::int[], $35::int[], $36::text[], $37::text[],
                          $38::timestamptz[])
                as s(conversation, by_turn, turn, index, outcome, provider_id, at),
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
              from unnest($39::uuid[], $40::int[], $41::int[]) as w(conversation, by_turn, epoch)
              join written on written.conversation = w.conversation and written.number = w.by_turn
             where conversation.id = w.conversation and conversation.epoch < w.epoch
          ), withdrawn as (
            delete from outbox
             using unnest($39::uuid[], $40::int[], $41::int[]) as w(conversation, by_turn, epoch), written
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
              from unnest($42::uuid[], $43::int[], $44::int[], $45::text[], $46::timestamptz[])
                as m(conversation, turn, index, purpose, due_at)
              join given on given.conversation = m.conversation and given.number = m.turn
              join written on written.conversation = m.conversation and written.number = m.turn
          ), untimed as (
            delete from timer
             using unnest($47::uuid[], $48::int[], $49::int[], $50::int[])
                as c(conversation, by_turn, turn, index),
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
              from unnest($96::text[], $97::text[], $98::int[], $99::uuid[], $100::int[], $101::text[],
                          $102::timestamptz[], $103::text[], $104::text[], $105::text[])
                as x(sid, flow, revision, conversation, turn, result, at, external_id, number, cohort)
              join given on given.conversation = x.conversation and given.number = x.turn
              join written on written.conversation = x.conversation and written.number = x.turn
            on conflict do nothing
          ), finished as (
            update execution
               set last_turn = case when x.result is not null then x.turn end, result = x.result,
                   ended_at = case when x.result is not null then x.at end,
                   cohort = coalesce(x.cohort, execution.cohort)
              from unnest($106::text[], $107::uuid[], $108::int[], $109::text[], $110::timestamptz[],
                          $111::text[])
                as x(sid, conversation, turn, result, at, cohort)
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
              from unnest($112::uuid[], $113::int[], $114::text[], $115::text[], $116::text[], $117::real[],
                          $118::text[], $119::text[])
                as k(conversation, turn, text, text_sha256, tags, score, tagger, flow)
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
              from unnest($51::uuid[], $52::int[], $53::text[], $54::text[], $55::text[], $56::text[],
                          $57::timestamptz[], $58::timestamptz[], $59::timestamptz[], $60::timestamptz[],
                          $61::timestamptz[])
                as n(conversation, by_turn, address, external_id, block, evidence, block_at, opted_in_at,
                     reached_at, at, answered_at)
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
              from unnest($62::text[], $63::uuid[], $64::int[], $65::int[], $66::int[], $67::text[])
                as l(code, conversation, by_turn, turn, index, url)
              join given on given.conversation = l.conversation and given.number = l.by_turn
              join written on written.conversation = l.conversation and written.number = l.by_turn
          ), handed as (
            insert into handoff (conversation, turn, index, ours, theirs, external_id, flow, widget, epoch, format,
                                 effect, state, opened_at, closed_at, closed_turn, why, reason, holder, taken_at,
                                 touched_at)
            select h.conversation, h.turn, h.index, given.ours, given.theirs, h.external_id, h.flow, h.widget,
                   h.epoch, $18, h.effect, h.state, given.at,
                   case when h.why is not null then given.at end, case when h.why is not null then h.turn end,
                   h.why, h.reason, h.holder, case when h.holder is not null then given.at end, given.at
              from unnest($68::uuid[], $69::int[], $70::int[], $71::text[], $72::text[], $73::text[],
                          $74::int[], $75::text[], $76::text[], $77::text[], $78::text[], $79::text[])
                as h(conversation, turn, index, external_id, flow, widget, epoch, effect, why, state, reason,
                     holder)
              join given on given.conversation = h.conversation and given.number = h.turn
              join written on written.conversation = h.conversation and written.number = h.turn
          ), handed_back as (
            update handoff set state = 'CLOSED', closed_at = given.at, closed_turn = b.by_turn,
                               disposition = b.disposition, why = b.why, touched_at = given.at
              from unnest($80::uuid[], $81::int[], $82::int[], $83::int[], $84::text[], $85::text[])
                as b(conversation, by_turn, turn, index, disposition, why)
              join given on given.conversation = b.conversation and given.number = b.by_turn
              join written on written.conversation = b.conversation and written.number = b.by_turn
             where handoff.conversation = b.conversation and handoff.turn = b.turn and handoff.index = b.index
               and handoff.closed_at is null
          ), cooling as (
            insert into cooling_off as known (flow, person, begun_at, until, conversation, turn)
            select c.flow, c.person, c.begun_at, c.until, c.conversation, c.turn
              from unnest($86::uuid[], $87::int[], $88::text[], $89::text[], $90::timestamptz[],
                          $91::timestamptz[])
                as c(conversation, turn, flow, person, begun_at, until)
              join written on written.conversation = c.conversation and written.number = c.turn
             order by c.flow, c.person
            on conflict (flow, person) do update
              set begun_at = excluded.begun_at, until = excluded.until, conversation = excluded.conversation,
                  turn = excluded.turn,
                  overlapping = excluded.begun_at < known.begun_at + (excluded.until - excluded.begun_at)
          ), named as (
            insert into thread_name (name, conversation, at)
            select n.name, n.conversation, n.at
              from unnest($92::uuid[], $93::int[], $94::text[], $95::timestamptz[])
                as n(conversation, by_turn, name, at)
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
              from unnest($120::uuid[], $121::int[], $122::int[], $123::int[], $124::text[], $125::text[], $126::text[])
                as n(conversation, by_turn, turn, index, state, holder, deed)
              join given on given.conversation = n.conversation and given.number = n.by_turn
              join written on written.conversation = n.conversation and written.number = n.by_turn
             where handoff.conversation = n.conversation and handoff.turn = n.turn and handoff.index = n.index
               and handoff.closed_at is null
          ), hushed as (
            delete from outbox
             using unnest($127::uuid[], $128::int[], $129::int[]) as w(conversation, by_turn, epoch), written
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
          ),
          """
          + PersonParts.sql(129)),

  /// Events that had waited; and which turns were written.
  SWEPT(
      """
          swept as (
            delete from inbox using given join written using (conversation, number)
             where inbox.source = given.source and inbox.source_id = given.source_id
          )
          select conversation from written
          """);

  private static final Map<Set<TurnPart>, String> STATEMENTS = new ConcurrentHashMap<>();

  /// Of a statement with every part.
  static final int LONGEST = statement(EnumSet.allOf(TurnPart.class)).length();

  private final String sql;

  TurnPart(String sql) {
    this.sql = sql;
  }

  /// The statement of some parts.
  static String statement(EnumSet<TurnPart> parts) {
    return STATEMENTS.computeIfAbsent(parts, TurnPart::text);
  }

  private static String text(Set<TurnPart> parts) {
    return Parameters.dense(parts.stream().map(part -> part.sql).collect(Collectors.joining()));
  }

  /// The parameters of a text.
  static final class Parameters {

    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+)");

    private Parameters() {}

    /// The same text with its parameters counted from one, without gaps, in the same order.
    private static String dense(String sql) {
      SortedSet<Integer> numbers = new TreeSet<>();
      PARAMETER.matcher(sql).results().forEach(it -> numbers.add(Integer.valueOf(it.group(1))));
      List<Integer> places = List.copyOf(numbers);
      return numbered(sql, parameter -> places.indexOf(parameter) + 1);
    }

    /// The same text with other numbers for its parameters.
    static String numbered(String sql, IntUnaryOperator numbers) {
      return PARAMETER
          .matcher(sql)
          .replaceAll(it -> "\\$" + numbers.applyAsInt(Integer.parseInt(it.group(1))));
    }
  }
}
