import { expect, test } from "vitest";
import type { Conversation, Item, Row } from "../src/api";
import { after, merged, type Thread } from "../src/lib/thread";

const item = (turn: number, index: number, text: string, status: Item["status"] = "sent"): Item => ({
  id: `${turn}:${index}`,
  turn,
  at: "2026-03-02T12:00:00Z",
  kind: "message",
  by: "bot",
  agent: null,
  text,
  media: [],
  status,
  error: null,
  tags: [],
  template: null,
});
const row = { id: "c1", state: "queued" } as Row;
const opened = (items: Item[]): Thread =>
  after(null, {
    kind: "opened",
    conversation: {
      row,
      thread: { ours: "+1", theirs: "+2", channel: "SMS" },
      turn: 9,
      items,
      more: true,
      gates: {} as Conversation["gates"],
      context: {} as Conversation["context"],
      viewers: [],
    },
  })!;
const texts = (thread: Thread | null) => thread!.items.map((one) => one.text);

test("an item that is sent again takes the place of what stood there", () => {
  const thread = after(opened([item(1, 0, "a"), item(2, 0, "b")]), {
    kind: "items",
    items: [item(1, 0, "a", "delivered")],
  });
  expect(texts(thread)).toEqual(["a", "b"]);
  expect(thread!.items[0]!.status).toBe("delivered");
});

test("items of a stream that begins again are not doubled, and turn 10 comes after turn 9", () => {
  const items = [item(9, 0, "i"), item(9, 1, "j")];
  expect(merged(items, [item(10, 0, "k"), ...items]).map((one) => one.id)).toEqual(["9:0", "9:1", "10:0"]);
});

test("older items come before and keep their order", () => {
  const thread = after(opened([item(5, 0, "e")]), {
    kind: "older",
    items: [item(3, 0, "c"), item(4, 0, "d")],
    more: false,
  });
  expect(texts(thread)).toEqual(["c", "d", "e"]);
  expect(thread!.more).toBe(false);
});

test("opening again after a lost connection keeps what was read and what is on its way", () => {
  let thread: Thread | null = opened([item(2, 0, "b")]);
  thread = after(thread, { kind: "older", items: [item(1, 0, "a")], more: false });
  thread = after(thread, {
    kind: "leaves",
    leaving: { draft: "d1", text: "hello", at: "2026-03-02T12:00:00Z", state: "leaving" },
  });
  thread = after(thread, { kind: "unanswered", draft: "d1" });
  thread = after(thread, {
    kind: "opened",
    conversation: {
      ...({} as Conversation),
      row,
      thread: { ours: "+1", theirs: "+2", channel: "sms" },
      items: [item(2, 0, "b"), item(3, 0, "c")],
      more: true,
    },
  });
  expect(texts(thread)).toEqual(["a", "b", "c"]);
  expect(thread!.more).toBe(false);
  expect(thread!.leaving).toMatchObject([{ draft: "d1", state: "unanswered" }]);
});

test("a message that left stands once, whichever of answer and stream comes first", () => {
  let thread: Thread | null = after(opened([]), {
    kind: "leaves",
    leaving: { draft: "d1", text: "hello", at: "2026-03-02T12:00:00Z", state: "leaving" },
  });
  thread = after(thread, { kind: "items", items: [item(4, 0, "hello")] });
  thread = after(thread, { kind: "left", draft: "d1", item: item(4, 0, "hello") });
  expect(texts(thread)).toEqual(["hello"]);
  expect(thread!.leaving).toEqual([]);
});

test("an item of the stream that carries the draft ends the wait for an answer", () => {
  let thread: Thread | null = after(opened([]), {
    kind: "leaves",
    leaving: { draft: "d1", text: "hello", at: "2026-03-02T12:00:00Z", state: "leaving" },
  });
  thread = after(thread, { kind: "items", items: [{ ...item(4, 0, "hello"), draft: "d1" }] });
  expect(thread!.leaving).toEqual([]);
});

test("a row of another conversation changes nothing here", () => {
  const thread = opened([]);
  expect(after(thread, { kind: "row", row: { ...row, id: "c2", state: "closed" } })).toBe(thread);
});
