// A stand-in for Parley's desk API, for development: keeps state in memory, speaks the same contract, and serves
// the built app under Parley's content security policy. Never shipped.
//   node dev/server.mjs [--rows=300] [--port=4600] [--quiet]   sign in: ada@shop.example (admin), sam@, kim@ (agent),
//   lea@ (lead), rue@ (auditor); the password is "password". --quiet: nothing happens by itself.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { extname } from "node:path";

const option = (name, otherwise) => {
  const found = process.argv.find((argument) => argument.startsWith(`--${name}`));
  return found ? (found.split("=")[1] ?? true) : otherwise;
};
const ROWS = Number(option("rows", 300));
const PORT = Number(option("port", 4600));
const QUIET = Boolean(option("quiet", false));
const APP = new URL("../target/classes/desk/", import.meta.url);
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; " +
  "connect-src 'self'; font-src 'self'; media-src 'self' https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

let seed = 7;
const random = () => ((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648);
const pick = (list) => list[Math.floor(random() * list.length)];
const now = () => Date.now();
const iso = (at) => new Date(at).toISOString();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const users = [
  ["ada", "Ada Brandt", "admin", []],
  ["sam", "Sam Okafor", "agent", []],
  ["kim", "Kim Larsen", "agent", ["care", "returns"]],
  ["lea", "Lea Moreau", "lead", []],
  ["rue", "Rue Tanaka", "auditor", []],
].map(([id, name, role, topics]) => ({
  id, name, email: `${id}@shop.example`, role, topics, active: true, status: id === "sam" ? "away" : "online",
}));
const sessions = new Map();
const invites = new Map([["welcome", { name: "Noa Weiss", email: "noa@shop.example", role: "agent" }]]);
const views = new Map();
const notes = [];
const audit = [];
const TOPICS = ["care", "sizing", "returns", "orders", "general"];
const REASONS = ["widget", "tag:human_agent", "tag:complaint", "untagged"];
const FIRST = ["Mira", "Jonas", "Aylin", "Tomasz", "Priya", "Luca", "Noémie", "Diego", "Freya", "Hugo", "Ines", "Omar", "Yuki", "Petra", "Sean"];
const LAST = ["Novak", "Berg", "Yilmaz", "Kowalski", "Nair", "Rossi", "Laurent", "Vega", "Lindqvist", "Faber", "Costa", "Haddad", "Mori", "Horvat", "Walsh"];
const SAYS = [
  "Does the linen jacket run small? I am between M and L",
  "I just want to talk to someone please",
  "the code did not work at checkout :(",
  "Can I change the delivery address? It still says processing",
  "Where is my parcel, it was promised for yesterday",
  "ok thanks, and do you ship to Norway?",
  "This is the third time I ask. Please have a person call me.",
  "👍",
  "I'd take the blue one if shipping was free",
  "Is the return free if it does not fit?",
];
const TAGS = ["price", "shipping_cost", "sizing", "human_agent", "complaint", "delivery_time", "not_now", "question"];
const PRODUCTS = [
  ["Linen jacket, sand, M", 129.0], ["Merino socks, three pairs", 24.5], ["Canvas weekender", 189.0], ["Oxford shirt, blue, L", 79.0],
];
const WIDGETS = [
  ["Trigger", "trigger", 0, 0], ["ask_help", "send-and-wait-for-reply", 0, 120], ["what_is_it", "split-based-on", 0, 240],
  ["offer_code", "parley.gate-offer", -240, 360], ["answer_size", "send-message", 0, 360], ["to_agent", "parley.handoff", 240, 360],
  ["bought", "parley.wait-for-event", -240, 480], ["thanks", "send-message", -60, 600], ["survey", "send-and-wait-for-reply", 240, 480],
];
const EDGES = [
  ["Trigger", "incomingRequest", "ask_help", 8420], ["ask_help", "incomingMessage", "what_is_it", 3310],
  ["ask_help", "timeout", "thanks", 4630], ["what_is_it", "price", "offer_code", 1210], ["what_is_it", "sizing", "answer_size", 940],
  ["what_is_it", "human_agent", "to_agent", 420], ["offer_code", "granted", "bought", 1090], ["bought", "purchase", "thanks", 402],
  ["answer_size", "sent", "bought", 900], ["to_agent", "callComplete", "survey", 380],
];

const conversations = [];
const byId = new Map();
const started = now();
function make(index) {
  const name = random() < 0.85 ? `${pick(FIRST)} ${pick(LAST)}` : null;
  const channel = random() < 0.6 ? "sms" : "whatsapp";
  const state = index < 14 ? (index % 2 ? "agent" : "queued") : pick(["queued", "queued", "agent", "agent", "closed", "bot", "bot", "external"]);
  const minutes = index < 60 ? 1 + index * 3 : Math.floor(index * 2.4);
  const last = started - minutes * MINUTE;
  const agent = state === "agent" ? (index < 14 ? users[0] : pick(users.slice(0, 4))) : null;
  const left = (random() * 50 - 9) * MINUTE;
  const open = state === "queued" || state === "agent";
  const says = index === 3 ? SAYS[2] : pick(SAYS);
  return {
    id: `cv_${String(index).padStart(6, "0")}`,
    handoff: state === "bot" ? null : `ho_${index}`,
    contact: { address: `+1555${String(1000000 + index * 37).slice(-7)}`, name, external_id: random() < 0.8 ? `cust-${4000 + index}` : null },
    channel,
    topic: state === "bot" ? null : pick(TOPICS),
    skills: random() < 0.2 ? ["german"] : [],
    priority: random() < 0.1 ? 1 : 0,
    state,
    agent: agent && { id: agent.id, name: agent.name },
    offered_to: null,
    reason: state === "bot" ? null : pick(REASONS),
    opened_at: iso(last - 20 * MINUTE),
    last_at: iso(last),
    snippet: says,
    sla: open ? { kind: agent ? "next" : "first", due_at: iso(started + left), state: left < 0 ? "breached" : left < 8 * MINUTE ? "warned" : "ok" } : null,
    snoozed_until: open && index > 14 && random() < 0.1 ? iso(started + 5 * HOUR) : null,
    waiting_for_customer: open && random() < 0.15,
    callback: null,
    tags: random() < 0.5 ? [pick(TAGS)] : [],
    flow: "abandoned_cart",
  };
}
for (let index = 0; index < ROWS; index++) {
  const row = make(index);
  conversations.push(row);
  byId.set(row.id, row);
}

// The journal of a conversation is made when somebody first looks.
const journals = new Map();
function journal(row) {
  if (journals.has(row.id)) return journals.get(row.id);
  const kept = { items: [], turn: 0, drafts: new Map(), viewers: new Map(), blocks: [], windowEnds: now() + (row.id.endsWith("3") ? -HOUR : 3.4 * HOUR) };
  journals.set(row.id, kept);
  const begin = Date.parse(row.last_at) - 70 * MINUTE;
  const said = (by, text, more = {}) => add(row, { by, text, ...more }, begin + kept.turn * 2 * MINUTE);
  said("system", "abandoned_cart began: the cart was left for 45 minutes", { kind: "event" });
  if (row.id === "cv_000001") for (let index = 0; index < 60; index++) {
    said("bot", `Earlier message ${index + 1}: still thinking about the linen jacket?`, { status: "read" });
    said("contact", index % 3 ? "not yet" : "maybe, let me see what my friend says about the colour first and I will come back to you", { tags: [{ name: "not_now", score: 0.71 }] });
  }
  said("bot", `Hi ${row.contact.name?.split(" ")[0] ?? "there"}, you left a linen jacket in your cart. Anything that we can help with? Reply STOP to opt out.`, { status: "delivered" });
  said("contact", "is it the same as the one in the photo? I like this one", { tags: [{ name: "question", score: 0.83 }, { name: "sizing", score: 0.31 }], media: [{ url: "/desk/dev/photo.svg", type: "image/svg+xml" }] });
  said("bot", "It is! Medium fits most who wear 48 to 50.", { status: row.id.endsWith("5") ? "failed" : "read", error: row.id.endsWith("5") ? { code: 30003, words: "The phone could not be reached: it is off or out of coverage." } : null });
  said("contact", row.snippet, { tags: [{ name: pick(TAGS), score: 0.94 }, { name: "human_agent", score: 0.62 }] });
  if (row.state !== "bot") said("system", `Handed over: ${row.reason}`, { kind: "event" });
  if (row.agent) {
    said("system", `${row.agent.name} took the conversation`, { kind: "event" });
    said("agent", "Hello, I am a person. Let me look that up for you.", { agent: row.agent, status: "delivered" });
    said("agent", "Bought twice before, always pays express. Be generous.", { kind: "note", agent: row.agent });
    said("contact", row.snippet, { tags: [] });
  }
  return kept;
}
function add(row, item, at = now()) {
  const kept = journals.get(row.id);
  kept.turn += 1;
  const whole = {
    id: `${kept.turn}:0`, turn: kept.turn, at: iso(at), kind: "message", by: "system", agent: null, text: "", media: [],
    status: item.by === "contact" ? "received" : null, error: null, tags: [], template: null, ...item,
  };
  kept.items.push(whole);
  return whole;
}
function gates(row) {
  const kept = journal(row);
  const whatsapp = row.channel === "whatsapp";
  const shut = whatsapp && kept.windowEnds < now();
  const blocks = [...kept.blocks];
  if (row.id.endsWith("7")) blocks.push({ reason: "opted_out", message: "Opted out of texts on 3 March by STOP.", until: null });
  else if (row.id.endsWith("9")) blocks.push({ reason: "quiet_hours", message: "It is 22:40 where the customer is.", until: iso(now() + 9.3 * HOUR) });
  return { channel: row.channel, may_write: blocks.length === 0 && row.state !== "closed", blocks, window_ends_at: whatsapp ? iso(kept.windowEnds) : null, template_only: shut, max_length: whatsapp ? 4096 : 1600 };
}
function context(row) {
  return {
    person: { first_name: row.contact.name?.split(" ")[0], email: "mira@example.com", city: "Graz", orders: 3, lifetime_value: "412.50 EUR", language: "en" },
    external_id: row.contact.external_id,
    cart: { items: PRODUCTS.slice(0, 2).map(([name, price]) => ({ name, quantity: 1, price, image_url: "/desk/dev/photo.svg", url: "https://shop.example/p/1" })), total: 153.5, currency: "EUR", url: "https://shop.example/cart/9f2", at: iso(Date.parse(row.last_at) - HOUR) },
    friction: { score: 2, count: 2, tags: ["price", "shipping_cost"] },
    offers: [{ offer: "ten_off", value: "10 %", code: "COME-7Q2K", state: "granted", at: iso(Date.parse(row.last_at) - 50 * MINUTE), expires_at: iso(now() + 26 * HOUR) }],
    consent: [{ channel: "sms", programme: "marketing", granted: !row.id.endsWith("7"), at: iso(started - 900 * HOUR), source: "checkout" }, { channel: "whatsapp", programme: "care", granted: true, at: iso(started - 400 * HOUR), source: "keyword JOIN" }],
    sla: row.sla && { first_due: row.agent ? null : row.sla.due_at, next_due: row.agent ? row.sla.due_at : null, resolution_due: iso(started + 7 * HOUR), first_reply_at: row.agent ? iso(started - 9 * MINUTE) : null, state: row.sla.state },
    hours: { quiet_until: null, local_time: "14:12" },
    handed_over: null,
    history: [{ flow: "welcome", started_at: iso(started - 800 * HOUR), ended_at: iso(started - 799 * HOUR), result: "finished" }, { flow: "abandoned_cart", started_at: row.opened_at, ended_at: null, result: null }],
    flow: { name: "abandoned_cart", revision: 12, at: row.state === "bot" ? "ask_help" : "to_agent", path: [{ widget: "Trigger", event: "incomingRequest", next: "ask_help" }, { widget: "ask_help", event: "incomingMessage", next: "what_is_it" }, { widget: "what_is_it", event: "human_agent", next: "to_agent" }] },
  };
}
const viewersOf = (row) => [...journal(row).viewers.values()];

function inFolder(row, folder, me) {
  const open = row.state === "queued" || row.state === "agent" || row.state === "external";
  const awake = open && !row.snoozed_until;
  if (folder.startsWith("topic:")) return awake && row.topic === folder.slice(6);
  switch (folder) {
    case "mine": return awake && row.agent?.id === me.id;
    case "unassigned": return awake && row.state === "queued";
    case "all": return open;
    case "snoozed": return open && Boolean(row.snoozed_until);
    case "closed": return row.state === "closed";
    case "bot": return row.state === "bot";
    default: return false;
  }
}
function listed(query, me) {
  const q = (query.get("q") ?? "").toLowerCase();
  return conversations.filter((row) => inFolder(row, query.get("folder") ?? "all", me) &&
    (!query.get("channel") || row.channel === query.get("channel")) &&
    (!query.get("agent") || row.agent?.id === query.get("agent")) &&
    (!query.get("tag") || row.tags.includes(query.get("tag"))) &&
    (!query.get("sla") || row.sla?.state === query.get("sla")) &&
    (!q || [row.contact.name, row.contact.address, row.contact.external_id, row.id, row.snippet].some((one) => one?.toLowerCase().includes(q))));
}
function counts(me) {
  const all = { mine: 0, unassigned: 0, all: 0, snoozed: 0, closed: 0, bot: 0, topics: {} };
  for (const topic of TOPICS) all.topics[topic] = 0;
  for (const row of conversations) {
    for (const folder of ["mine", "unassigned", "all", "snoozed", "closed", "bot"]) if (inFolder(row, folder, me)) all[folder] += 1;
    if (row.topic && inFolder(row, `topic:${row.topic}`, me)) all.topics[row.topic] += 1;
  }
  return all;
}

// Everybody who listens: {user, conversation, response}.
const listeners = new Set();
const tell = (to, event, data, id) => to.response.write(`${id ? `id: ${id}\n` : ""}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
function tellAll(event, data, only = () => true, id) {
  for (const to of listeners) if (only(to)) tell(to, event, data, id);
}
function tellItem(row, item) {
  tellAll("item", item, (to) => to.conversation === row.id, `${row.id}:${journal(row).turn}`);
}
function changed(row) {
  tellAll("row", row);
  for (const to of listeners) {
    if (to.conversation === row.id) tell(to, "gates", gates(row));
    tell(to, "counts", counts(to.user));
  }
}
function presence(row) {
  tellAll("presence", { conversation: row.id, viewers: viewersOf(row) }, (to) => to.conversation === row.id);
}
function event(row, text) {
  journal(row);
  tellItem(row, add(row, { kind: "event", by: "system", text }));
}
function take(row, user) {
  if (row.state === "agent" && row.agent.id === user.id) return true;
  if (row.state === "agent" || row.state === "external") return false;
  row.handoff ??= `ho_${row.id}`;
  row.state = "agent";
  row.agent = { id: user.id, name: user.name };
  row.reason ??= "taken";
  row.offered_to = null;
  row.sla = { kind: "next", due_at: iso(now() + 15 * MINUTE), state: "ok" };
  event(row, `${user.name} took the conversation; the bot has stopped`);
  changed(row);
  return true;
}
function say(row, user, { draft, text, template, media }) {
  const filled = template
    ? Object.entries(template.variables ?? {}).reduce((body, [name, value]) => body.replaceAll(`{{${name}}}`, value), TEMPLATES.find((one) => one.sid === template.sid).text)
    : text;
  const item = add(row, { by: "agent", draft, agent: { id: user.id, name: user.name }, text: filled, status: "waiting", template: template?.sid ?? null, media: (media ?? []).map((url) => ({ url, type: null })) });
  Object.assign(row, { last_at: item.at, snippet: filled, waiting_for_customer: true });
  tellItem(row, item);
  changed(row);
  for (const [status, after] of [["sent", 400], ["delivered", 1200], ["read", 4000]]) setTimeout(() => {
    item.status = status;
    journal(row).turn += 1;
    tellItem(row, item);
  }, after).unref();
  if (!QUIET) setTimeout(() => hear(row, pick(SAYS)), 6000).unref();
  return item;
}
function hear(row, text) {
  journal(row);
  const item = add(row, { by: "contact", text, tags: [{ name: pick(TAGS), score: Math.round(random() * 100) / 100 }] });
  Object.assign(row, { last_at: item.at, snippet: text, waiting_for_customer: false });
  tellItem(row, item);
  changed(row);
}
const TEMPLATES = [
  { sid: "HX01", name: "still_there", text: "Hi {{1}}, we have an answer about {{2}}. Reply to carry on.", language: "en", variables: ["1", "2"] },
  { sid: "HX02", name: "order_update", text: "Hello {{1}}, there is news about your order {{2}}.", language: "en", variables: ["1", "2"] },
];
const FLOWS = ["abandoned_cart", "welcome", "survey"];
const deadLetters = [
  { id: "dl_1", kind: "twilio.incoming", at: iso(started - 3 * HOUR), reason: "conversation_busy", message: "The conversation did not answer in eight tries.", conversation: "cv_000004", tries: 8 },
  { id: "dl_2", kind: "customerio.trigger", at: iso(started - 30 * HOUR), reason: "unreadable", message: "The stored row cannot be read: $.cart.total is neither a number nor absent.", conversation: null, tries: 8 },
];

const answer = (response, status, body, headers = {}) => {
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers });
  response.end(body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body));
};
const refuse = (response, status, reason, message, more = {}) => answer(response, status, { status: "error", reason, message, ...more });
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".txt": "text/plain" };

async function app(path, response) {
  const asset = path.startsWith("/desk/assets/");
  try {
    const file = asset ? path.slice("/desk/".length) : "index.html";
    const body = await readFile(new URL(file, APP));
    response.writeHead(200, {
      "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
      "Cache-Control": asset ? "public, max-age=31536000, immutable" : "no-cache",
      "Content-Security-Policy": CSP,
    });
    response.end(body);
  } catch {
    response.writeHead(404).end("Build the app first: npm run build");
  }
}

const PHOTO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 180"><rect width="240" height="180" fill="#d9cfbd"/><path d="M85 40l35 15 35-15 30 25-15 30-12-6v60H82V89l-12 6-15-30z" fill="#b59f7a" stroke="#6f5f42" stroke-width="3"/></svg>`;

createServer(async (request, response) => {
  const url = new URL(request.url, "http://desk");
  const path = decodeURIComponent(url.pathname);
  const query = url.searchParams;
  let body = {};
  if (request.method !== "GET") {
    let text = "";
    for await (const chunk of request) text += chunk;
    body = text ? JSON.parse(text) : {};
  }
  if (path === "/desk/dev/photo.svg") return response.writeHead(200, { "Content-Type": "image/svg+xml" }).end(PHOTO);
  if (path === "/desk/dev/hear") return hear(byId.get(query.get("id")), query.get("text")), answer(response, 200, {});
  if (path === "/desk/dev/offer") {
    const row = conversations.find((one) => one.state === "queued" && !one.snoozed_until);
    const user = users.find((one) => one.id === query.get("to"));
    row.offered_to = user.id;
    tellAll("offer", { handoff: row.handoff, row, expires_at: iso(now() + 30_000) }, (to) => to.user === user);
    return answer(response, 200, row);
  }
  if (path === "/desk/dev/type") {
    const row = byId.get(query.get("id"));
    journal(row).viewers.set("sam", { id: "sam", name: "Sam Okafor", typing: query.get("typing") !== "no" });
    presence(row);
    return answer(response, 200, {});
  }
  if (path === "/desk/dev/cut") {
    for (const to of listeners) to.response.destroy();
    return answer(response, 200, {});
  }
  if (!path.startsWith("/desk/api/")) return app(path, response);

  const cookie = /desk=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
  const session = sessions.get(cookie);
  const user = session?.user;
  const route = path.slice("/desk/api".length);
  const asked = `${request.method} ${route}`;
  const parts = route.split("/").slice(1);
  if (asked === "POST /session") {
    const found = users.find((one) => one.email === body.email && one.active);
    if (!found || body.password !== "password") return refuse(response, 401, "wrong_password", "This address and password do not go together.");
    const id = randomUUID();
    sessions.set(id, { user: found, csrf: randomUUID() });
    return answer(response, 200, { user: found, csrf: sessions.get(id).csrf, status: found.status }, { "Set-Cookie": `desk=${id}; HttpOnly; SameSite=Lax; Path=/desk` });
  }
  if (parts[0] === "invites" && parts[1]) {
    const invite = invites.get(parts[1]);
    if (!invite) return refuse(response, 404, "invite_gone", "This invitation was used or has run out. Ask an admin for another.");
    if (request.method === "GET") return answer(response, 200, invite);
    users.push({ id: body.email.split("@")[0], name: body.name, email: body.email, role: invite.role ?? "agent", topics: [], active: true, status: "online" });
    invites.delete(parts[1]);
    const id = randomUUID();
    sessions.set(id, { user: users.at(-1), csrf: randomUUID() });
    return answer(response, 200, { user: users.at(-1), csrf: sessions.get(id).csrf, status: "online" }, { "Set-Cookie": `desk=${id}; HttpOnly; SameSite=Lax; Path=/desk` });
  }
  if (!session) return answer(response, 401, { status: "error", reason: "signed_out", local: true, oidc: { name: "Shop SSO" } });
  if (request.method !== "GET" && request.headers["x-csrf"] !== session.csrf) return refuse(response, 403, "csrf", "The page is out of date: load it again.");
  if (user.role === "auditor" && request.method !== "GET" && parts[0] !== "session") return refuse(response, 403, "not_allowed", "Auditors read and change nothing.");

  if (asked === "GET /session") return answer(response, 200, { user, csrf: session.csrf, status: user.status });
  if (asked === "DELETE /session") return sessions.delete(cookie), answer(response, 204);
  if (asked === "GET /counts") return answer(response, 200, counts(user));
  if (asked === "POST /me/status") {
    user.status = body.status;
    return answer(response, 200, { status: user.status });
  }
  if (asked === "GET /canned") return answer(response, 200, {
    canned: [
      { name: "hello", text: "Hi {{first_name}}, this is {{agent}}. How can I help?" },
      { name: "size-guide", text: "Between two sizes we advise the larger one; the return is free: https://shop.example/sizes" },
      { name: "shipping-norway", text: "We ship to Norway in 4 to 6 days, duties are included." },
      { name: "cart", text: "Your cart is kept for you here: {{cart_url}}" },
      { name: "bye", text: "Anything else, {{first_name}}? Otherwise have a good day. {{agent_first_name}}" },
    ],
    dispositions: ["answered", "order_placed", "refund", "wrong_number", "spam"],
    templates: TEMPLATES, topics: TOPICS, flows: FLOWS,
    agents: users.filter((one) => one.role !== "auditor").map((one) => ({ id: one.id, name: one.name, status: one.status, load: conversations.filter((row) => row.agent?.id === one.id).length % 6, capacity: 5 })),
  });
  if (asked === "GET /conversations") {
    const rows = listed(query, user);
    const offset = Number(query.get("offset") ?? 0);
    return answer(response, 200, { rows: rows.slice(offset, offset + Number(query.get("limit") ?? 100)), total: rows.length, offset });
  }
  if (parts[0] === "views") {
    const mine = views.get(user.id) ?? new Map();
    views.set(user.id, mine);
    if (request.method === "GET") return answer(response, 200, { views: [...mine.values()] });
    if (request.method === "PUT") mine.set(parts[1], { name: parts[1], ...body });
    else mine.delete(parts[1]);
    return answer(response, 200, { views: [...mine.values()] });
  }
  if (asked === "GET /events") {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write("retry: 1000\n\n");
    const to = { user, conversation: query.get("conversation"), response };
    listeners.add(to);
    const row = byId.get(to.conversation);
    if (row) {
      const kept = journal(row);
      const [, turn] = /:(\d+)$/.exec(request.headers["last-event-id"] ?? "") ?? [];
      if (turn) for (const item of kept.items) if (item.turn > Number(turn)) tell(to, "item", item, `${row.id}:${item.turn}`);
      kept.viewers.set(user.id, { id: user.id, name: user.name, typing: false });
      presence(row);
    }
    const ping = setInterval(() => response.write("event: ping\ndata: {}\n\n"), 15_000);
    response.on("close", () => {
      clearInterval(ping);
      listeners.delete(to);
      if (row) journal(row).viewers.delete(user.id), presence(row);
    });
    return;
  }
  if (parts[0] === "offers") {
    const row = conversations.find((one) => one.handoff === parts[1]);
    if (parts[2] === "accept" && !take(row, user)) return refuse(response, 409, "already_taken", `${row.agent.name} has taken it.`, { agent: row.agent });
    row.offered_to = null;
    return answer(response, 200, { state: row.state, agent: row.agent });
  }
  if (asked === "POST /bulk") {
    return answer(response, 200, { results: body.ids.map((id) => {
      const row = byId.get(id);
      if (!row || row.state === "closed") return { id, done: false, reason: "closed" };
      act(row, user, body.action, body);
      return { id, done: true };
    }) });
  }
  if (asked === "GET /board") return answer(response, 200, {
    queue: TOPICS.map((topic, index) => ({ topic, waiting: conversations.filter((row) => row.topic === topic && row.state === "queued").length, oldest_at: iso(now() - (index * 7 + 2) * MINUTE), in_hours: index !== 2 })),
    agents: users.filter((one) => one.role !== "auditor").map((one, index) => ({ id: one.id, name: one.name, status: one.status, load: [4, 0, 3, 1][index] ?? 0, capacity: 5, open: [6, 0, 3, 1][index] ?? 0 })),
    sla: { ok: 41, warned: 6, breached: 3 },
    today: { opened: 87, closed: 64, median_wait_seconds: 48, median_first_reply_seconds: 131 },
  });
  if (asked === "GET /dead-letters") return answer(response, 200, { letters: deadLetters, total: deadLetters.length });
  if (parts[0] === "dead-letters") {
    deadLetters.splice(deadLetters.findIndex((one) => one.id === parts[1]), 1);
    return answer(response, 200, {});
  }
  if (asked === "GET /flows") return answer(response, 200, { flows: FLOWS.map((name) => ({ name, revision: 12 })) });
  if (parts[0] === "flows") return answer(response, 200, {
    name: parts[1], revision: 12, widgets: WIDGETS.map(([name, type, x, y]) => ({ name, type, x, y })),
    edges: EDGES.map(([from, on, to, count]) => ({ from, event: on, to, count })),
    reached: Object.fromEntries(WIDGETS.map(([name]) => [name, name === "Trigger" ? 8420 : EDGES.filter((edge) => edge[2] === name).reduce((sum, edge) => sum + edge[3], 0)])),
    left: { ask_help: 480, what_is_it: 740, offer_code: 120, bought: 1588, thanks: 5032 },
  });
  if (asked === "GET /users") return answer(response, 200, { users });
  if (asked === "POST /users" || asked === "POST /invites") {
    const token = randomUUID();
    invites.set(token, body);
    return answer(response, 200, { invite: { ...body, url: `/desk/invite/${token}`, expires_at: iso(now() + 72 * HOUR) } });
  }
  if (parts[0] === "users") {
    const one = users.find((found) => found.id === parts[1]);
    if (request.method === "PATCH") Object.assign(one, body);
    return answer(response, 200, one);
  }
  if (asked.startsWith("GET /audit")) return answer(response, 200, { entries: audit.filter((one) => !query.get("conversation") || one.conversation === query.get("conversation")).slice(-200).reverse() });
  if (asked.startsWith("GET /transcripts")) {
    response.writeHead(200, { "Content-Type": "application/x-ndjson", "Content-Disposition": "attachment; filename=transcripts.ndjson" });
    return response.end(conversations.slice(0, 20).map((row) => JSON.stringify({ conversation: row.id, items: journal(row).items })).join("\n"));
  }
  if (parts[0] !== "conversations" || !byId.has(parts[1])) return refuse(response, 404, "unknown", "This conversation is not here.");

  const row = byId.get(parts[1]);
  const kept = journal(row);
  const act2 = parts[2];
  audit.push({ id: audit.length, at: iso(now()), user: { id: user.id, name: user.name }, action: act2 ?? "read", conversation: row.id, detail: request.method === "GET" ? null : body });
  if (request.method === "GET") {
    const limit = Number(query.get("limit") ?? 50);
    if (!act2) return answer(response, 200, { row, thread: { ours: "+15550199", theirs: row.contact.address, channel: row.channel }, turn: kept.turn, items: kept.items.slice(-50), more: kept.items.length > 50, gates: gates(row), context: context(row), viewers: viewersOf(row) });
    if (act2 === "items") {
      const found = query.has("before") ? kept.items.filter((item) => item.turn < Number(query.get("before"))).slice(-limit) : kept.items.filter((item) => item.turn > Number(query.get("after"))).slice(0, limit);
      return setTimeout(() => answer(response, 200, { items: found, more: query.has("before") ? found.length > 0 && found[0].turn > kept.items[0].turn : false }), 150);
    }
    if (act2 === "timeline") return answer(response, 200, { turns: kept.items.map((item) => ({ number: item.turn, at: item.at, words: item.by === "contact" ? `a reply: ${item.text}` : item.text, path: item.by === "contact" ? [{ widget: "what_is_it", event: "human_agent", next: "to_agent", reasons: [`tag ${item.tags[0]?.name} scored ${item.tags[0]?.score}`] }] : [], effect_words: item.by === "bot" ? ["a message was sent"] : [] })) });
    if (act2 === "transcript") {
      response.writeHead(200, { "Content-Type": query.get("format") === "json" ? "application/json" : "text/plain; charset=utf-8", "Content-Disposition": `attachment; filename=${row.id}.${query.get("format") === "json" ? "json" : "txt"}` });
      return response.end(query.get("format") === "json" ? JSON.stringify(kept.items) : kept.items.map((item) => `${item.at} ${item.by}: ${item.text}`).join("\n"));
    }
  }
  if (act2 === "typing") {
    if (body.typing && (row.state === "bot" || row.state === "queued")) take(row, user);
    else if (body.typing && row.agent?.id !== user.id) return refuse(response, 409, "already_taken", `${row.agent?.name ?? "Another system"} holds this conversation.`, { agent: row.agent });
    kept.viewers.set(user.id, { id: user.id, name: user.name, typing: body.typing });
    presence(row);
    return answer(response, 200, {});
  }
  if (act2 === "messages") {
    if (kept.drafts.has(body.draft)) return answer(response, ...kept.drafts.get(body.draft));
    const reply = () => {
      if (row.state !== "agent" || row.agent.id !== user.id) return [409, { status: "error", reason: "not_yours", message: "You do not hold this conversation." }];
      const state = gates(row);
      const block = state.blocks[0];
      if (block && !(block.reason === "quiet_hours" && body.when_open)) return [409, { status: "error", ...block }];
      if (state.template_only && !body.template) return [409, { status: "error", reason: "window_shut", message: "WhatsApp's 24 hours are over: only a template may be sent." }];
      if (/\bCODE-/.test(body.text ?? "")) return [409, { status: "error", reason: "offer_not_granted", message: "The gate has granted no such code to this customer." }];
      return [200, { item: say(row, user, body) }];
    };
    kept.drafts.set(body.draft, reply());
    return answer(response, ...kept.drafts.get(body.draft));
  }
  if (act2 === "notes") {
    const item = add(row, { kind: "note", by: "agent", agent: { id: user.id, name: user.name }, text: body.text });
    tellItem(row, item);
    return answer(response, 200, { item });
  }
  if (act2 === "take" && !take(row, user)) return refuse(response, 409, "already_taken", `${row.agent?.name ?? "Another system"} holds this conversation.`, { agent: row.agent });
  if (act2 !== "take") act(row, user, act2, body);
  return answer(response, 200, { state: row.state, agent: row.agent });
}).listen(PORT, "127.0.0.1", () => console.log(`http://127.0.0.1:${PORT}/desk/ with ${ROWS} conversations`));

function act(row, user, action, body) {
  journal(row);
  if (action === "release") {
    Object.assign(row, { state: "queued", agent: null });
    event(row, `${user.name} gave the conversation back to the queue`);
  } else if (action === "assign") {
    const agent = users.find((one) => one.id === body.agent);
    if (agent) Object.assign(row, { state: "agent", agent: { id: agent.id, name: agent.name } });
    else Object.assign(row, { state: "queued", agent: null, topic: body.topic });
    event(row, agent ? `${user.name} gave the conversation to ${agent.name}` : `${user.name} moved the conversation to ${body.topic}`);
  } else if (action === "waiting") {
    row.waiting_for_customer = body.waiting;
  } else if (action === "snooze") {
    row.snoozed_until = body.until;
    event(row, body.until ? `${user.name} snoozed the conversation` : `${user.name} woke the conversation`);
  } else if (action === "close") {
    Object.assign(row, { state: "closed", agent: null, sla: null });
    event(row, `${user.name} closed the conversation: ${body.disposition}`);
  }
  changed(row);
}

if (!QUIET) setInterval(() => {
  const row = pick(conversations.slice(0, 12));
  if (row.state !== "closed") hear(row, pick(SAYS));
}, 7000);
