// What the desk knows, and everything that changes it.

import { create } from "zustand";
import {
  get as fetched,
  onSignedOut,
  post,
  Refusal,
  seg,
  withCsrf,
  ask,
  type Catalogue,
  type Conversation,
  type Counts,
  type Gates,
  type Item,
  type OfferToMe,
  type Page,
  type Row,
  type SavedView,
  type Session,
  type SignedOut,
  type Status,
  type Viewer,
} from "./api";
import { dropDrafts } from "./lib/drafts";
import { go, inbox, route } from "./lib/route";
import { none, PAGE, stale, wanted, withPage, withRow, without, type Rows } from "./lib/rows";
import * as seen from "./lib/seen";
import { after, lastTurn, type Arrival, type Thread } from "./lib/thread";

export interface Notice {
  id: number;
  text: string;
  kind: "done" | "wrong";
}
export type Dialog =
  | { open: "close"; ids: string[]; next: boolean }
  | { open: "snooze"; ids: string[] }
  | { open: "assign"; ids: string[] }
  | { open: "keys" };

interface Desk {
  session: Session | null;
  /** Set when it is known that nobody is signed in. */
  out: SignedOut | null;
  broken: string | null;
  /** Whether the stream stands: false while it is being opened anew. */
  live: boolean;
  counts: Counts | null;
  catalogue: Catalogue;
  views: SavedView[];
  rows: Rows;
  inView: [number, number];
  failed: string | null;
  selected: Set<string>;
  thread: Thread | null;
  absent: string | null;
  offers: OfferToMe[];
  notices: Notice[];
  dialog: Dialog | null;
  contextOpen: boolean;
  menuOpen: boolean;
  said: string;
}

const NOTHING: Catalogue = { canned: [], dispositions: [], templates: [], topics: [], agents: [], flows: [] };

export const useDesk = create<Desk>(() => ({
  session: null,
  out: null,
  broken: null,
  live: true,
  counts: null,
  catalogue: NOTHING,
  views: [],
  rows: none(""),
  inView: [0, 0],
  failed: null,
  selected: new Set(),
  thread: null,
  absent: null,
  offers: [],
  notices: [],
  dialog: null,
  contextOpen: typeof window === "undefined" || window.innerWidth >= 1240,
  menuOpen: false,
  said: "",
}));

const set = useDesk.setState;
const state = useDesk.getState;

// ---- telling the agent

let notices = 0;
export function notice(text: string, kind: Notice["kind"] = "done") {
  const id = ++notices;
  set({ notices: [...state().notices.slice(-2), { id, text, kind }] });
  setTimeout(() => dismiss(id), kind === "wrong" ? 12_000 : 5000);
}
export const dismiss = (id: number) => set({ notices: state().notices.filter((one) => one.id !== id) });
/** Says something to a screen reader alone. */
export const say = (text: string) => set({ said: text });

/** Does it, and tells the agent where it was refused; the answer is null then. */
export async function tried<T>(doing: Promise<T>): Promise<T | null> {
  try {
    return await doing;
  } catch (problem) {
    notice(problem instanceof Refusal ? problem.message : String(problem), "wrong");
    return null;
  }
}

// ---- session

onSignedOut(() => void begin());

export async function begin() {
  try {
    const session = await fetched<Session>("/session");
    signedIn(session);
  } catch (problem) {
    if (problem instanceof Refusal && problem.status === 401) {
      stop();
      const out = problem.body as Partial<SignedOut>;
      set({ session: null, out: { reason: "signed_out", local: out.local ?? true, oidc: out.oidc ?? null } });
    } else {
      set({ broken: problem instanceof Error ? problem.message : String(problem) });
      setTimeout(() => void begin(), 3000);
    }
  }
}

export function signedIn(session: Session) {
  withCsrf(session.csrf);
  const role = session.user.role.toLowerCase() as Session["user"]["role"];
  set({ session: { ...session, user: { ...session.user, role } }, out: null, broken: null });
  listen(route().conversation);
  void loadCatalogue();
  void loadViews();
}

export async function signIn(email: string, password: string) {
  const answer = await ask<Session | null>("POST", "/session", { email, password });
  if (answer?.user && answer.csrf) signedIn(answer);
  else await begin();
}

export async function signOut() {
  await tried(ask("DELETE", "/session"));
  dropDrafts();
  await begin();
}

export async function setStatus(status: Status) {
  const session = state().session;
  if (!session) return;
  set({ session: { ...session, status } });
  if ((await tried(post("/me/status", { status }))) === null) set({ session });
}

export const loadCatalogue = async () => {
  const read = await tried(fetched<Partial<Catalogue>>("/canned"));
  if (read) set({ catalogue: { ...NOTHING, ...read } });
};

// ---- saved views

async function loadViews() {
  const read = await tried(fetched<{ views: SavedView[] } | SavedView[]>("/views"));
  if (read) set({ views: Array.isArray(read) ? read : (read.views ?? []) });
}
export async function saveView(view: SavedView) {
  const { name, ...rest } = view;
  if ((await tried(ask("PUT", `/views/${seg(name)}`, rest).then(() => true))) === null) return;
  await loadViews();
  notice(`View “${name}” saved.`);
}
export async function dropView(name: string) {
  if ((await tried(ask("DELETE", `/views/${seg(name)}`).then(() => true))) !== null) await loadViews();
}

// ---- the list

const FILTERS = ["q", "channel", "agent", "tag", "sla"];

export function keyOf(folder: string, query: URLSearchParams): string {
  const asked = new URLSearchParams({ folder });
  for (const name of FILTERS) {
    const value = query.get(name);
    if (value) asked.set(name, value);
  }
  return asked.toString();
}

export function show(key: string) {
  if (state().rows.key === key) return;
  set({ rows: none(key), selected: new Set(), inView: [0, 0], failed: null });
  void load(0, 0);
}

let restDue: ReturnType<typeof setTimeout> | null = null;
/** Fetches where the view comes to rest: what flies by is not asked for. */
export function inView(first: number, last: number) {
  set({ inView: [first, last] });
  if (restDue) clearTimeout(restDue);
  restDue = setTimeout(() => void load(...state().inView), 60);
}

async function load(first: number, last: number) {
  const { rows } = state();
  const offsets = wanted(rows, first, last);
  if (offsets.length === 0 || !rows.key) return;
  const asked = new Set(rows.asked);
  for (const offset of offsets) asked.add(offset);
  set({ rows: { ...rows, asked } });
  for (const offset of offsets) {
    const [top, bottom] = state().inView;
    if (bottom < offset || top >= offset + PAGE) {
      unask(rows.key, offset);
      continue;
    }
    try {
      const page = await fetched<Page>(`/conversations?${rows.key}&offset=${offset}&limit=${PAGE}`);
      const current = state().rows;
      if (current.key !== rows.key) return;
      set({ rows: withPage(current, page), failed: null });
    } catch (problem) {
      const current = state().rows;
      if (current.key !== rows.key) return;
      unask(rows.key, offset);
      set({ failed: problem instanceof Error ? problem.message : String(problem) });
    }
  }
}

function unask(key: string, offset: number) {
  const { rows } = state();
  if (rows.key !== key) return;
  const asked = new Set(rows.asked);
  asked.delete(offset);
  set({ rows: { ...rows, asked } });
}

let refreshDue: ReturnType<typeof setTimeout> | null = null;
let refreshed = 0;
/** Asks anew for what is in view, at most every two seconds however much happens. */
export function refresh(soon = 300) {
  if (refreshDue) return;
  refreshDue = setTimeout(
    () => {
      refreshDue = null;
      refreshed = Date.now();
      set({ rows: stale(state().rows) });
      void load(...state().inView);
    },
    Math.max(soon, refreshed + 2000 - Date.now()),
  );
}

export function select(id: string, on: boolean) {
  const selected = new Set(state().selected);
  if (on) selected.add(id);
  else selected.delete(id);
  set({ selected });
}
export const selectNone = () => set({ selected: new Set() });
export function selectLoaded() {
  set({ selected: new Set([...state().rows.at.values()].map((row) => row.id)) });
}

/** The conversation that stands so far from the open one in the list. */
export function neighbour(step: number): string | null {
  const { rows } = state();
  const open = route().conversation;
  const standing = [...rows.at.entries()].sort(([one], [other]) => one - other).map(([, row]) => row.id);
  if (standing.length === 0) return null;
  const index = open ? standing.indexOf(open) : -1;
  if (index < 0) return standing[step > 0 ? 0 : standing.length - 1] ?? null;
  return standing[index + step] ?? null;
}

export function openNeighbour(step: number) {
  const id = neighbour(step);
  if (id) go(inbox(route().folder, id, route().query));
  else say(step > 0 ? "This is the last conversation." : "This is the first conversation.");
}

// ---- the thread

function arrive(arrival: Arrival) {
  const thread = after(state().thread, arrival);
  if (thread !== state().thread) set({ thread });
}

/** Arrivals while a conversation is being read, applied when it stands. */
let waiting: Arrival[] | null = null;

async function open(id: string) {
  waiting ??= [];
  try {
    const conversation = await fetched<Conversation>(`/conversations/${seg(id)}`);
    if (route().conversation !== id) return;
    const known = state().thread?.id === id ? lastTurn(state().thread!) : null;
    arrive({ kind: "opened", conversation });
    seen.read(id, conversation.row.last_at);
    const first = conversation.items[0]?.turn;
    if (known !== null && first !== undefined && first > known) await fillGap(id, known, first);
    set({ absent: null });
  } catch (problem) {
    if (route().conversation === id) {
      set({ absent: problem instanceof Error ? problem.message : String(problem) });
    }
  } finally {
    if (route().conversation === id) {
      const kept = waiting ?? [];
      waiting = null;
      for (const arrival of kept) arrive(arrival);
    }
  }
}

/** While the connection was away more came to pass than one answer holds. */
async function fillGap(id: string, from: number, to: number) {
  for (let turn = from; turn < to; ) {
    const read = await fetched<{ items: Item[] }>(`/conversations/${seg(id)}/items?after=${turn}&limit=100`);
    if (read.items.length === 0 || state().thread?.id !== id) return;
    arrive({ kind: "items", items: read.items });
    turn = read.items[read.items.length - 1]!.turn;
  }
}

export async function older(): Promise<void> {
  const thread = state().thread;
  const first = thread?.items[0];
  if (!thread || !first || !thread.more) return;
  const read = await tried(
    fetched<{ items: Item[]; more?: boolean }>(`/conversations/${seg(thread.id)}/items?before=${first.turn}&limit=50`),
  );
  if (read && state().thread?.id === thread.id) {
    arrive({ kind: "older", items: read.items, more: read.more ?? read.items.length > 0 });
  }
}

export const arrivals = {
  leaves: (draft: string, text: string) =>
    arrive({ kind: "leaves", leaving: { draft, text, at: new Date().toISOString(), state: "leaving" } }),
  unanswered: (draft: string) => arrive({ kind: "unanswered", draft }),
  left: (draft: string, item: Item | null) => arrive({ kind: "left", draft, item }),
  items: (items: Item[]) => arrive({ kind: "items", items }),
};

// ---- the stream

let source: EventSource | null = null;
let again: ReturnType<typeof setTimeout> | null = null;
let impatience: ReturnType<typeof setTimeout> | null = null;
let tries = 0;

function stop() {
  source?.close();
  source = null;
  if (again) clearTimeout(again);
  if (impatience) clearTimeout(impatience);
  again = impatience = null;
}

/** Listens, with an ear for one conversation; what was missed meanwhile is read when the stream stands. */
export function listen(conversation: string | null) {
  if (!state().session) return;
  stop();
  if (state().thread?.id !== conversation) {
    set({ thread: null, absent: null });
    waiting = conversation ? [] : null;
  }
  const stream = new EventSource(`/desk/api/events${conversation ? `?conversation=${seg(conversation)}` : ""}`);
  source = stream;
  // A conversation is read once the stream stands, so that nothing falls between, but not waited for long.
  impatience = conversation ? setTimeout(() => void open(conversation), 500) : null;

  stream.onopen = () => {
    tries = 0;
    if (impatience) clearTimeout(impatience);
    impatience = null;
    set({ live: true });
    if (conversation) void open(conversation);
    void loadCounts();
    refresh();
  };
  stream.onerror = () => {
    if (source !== stream) return;
    set({ live: false });
    if (stream.readyState !== EventSource.CLOSED) return;
    // The browser has given up, as it does when a restarting server answers with an error.
    again = setTimeout(
      () => {
        void begin();
      },
      Math.min(15_000, 1000 * 2 ** tries++) * (0.75 + Math.random() / 2),
    );
  };

  const on = <T>(name: string, act: (data: T) => void) =>
    stream.addEventListener(name, (event) => {
      if (source !== stream) return;
      let data: T;
      try {
        data = JSON.parse((event as MessageEvent<string>).data) as T;
      } catch {
        return;
      }
      act(data);
    });
  const inThread = (arrival: Arrival) => {
    if (waiting) waiting.push(arrival);
    else arrive(arrival);
  };
  on<Item>("item", (item) => {
    inThread({ kind: "items", items: [item] });
    if (conversation && document.visibilityState === "visible") seen.read(conversation, item.at);
  });
  on<Row>("row", (row) => {
    set({ rows: withRow(state().rows, row) });
    if (row.id === conversation) {
      if (document.visibilityState === "visible") seen.read(row.id, row.last_at);
      inThread({ kind: "row", row });
    }
    refresh();
  });
  on<{ id: string }>("gone", ({ id }) => {
    set({ rows: without(state().rows, id) });
    refresh();
  });
  on<Counts>("counts", (counts) => set({ counts }));
  on<Gates>("gates", (gates) => inThread({ kind: "gates", gates }));
  on<{ conversation: string; viewers: Viewer[] }>("presence", (presence) => {
    if (presence.conversation === conversation) inThread({ kind: "viewers", viewers: presence.viewers });
  });
  on<OfferToMe>("offer", (offer) => {
    set({ offers: [...state().offers.filter((one) => one.handoff !== offer.handoff), offer] });
    say(`A conversation is offered to you: ${offer.row.contact.name ?? offer.row.contact.address}.`);
  });
}

async function loadCounts() {
  const counts = await tried(fetched<Counts>("/counts"));
  if (counts) set({ counts });
}

// ---- what an agent does

const named = (row: Row | undefined) => row?.contact.name ?? row?.contact.address ?? "The conversation";

export async function take(id: string) {
  const done = await tried(post<{ state: Row["state"]; agent: Row["agent"] }>(`/conversations/${seg(id)}/take`));
  const thread = state().thread;
  if (done && thread?.id === id) arrive({ kind: "row", row: { ...thread.row, state: done.state, agent: done.agent } });
  return done !== null;
}

export async function release(id: string, why = "") {
  const done = await tried(post(`/conversations/${seg(id)}/release`, { why }).then(() => true));
  if (done) notice("Given back to the queue.");
}

export async function acceptOffer(offer: OfferToMe) {
  set({ offers: state().offers.filter((one) => one !== offer) });
  const done = await tried(post(`/offers/${seg(offer.handoff)}/accept`).then(() => true));
  if (done) go(inbox("mine", offer.row.id));
}

export async function declineOffer(offer: OfferToMe) {
  set({ offers: state().offers.filter((one) => one !== offer) });
  await tried(post(`/offers/${seg(offer.handoff)}/decline`).then(() => true));
}
export const dropOffer = (offer: OfferToMe) =>
  set({ offers: state().offers.filter((one) => one.handoff !== offer.handoff) });

interface BulkAnswer {
  results?: { id: string; done?: boolean; status?: string; reason?: string; message?: string }[];
}

/** Does one thing to one conversation or to many, and says how many it was. */
export async function doTo(ids: string[], action: "assign" | "close" | "snooze" | "waiting", body: object, done: string) {
  if (ids.length === 1) {
    const row = [...state().rows.at.values()].find((one) => one.id === ids[0]) ?? state().thread?.row;
    const answered = await tried(post(`/conversations/${seg(ids[0]!)}/${action}`, body).then(() => true));
    if (answered) notice(`${named(row)}: ${done}.`);
    refresh(0);
    return answered !== null;
  }
  const answer = await tried(post<BulkAnswer>("/bulk", { ids, action, ...body }));
  if (!answer) return false;
  const refused = (answer.results ?? []).filter((one) => one.done === false || one.reason);
  if (refused.length > 0) {
    notice(
      `${ids.length - refused.length} of ${ids.length} ${done}; ${refused.length} refused (${refused[0]!.message ?? refused[0]!.reason}).`,
      "wrong",
    );
  } else notice(`${ids.length} conversations: ${done}.`);
  selectNone();
  refresh(0);
  return true;
}

export const openDialog = (dialog: Dialog | null) => set({ dialog });
export const toggleContext = (open = !state().contextOpen) => set({ contextOpen: open });
export const toggleMenu = (open = !state().menuOpen) => set({ menuOpen: open });
export const reads = () => state().session?.user.role === "auditor";
export const leads = () => ["lead", "admin"].includes(state().session?.user.role ?? "");
