// The rows of a folder that may hold 100,000: pages by offset, fetched as they come into view.

import type { Page, Row } from "../api";

export const PAGE = 100;

export interface Rows {
  /** Which folder and filters these rows answer. */
  key: string;
  total: number | null;
  /** Sparse: only what was fetched stands here. */
  at: Map<number, Row>;
  /** Offsets of pages that were asked for and are current. */
  asked: Set<number>;
}

export const none = (key: string): Rows => ({ key, total: null, at: new Map(), asked: new Set() });

/** The offsets of the pages that hold rows `first` to `last` and were not asked for. */
export function wanted(rows: Rows, first: number, last: number): number[] {
  const offsets: number[] = [];
  for (let offset = Math.floor(first / PAGE) * PAGE; offset <= last; offset += PAGE) {
    if (!rows.asked.has(offset)) offsets.push(offset);
  }
  return offsets;
}

export function withPage(rows: Rows, page: Page): Rows {
  const at = new Map(rows.at);
  const arrived = new Set(page.rows.map((row) => row.id));
  // A row that moved to this page must not stand at its old place, too.
  for (const [index, row] of at) if (arrived.has(row.id)) at.delete(index);
  for (let index = page.offset; index < page.offset + PAGE; index++) at.delete(index);
  page.rows.forEach((row, index) => at.set(page.offset + index, row));
  for (const index of [...at.keys()]) if (index >= page.total) at.delete(index);
  return { ...rows, total: page.total, at, asked: new Set(rows.asked).add(page.offset) };
}

/** A row that changed, where it stands; whether it stands here at all is for the next fetch to say. */
export function withRow(rows: Rows, row: Row): Rows {
  for (const [index, known] of rows.at) {
    if (known.id === row.id) return { ...rows, at: new Map(rows.at).set(index, row) };
  }
  return rows;
}

/** The rows after one that has gone move up; what comes in at a page's end is for the next fetch to say. */
export function without(rows: Rows, id: string): Rows {
  const gone = [...rows.at].find(([, row]) => row.id === id)?.[0];
  if (gone === undefined) return rows;
  const at = new Map<number, Row>();
  for (const [index, row] of rows.at) if (index !== gone) at.set(index > gone ? index - 1 : index, row);
  return { ...rows, at, total: rows.total === null ? null : rows.total - 1 };
}

/** Everything stands as it is until it is fetched anew. */
export const stale = (rows: Rows): Rows => ({ ...rows, asked: new Set() });
