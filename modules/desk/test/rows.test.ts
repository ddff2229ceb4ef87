import { expect, test } from "vitest";
import type { Row } from "../src/api";
import { none, stale, wanted, withPage, withRow, without } from "../src/lib/rows";

const row = (id: string, snippet = "") => ({ id, snippet }) as Row;

test("only pages in view are wanted, each once", () => {
  const rows = none("all");
  expect(wanted(rows, 50_050, 50_110)).toEqual([50_000, 50_100]);
  const filled = withPage(rows, { rows: [row("a")], total: 100_000, offset: 50_000 });
  expect(wanted(filled, 50_050, 50_110)).toEqual([50_100]);
  expect(wanted(stale(filled), 50_050, 50_060)).toEqual([50_000]);
});

test("a row that moved to another page stands only there", () => {
  let rows = withPage(none("all"), { rows: [row("a"), row("b")], total: 200, offset: 0 });
  rows = withPage(rows, { rows: [row("b")], total: 200, offset: 100 });
  expect(rows.at.get(0)!.id).toBe("a");
  expect(rows.at.has(1)).toBe(false);
  expect(rows.at.get(100)!.id).toBe("b");
});

test("what lies beyond a smaller total is gone", () => {
  let rows = withPage(none("all"), { rows: [row("a"), row("b"), row("c")], total: 3, offset: 0 });
  rows = withPage(rows, { rows: [row("a")], total: 1, offset: 0 });
  expect([...rows.at.keys()]).toEqual([0]);
});

test("a changed row changes in its place, and an unknown one nowhere", () => {
  const rows = withPage(none("all"), { rows: [row("a"), row("b")], total: 2, offset: 0 });
  expect(withRow(rows, row("b", "new")).at.get(1)!.snippet).toBe("new");
  expect(withRow(rows, row("z"))).toBe(rows);
});

test("a row that has gone leaves no gap, and one that was never here takes nothing", () => {
  const rows = withPage(none("all"), { rows: [row("a"), row("b"), row("c")], total: 3, offset: 0 });
  const left = without(rows, "b");
  expect([...left.at].map(([index, one]) => `${index} ${one.id}`)).toEqual(["0 a", "1 c"]);
  expect(left.total).toBe(2);
  expect(without(rows, "z")).toBe(rows);
});
