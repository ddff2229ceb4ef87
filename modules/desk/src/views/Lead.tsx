import { lazy, Suspense, useCallback, useEffect, useState, type FormEvent, type ReactNode } from "react";
import {
  ask,
  get,
  nameOf,
  post,
  Refusal,
  seg,
  titleOf,
  words,
  type AuditEntry,
  type Board,
  type DeadLetter,
  type FlowTraffic,
  type Role,
  type User,
} from "../api";
import { useNow } from "../lib/now";
import { inbox, useRoute } from "../lib/route";
import { ago, lasting, moment } from "../lib/time";
import { came } from "../lib/traffic";
import { Avatar, Empty, Link } from "../parts/Bits";
import { Icon } from "../parts/Icon";
import { notice, toggleMenu, tried, useDesk } from "../state";
import "../styles/lead.css";

const FlowMap = lazy(() => import("./FlowMap"));

const TITLES: Record<string, string> = {
  board: "Board",
  flows: "Flows",
  "dead-letters": "Dead letters",
  transcripts: "Transcripts",
  users: "Users",
  audit: "Audit",
};

export default function Lead() {
  const { view, name } = useRoute();
  useEffect(() => {
    document.title = `${TITLES[view]} · Parley desk`;
  }, [view]);
  return (
    <main id="main" className="pane lead" aria-labelledby="lead-title">
      <header className="pane-head">
        <button type="button" className="ghost square only-narrow" aria-label="Open menu" onClick={() => toggleMenu(true)}>
          <Icon name="menu" />
        </button>
        <h1 id="lead-title">{TITLES[view]}</h1>
      </header>
      <div className="lead-scroll" tabIndex={0} role="group" aria-labelledby="lead-title">
        {view === "board" && <BoardView />}
        {view === "flows" && <FlowsView name={name} />}
        {view === "dead-letters" && <DeadLettersView />}
        {view === "transcripts" && <TranscriptsView />}
        {view === "users" && <UsersView />}
        {view === "audit" && <AuditView />}
      </div>
    </main>
  );
}

/** Reads, again every so often where that is asked for, and keeps what stood while it reads. */
function useRead<T>(path: string | null, everySeconds = 0): { read: T | null; wrong: string | null; again: () => void } {
  const [read, setRead] = useState<T | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const again = useCallback(() => {
    if (!path) return;
    get<T>(path).then(
      (answer) => {
        setRead(answer);
        setWrong(null);
      },
      (problem: unknown) => setWrong(problem instanceof Refusal ? problem.message : String(problem)),
    );
  }, [path]);
  useEffect(() => {
    setRead(null);
    again();
    if (!everySeconds) return;
    const due = setInterval(() => document.visibilityState === "visible" && again(), everySeconds * 1000);
    return () => clearInterval(due);
  }, [again, everySeconds]);
  return { read, wrong, again };
}

function Reading({ wrong, children }: { wrong: string | null; children?: ReactNode }) {
  return wrong ? <Empty title="This cannot be shown">{wrong}</Empty> : <p role="status">{children ?? "Loading…"}</p>;
}

function BoardView() {
  const { read, wrong } = useRead<Board>("/board", 5);
  const now = useNow(1);
  if (!read) return <Reading wrong={wrong} />;
  const { sla, today } = read;
  const all = sla.ok + sla.warned + sla.breached;
  const waiting = read.queue.reduce((sum, topic) => sum + topic.waiting, 0);
  const tile = (label: string, value: ReactNode, kind = "") => (
    <div className={`tile ${kind}`}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
  return (
    <div className="board">
      <dl className="tiles">
        {tile("Waiting now", waiting.toLocaleString())}
        {tile("Median wait today", lasting(today.median_wait_seconds))}
        {tile("Median first reply today", lasting(today.median_first_reply_seconds))}
        {tile("Opened today", today.opened.toLocaleString())}
        {tile("Closed today", today.closed.toLocaleString())}
      </dl>
      <section aria-labelledby="sla-title">
        <h2 id="sla-title">Promises</h2>
        <p className="sla-words">
          <span className="sla-part-ok">{sla.ok} in time</span>
          <span className="sla-part-warned">{sla.warned} due soon</span>
          <span className="sla-part-breached">{sla.breached} overdue</span>
        </p>
        <svg className="sla-bar" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">
          <rect className="fill-ok" x="0" width={all ? (sla.ok / all) * 100 : 100} height="2" />
          <rect className="fill-warned" x={all ? (sla.ok / all) * 100 : 0} width={all ? (sla.warned / all) * 100 : 0} height="2" />
          <rect className="fill-breached" x={all ? ((sla.ok + sla.warned) / all) * 100 : 0} width={all ? (sla.breached / all) * 100 : 0} height="2" />
        </svg>
      </section>
      <div className="board-halves">
        <section aria-labelledby="queue-title">
          <h2 id="queue-title">Queue</h2>
          <table>
            <thead>
              <tr>
                <th scope="col">Topic</th>
                <th scope="col" className="num">
                  Waiting
                </th>
                <th scope="col" className="num">
                  Longest
                </th>
                <th scope="col">Hours</th>
              </tr>
            </thead>
            <tbody>
              {read.queue.map((topic) => (
                <tr key={topic.topic}>
                  <th scope="row">
                    <Link to={inbox(`topic:${topic.topic}`)}>{words(topic.topic)}</Link>
                  </th>
                  <td className="num">{topic.waiting}</td>
                  <td className="num">{topic.waiting > 0 && topic.oldest_at ? lasting((now - Date.parse(topic.oldest_at)) / 1000) : "–"}</td>
                  <td>{topic.in_hours ? "open" : <span className="pill pill-no">closed</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <section aria-labelledby="agents-title">
          <h2 id="agents-title">Agents</h2>
          <table>
            <thead>
              <tr>
                <th scope="col">Agent</th>
                <th scope="col">Status</th>
                <th scope="col">Load</th>
                <th scope="col" className="num">
                  Open
                </th>
              </tr>
            </thead>
            <tbody>
              {read.agents.map((agent) => (
                <tr key={agent.id}>
                  <th scope="row">
                    <Link to={inbox("all", null, new URLSearchParams({ agent: agent.id }))}>{agent.name}</Link>
                  </th>
                  <td>
                    <span className={`dot dot-${agent.status}`} aria-hidden="true" /> {agent.status}
                  </td>
                  <td>
                    <meter min={0} max={agent.capacity || 1} value={agent.load} aria-label={`Load of ${agent.name}`} /> {agent.load} of {agent.capacity}
                  </td>
                  <td className="num">{agent.open}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </div>
    </div>
  );
}

interface FlowLine {
  name: string;
  revision?: number | string | null;
  began?: number;
  live?: number;
}

function FlowsView({ name }: { name: string | null }) {
  const { read, wrong } = useRead<{ flows: (string | FlowLine)[] }>("/flows");
  const flow = useRead<FlowTraffic>(name ? `/flows/${seg(name)}` : null);
  if (!read) return <Reading wrong={wrong} />;
  const flows = read.flows.map((one) => (typeof one === "string" ? { name: one } : one));
  return (
    <div className="flows">
      <nav aria-label="Flows">
        <ul className="flow-list">
          {flows.map((one: FlowLine) => (
            <li key={one.name}>
              <Link to={`/desk/flows/${seg(one.name)}`} className="nav-entry" aria-current={one.name === name ? "page" : undefined}>
                <span className="nav-label">{one.name}</span>
                {one.live !== undefined && <span className="count">{one.live.toLocaleString()} live</span>}
              </Link>
            </li>
          ))}
        </ul>
        {flows.length === 0 && <p className="none">No flow is published.</p>}
      </nav>
      <div className="flow-stage">
        {!name && <Empty title="Choose a flow">Its widgets are drawn with how many came and where they left.</Empty>}
        {name && !flow.read && <Reading wrong={flow.wrong} />}
        {name && flow.read && (
          <>
            <Suspense fallback={<Reading wrong={null} />}>
              <FlowMap key={name} name={name} at={null} path={[]} traffic={flow.read} />
            </Suspense>
            <Traffic flow={flow.read} />
          </>
        )}
      </div>
    </div>
  );
}

/** The same figures as a table, for those who do not see the drawing. */
function Traffic({ flow }: { flow: FlowTraffic }) {
  const widgets = [...flow.widgets].sort((one, other) => (flow.left[other.name] ?? 0) - (flow.left[one.name] ?? 0));
  return (
    <details className="traffic">
      <summary>As a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Widget</th>
            <th scope="col" className="num">
              Came
            </th>
            <th scope="col" className="num">
              Left here
            </th>
            <th scope="col" className="num">
              Drop-off
            </th>
          </tr>
        </thead>
        <tbody>
          {widgets.map((widget) => {
            const all = came(flow, widget.name);
            const left = flow.left[widget.name] ?? 0;
            return (
              <tr key={widget.name}>
                <th scope="row">{widget.name}</th>
                <td className="num">{all.toLocaleString()}</td>
                <td className="num">{left.toLocaleString()}</td>
                <td className="num">{all > 0 ? `${Math.round((left / all) * 100)} %` : "–"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}

function DeadLettersView() {
  const { read, wrong, again } = useRead<{ letters?: DeadLetter[]; dead_letters?: DeadLetter[]; total?: number }>("/dead-letters");
  const mayAct = useDesk((desk) => desk.session!.user.role !== "auditor");
  if (!read) return <Reading wrong={wrong} />;
  const letters = read.letters ?? read.dead_letters ?? [];
  async function act(letter: DeadLetter, action: "replay" | "discard", done: string) {
    if (await tried(post(`/dead-letters/${seg(letter.id)}/${action}`).then(() => true))) notice(done);
    again();
  }
  if (letters.length === 0) return <Empty title="No dead letters">Everything that was to be reported was taken.</Empty>;
  return (
    <table>
      <caption>{read.total !== undefined && read.total > letters.length ? `The newest ${letters.length} of ${read.total}` : `${letters.length} in all`}</caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Since</th>
          <th scope="col">Why</th>
          <th scope="col">Conversation</th>
          <th scope="col">
            <span className="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {letters.map((letter) => (
          <tr key={letter.id}>
            <th scope="row">
              {letter.kind ?? letter.id}
              {letter.tries !== undefined && <span className="fine">{letter.tries} tries</span>}
            </th>
            <td>{letter.at && moment(letter.at)}</td>
            <td className="wide-cell">{letter.message ?? letter.reason}</td>
            <td>{letter.conversation && <Link to={inbox("all", letter.conversation)}>open</Link>}</td>
            <td className="acts">
              {mayAct && (
                <>
                  <button type="button" className="small" onClick={() => void act(letter, "replay", "It is tried again.")}>
                    Replay
                  </button>
                  <button type="button" className="ghost small" onClick={() => void act(letter, "discard", "Discarded.")}>
                    Discard
                  </button>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const dateOf = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);

function TranscriptsView() {
  const [from, setFrom] = useState(dateOf(7));
  const [to, setTo] = useState(dateOf(0));
  const day = (date: string, days: number) => {
    const at = new Date(`${date}T00:00:00`);
    at.setDate(at.getDate() + days);
    return Number.isNaN(at.getTime()) ? "" : at.toISOString();
  };
  const query = new URLSearchParams({ from: day(from, 0), to: day(to, 1) });
  return (
    <form className="lead-form" onSubmit={(event) => event.preventDefault()}>
      <p>Handoffs that were open in these days, one conversation a line of JSON. The export is put on record in the audit.</p>
      <div className="lead-row">
        <label>
          From
          <input type="date" required value={from} max={to} onChange={(event) => setFrom(event.target.value)} />
        </label>
        <label>
          To, this day too
          <input type="date" required value={to} min={from} onChange={(event) => setTo(event.target.value)} />
        </label>
        <a className="button primary" href={`/desk/api/transcripts?${query.toString()}`} download>
          <Icon name="down" /> Export
        </a>
      </div>
    </form>
  );
}

interface Invited {
  email?: string | null;
  role?: string;
  url?: string;
  expires_at?: string;
}

function UsersView() {
  const { read, wrong, again } = useRead<{ users: User[]; invites?: Invited[] }>("/users");
  const catalogue = useDesk((desk) => desk.catalogue);
  const me = useDesk((desk) => desk.session!.user);
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("agent");
  const [topics, setTopics] = useState<string[]>([]);
  const [link, setLink] = useState<string | null>(null);
  if (!read) return <Reading wrong={wrong} />;
  const mayAct = me.role === "admin";

  async function invite(event: FormEvent) {
    event.preventDefault();
    const answer = await tried(
      post<{ invite?: Invited; url?: string }>("/users", { email: email.trim(), ...(name.trim() ? { name: name.trim() } : {}), role, topics }),
    );
    if (!answer) return;
    const url = answer.invite?.url ?? answer.url ?? "";
    setLink(new URL(url, location.origin).toString());
    setEmail("");
    setName("");
    again();
  }
  async function change(user: User, body: object, done: string) {
    if (await tried(ask("PATCH", `/users/${seg(user.id)}`, body).then(() => true))) notice(done);
    again();
  }
  async function revoke(user: User) {
    if (await tried(post(`/users/${seg(user.id)}/revoke`).then(() => true))) notice(`${user.name} is signed out everywhere.`);
  }
  return (
    <>
      {mayAct && (
        <form className="lead-form" aria-label="Invite somebody" onSubmit={(event) => void invite(event)}>
          <div className="lead-row">
            <label>
              Email
              <input type="email" required value={email} onChange={(event) => setEmail(event.target.value)} />
            </label>
            <label>
              Name
              <input value={name} onChange={(event) => setName(event.target.value)} />
            </label>
            <label>
              Role
              <RoleSelect value={role} change={setRole} />
            </label>
            <button type="submit" className="primary">
              Invite
            </button>
          </div>
          {catalogue.topics.length > 0 && (
            <fieldset className="topic-boxes">
              <legend>Only these topics (none: all)</legend>
              {catalogue.topics.map((topic) => (
                <label key={nameOf(topic)}>
                  <input
                    type="checkbox"
                    checked={topics.includes(nameOf(topic))}
                    onChange={(event) =>
                      setTopics(event.target.checked ? [...topics, nameOf(topic)] : topics.filter((one) => one !== nameOf(topic)))
                    }
                  />
                  {titleOf(topic)}
                </label>
              ))}
            </fieldset>
          )}
          {link && (
            <p className="invite-link" role="status">
              Give them this link, which works once: <input readOnly aria-label="Link of the invitation" value={link} onFocus={(event) => event.target.select()} />
            </p>
          )}
        </form>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">User</th>
            <th scope="col">Role</th>
            <th scope="col">Topics</th>
            <th scope="col">State</th>
            <th scope="col">
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {read.users.map((user) => (
            <tr key={user.id}>
              <th scope="row">
                <span className="user-cell">
                  <Avatar name={user.name} />
                  <span>
                    {user.name}
                    <span className="fine">{user.email}</span>
                  </span>
                </span>
              </th>
              <td>
                {mayAct && user.id !== me.id ? (
                  <RoleSelect
                    label={`Role of ${user.name}`}
                    value={user.role.toLowerCase() as Role}
                    change={(next) => void change(user, { role: next }, `${user.name} is ${next} now.`)}
                  />
                ) : (
                  user.role.toLowerCase()
                )}
              </td>
              <td>{user.topics.length === 0 ? "all" : user.topics.join(", ")}</td>
              <td>{user.active === false ? <span className="pill pill-no">Barred</span> : <span className="pill pill-yes">Active</span>}</td>
              <td className="acts">
                {mayAct && user.id !== me.id && (
                  <>
                    <button type="button" className="small" aria-label={`Sign ${user.name} out everywhere`} onClick={() => void revoke(user)}>
                      Sign out
                    </button>
                    <button
                      type="button"
                      className="ghost small"
                      aria-label={`${user.active === false ? "Admit" : "Bar"} ${user.name}`}
                      onClick={() => void change(user, { active: user.active === false }, user.active === false ? `${user.name} may sign in again.` : `${user.name} may not sign in.`)}
                    >
                      {user.active === false ? "Admit" : "Bar"}
                    </button>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {(read.invites ?? []).length > 0 && (
        <>
          <h2>Invited</h2>
          <ul className="plain">
            {read.invites!.map((one, index) => (
              <li key={index}>
                {one.email ?? "anybody with the link"}, {one.role}
                {one.expires_at && <span className="fine">until {moment(one.expires_at)}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function RoleSelect({ value, change, label }: { value: Role; change: (role: Role) => void; label?: string }) {
  return (
    <select aria-label={label} value={value} onChange={(event) => change(event.target.value as Role)}>
      <option value="agent">Agent</option>
      <option value="lead">Lead</option>
      <option value="admin">Admin</option>
      <option value="auditor">Auditor</option>
    </select>
  );
}

function AuditView() {
  const { query } = useRoute();
  const [conversation, setConversation] = useState(query.get("conversation") ?? "");
  const [asked, setAsked] = useState(conversation);
  const [older, setOlder] = useState<AuditEntry[]>([]);
  const [next, setNext] = useState<string | number | null>(null);
  const base = `/audit?limit=100${asked ? `&conversation=${seg(asked)}` : ""}`;
  const { read, wrong } = useRead<{ entries: AuditEntry[]; next?: string | number | null }>(base);
  const now = useNow(30);
  useEffect(() => {
    setOlder([]);
    setNext(read?.next ?? null);
  }, [read]);
  async function more() {
    const answer = await tried(get<{ entries: AuditEntry[]; next?: string | number | null }>(`${base}&before=${next}`));
    if (!answer) return;
    setOlder([...older, ...answer.entries]);
    setNext(answer.next ?? null);
  }
  const entries = [...(read?.entries ?? []), ...older];
  return (
    <>
      <form
        className="lead-form"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(conversation.trim());
        }}
      >
        <div className="lead-row">
          <label>
            Conversation
            <input value={conversation} placeholder="any" onChange={(event) => setConversation(event.target.value)} />
          </label>
          <button type="submit">Show</button>
        </div>
      </form>
      {!read ? (
        <Reading wrong={wrong} />
      ) : entries.length === 0 ? (
        <Empty title="Nothing is on record" />
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">Conversation</th>
              <th scope="col">Detail</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry, index) => (
              <tr key={entry.id ?? index}>
                <td title={moment(entry.at)}>{ago(entry.at, now)}</td>
                <th scope="row">{typeof entry.user === "string" ? entry.user : (entry.user?.name ?? "–")}</th>
                <td>{words(entry.action)}</td>
                <td>{entry.conversation && <Link to={inbox("all", entry.conversation)}>{entry.conversation.slice(-8)}</Link>}</td>
                <td className="mono wide-cell">{detail(entry.detail)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {next !== null && (
        <button type="button" onClick={() => void more()}>
          Older entries
        </button>
      )}
    </>
  );
}

function detail(of: unknown): string {
  if (of === null || of === undefined) return "";
  if (typeof of !== "object") return String(of);
  return Object.entries(of as Record<string, unknown>)
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(", ");
}
