// The thread of one conversation: what is known of it, and how each thing that arrives changes it.

import type { Context, Conversation, Gates, Item, Row, Viewer } from "../api";

/** A message on its way: shown at once, and gone when the server's own item stands in its place. */
export interface Leaving {
  draft: string;
  text: string;
  at: string;
  state: "leaving" | "unanswered";
}
export interface Thread {
  id: string;
  row: Row;
  ours: string;
  theirs: string;
  channel: string;
  items: Item[];
  more: boolean;
  gates: Gates;
  context: Context;
  viewers: Viewer[];
  leaving: Leaving[];
}
export type Arrival =
  | { kind: "opened"; conversation: Conversation }
  | { kind: "items"; items: Item[] }
  | { kind: "older"; items: Item[]; more: boolean }
  | { kind: "row"; row: Row }
  | { kind: "gates"; gates: Gates }
  | { kind: "viewers"; viewers: Viewer[] }
  | { kind: "leaves"; leaving: Leaving }
  | { kind: "unanswered"; draft: string }
  | { kind: "left"; draft: string; item: Item | null };

export function place(item: Item): [number, number] {
  const index = Number(item.id.split(":").pop());
  return [item.turn, Number.isFinite(index) ? index : 0];
}

function before(one: Item, other: Item): number {
  const [turn, index] = place(one);
  const [turn2, index2] = place(other);
  return turn - turn2 || index - index2 || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
}

/** Items by their id: what is sent again takes the place of what stood there, and the order is the journal's. */
export function merged(items: Item[], arrived: Item[]): Item[] {
  if (arrived.length === 0) return items;
  const last = items[items.length - 1];
  const one = arrived[0]!;
  if (arrived.length === 1 && (!last || before(last, one) < 0)) return [...items, one];
  const known = new Map(items.map((item) => [item.id, item]));
  for (const item of arrived) known.set(item.id, item);
  return [...known.values()].sort(before);
}

export const lastTurn = (thread: Thread) => thread.items[thread.items.length - 1]?.turn ?? 0;

export function after(thread: Thread | null, arrival: Arrival): Thread | null {
  if (arrival.kind === "opened") {
    const { conversation: opened } = arrival;
    const same = thread?.id === opened.row.id ? thread : null;
    return {
      id: opened.row.id,
      row: opened.row,
      ours: opened.thread.ours,
      theirs: opened.thread.theirs,
      channel: opened.thread.channel.toLowerCase(),
      items: same ? merged(same.items, opened.items) : [...opened.items].sort(before),
      more: same ? same.more : opened.more,
      gates: opened.gates,
      context: opened.context,
      viewers: opened.viewers,
      leaving: same ? same.leaving : [],
    };
  }
  if (!thread) return thread;
  switch (arrival.kind) {
    case "items": {
      const arrived = new Set(arrival.items.map((item) => item.draft));
      return {
        ...thread,
        items: merged(thread.items, arrival.items),
        leaving: thread.leaving.filter((one) => !arrived.has(one.draft)),
      };
    }
    case "older":
      return { ...thread, items: merged(thread.items, arrival.items), more: arrival.more };
    case "row":
      return arrival.row.id === thread.id ? { ...thread, row: arrival.row } : thread;
    case "gates":
      return { ...thread, gates: arrival.gates };
    case "viewers":
      return { ...thread, viewers: arrival.viewers };
    case "leaves":
      return {
        ...thread,
        leaving: [...thread.leaving.filter((one) => one.draft !== arrival.leaving.draft), arrival.leaving],
      };
    case "unanswered":
      return {
        ...thread,
        leaving: thread.leaving.map((one) =>
          one.draft === arrival.draft ? { ...one, state: "unanswered" as const } : one,
        ),
      };
    case "left":
      return {
        ...thread,
        leaving: thread.leaving.filter((one) => one.draft !== arrival.draft),
        items: arrival.item ? merged(thread.items, [arrival.item]) : thread.items,
      };
  }
}

/** Who stands in the way of writing here, if anybody. */
export function holder(row: Row, me: string): "me" | "other" | "external" | "bot" | "nobody" | "closed" {
  switch (row.state) {
    case "agent":
      return row.agent?.id === me ? "me" : "other";
    case "external":
      return "external";
    case "bot":
      return "bot";
    case "queued":
      return "nobody";
    case "closed":
      return "closed";
  }
}
