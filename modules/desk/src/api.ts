// The desk's API as the desk sees it: every shape that crosses the wire, and the one way to ask.

export type Role = "agent" | "lead" | "admin" | "auditor";
export type Status = "online" | "away" | "offline";
export type State = "bot" | "queued" | "agent" | "external" | "closed";
export type SlaState = "ok" | "warned" | "breached";

export interface User {
  id: string;
  name: string;
  email: string;
  role: Role;
  topics: string[];
  active?: boolean;
}
export interface Session {
  user: User;
  csrf: string;
  status: Status;
}
export interface SignedOut {
  reason: "signed_out";
  local: boolean;
  oidc: { name: string } | null;
}
export interface Person {
  id: string;
  name: string;
}
export interface Row {
  id: string;
  handoff: string | null;
  contact: { address: string; name: string | null; external_id: string | null };
  channel: string;
  topic: string | null;
  skills: string[];
  priority: number;
  state: State;
  agent: Person | null;
  offered_to: string | null;
  reason: string | null;
  opened_at: string | null;
  last_at: string;
  snippet: string | null;
  sla: { kind: "first" | "next" | "resolution"; due_at: string; state: SlaState } | null;
  snoozed_until: string | null;
  waiting_for_customer: boolean;
  callback: { at: string; words: string } | null;
  tags: string[];
  flow: string | null;
}
export interface Page {
  rows: Row[];
  total: number;
  offset: number;
}
export interface Counts {
  mine: number;
  unassigned: number;
  all: number;
  snoozed: number;
  closed: number;
  bot: number;
  topics: Record<string, number>;
}
export type ItemStatus =
  | "waiting"
  | "sent"
  | "delivered"
  | "read"
  | "failed"
  | "withdrawn"
  | "refused"
  | "received";
export interface Item {
  id: string;
  turn: number;
  at: string;
  kind: "message" | "note" | "event";
  by: "contact" | "bot" | "agent" | "queue" | "system";
  agent: Person | null;
  text: string | null;
  media: { url: string; type: string | null }[];
  status: ItemStatus | null;
  error: { code: number | string; words: string } | null;
  tags: { name: string; score: number | null }[];
  template: string | null;
  /** Of what an agent here sent: the id of the draft. */
  draft?: string;
  /** Of what waits: when it leaves. */
  until?: string;
}
export interface Block {
  reason: string;
  message: string;
  until: string | null;
}
export interface Gates {
  channel: string;
  may_write: boolean;
  blocks: Block[];
  window_ends_at: string | null;
  template_only: boolean;
  max_length: number;
}
export interface CartItem {
  name: string;
  quantity: number;
  price: number | string | null;
  image_url: string | null;
  url: string | null;
}
export interface Cart {
  items: CartItem[];
  total: number | string | null;
  currency: string | null;
  url: string | null;
  at: string | null;
}
export interface Offer {
  offer: string;
  value: string | number | null;
  code: string | null;
  state: string;
  at: string | null;
  expires_at: string | null;
}
export interface Consent {
  channel: string;
  programme: string | null;
  granted: boolean;
  at: string | null;
  source: string | null;
}
export interface PathStep {
  widget: string;
  event: string | null;
  next: string | null;
}
export interface Context {
  person: Record<string, unknown>;
  external_id: string | null;
  cart: Cart | null;
  friction: { score: number | null; count: number; tags: string[] } | null;
  offers: Offer[];
  consent: Consent[];
  sla: {
    first_due: string | null;
    next_due: string | null;
    resolution_due: string | null;
    first_reply_at: string | null;
    state: SlaState;
  } | null;
  hours: { quiet_until: string | null; local_time: string | null } | null;
  history: { flow: string; started_at: string; ended_at: string | null; result: string | null }[];
  flow: { name: string; revision: number | string | null; at: string | null; path: PathStep[] } | null;
  /** As it was when the latest handoff began. */
  handed_over: HandedOver | null;
}
export interface HandedOver {
  at: string;
  cart?: { total?: number | string; currency?: string };
  friction?: { count?: number; tags?: string[] };
  offers?: { offer: string; state: string }[];
  flow?: { name: string; at?: string };
}
export interface Viewer {
  id: string;
  name: string;
  typing: boolean;
}
export interface Conversation {
  row: Row;
  thread: { ours: string; theirs: string; channel: string };
  turn: number;
  items: Item[];
  more: boolean;
  gates: Gates;
  context: Context;
  viewers: Viewer[];
}
export interface Template {
  sid: string;
  name: string;
  text: string;
  language: string | null;
  variables: (string | { name: string; example?: string })[];
}
export interface Agent extends Person {
  status: Status;
  load: number;
  capacity: number;
  open?: number;
}
export interface Catalogue {
  canned: { name: string; text: string }[];
  dispositions: (string | { name: string; title?: string })[];
  templates: Template[];
  topics: (string | { name: string; title?: string })[];
  agents: Agent[];
  flows: (string | { name: string })[];
}
export interface SavedView {
  name: string;
  folder: string;
  filters: Record<string, string>;
}
export interface OfferToMe {
  handoff: string;
  row: Row;
  expires_at: string;
}
export interface Board {
  queue: { topic: string; waiting: number; oldest_at: string | null; in_hours: boolean }[];
  agents: (Agent & { open: number })[];
  sla: { ok: number; warned: number; breached: number };
  today: {
    opened: number;
    closed: number;
    median_wait_seconds: number | null;
    median_first_reply_seconds: number | null;
  };
}
export interface FlowTraffic {
  name: string;
  revision: number | string | null;
  widgets: { name: string; type: string; x: number; y: number }[];
  edges: { from: string; event: string; to: string; count: number }[];
  reached: Record<string, number>;
  left: Record<string, number>;
}
export interface Then {
  do: "goes_on" | "ends" | "at" | "begins";
  widget?: string;
  flow?: string;
}
export interface Draft {
  draft: string;
  text?: string;
  media?: string[];
  template?: { sid: string; variables: Record<string, string> };
  when_open?: boolean;
}
export interface DeadLetter {
  id: string;
  kind?: string;
  at?: string;
  reason?: string;
  message?: string;
  conversation?: string | null;
  tries?: number;
  [more: string]: unknown;
}
export interface AuditEntry {
  id?: string | number;
  at: string;
  user: string | Person | null;
  action: string;
  conversation: string | null;
  detail: unknown;
}

/** What the server said instead of doing what was asked; `status` 0 means that no answer came. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
    readonly body: Record<string, unknown> = {},
  ) {
    super(message);
  }
  /** Nobody knows whether it was done, so the same request may be made again and only so. */
  get unanswered() {
    return this.status === 0 || this.status >= 500;
  }
}

let csrf = "";
let signedOut: (() => void) | null = null;
export const withCsrf = (token: string) => void (csrf = token);
export const onSignedOut = (act: () => void) => void (signedOut = act);

const WORDS: Record<number, string> = {
  0: "Parley cannot be reached. Check your connection; nothing that you wrote is lost.",
  403: "You may not do this. Ask a lead or an admin.",
  404: "This is not here, or no longer.",
  429: "Too many tries. Wait a moment and try again.",
};

export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrf) headers["X-CSRF"] = csrf;
  let response: Response;
  try {
    response = await fetch("/desk/api" + path, {
      method,
      headers,
      credentials: "same-origin",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refusal(0, "unreachable", WORDS[0]!);
  }
  const text = await response.text();
  let read: unknown = null;
  try {
    read = text ? JSON.parse(text) : null;
  } catch {
    read = null;
  }
  if (response.ok) return read as T;
  const said = (read ?? {}) as Record<string, unknown>;
  const reason = typeof said.reason === "string" ? said.reason : `http_${response.status}`;
  if (response.status === 401 && path !== "/session") signedOut?.();
  const message =
    typeof said.message === "string"
      ? said.message
      : (WORDS[response.status] ?? `Parley could not do this (${reason}). Try again.`);
  throw new Refusal(response.status, reason, message, said);
}

export const get = <T>(path: string) => ask<T>("GET", path);
export const post = <T>(path: string, body: unknown = {}) => ask<T>("POST", path, body);
export const seg = encodeURIComponent;
export const nameOf = (entry: string | { name: string }) => (typeof entry === "string" ? entry : entry.name);
export const titleOf = (entry: string | { name: string; title?: string }) =>
  typeof entry === "string" ? words(entry) : (entry.title ?? words(entry.name));

/** `wrong_size` as a person writes it: Wrong size. */
export function words(name: string): string {
  const spaced = name.replace(/[_-]+/g, " ").trim();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
