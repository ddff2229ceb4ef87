import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { nameOf, post, Refusal, seg, type Draft as Sent, type Gates, type Item, type Template } from "../api";
import { fill, known, matching, slashAt } from "../lib/canned";
import { draftOf, keepDraft } from "../lib/drafts";
import { named, onMac } from "../lib/keys";
import { useNow } from "../lib/now";
import { segmentsOf } from "../lib/segments";
import { holder, type Thread } from "../lib/thread";
import { countdown, moment } from "../lib/time";
import { Icon } from "../parts/Icon";
import { arrivals, doTo, leads, notice, reads, take, tried, useDesk } from "../state";

type Tab = "reply" | "note";
interface Refused {
  message: string;
  reason: string;
  until: string | null;
}

const HEARTBEAT = 4000;
const IDLE = 6000;

export function Composer({ thread }: { thread: Thread }) {
  const me = useDesk((desk) => desk.session!.user);
  const catalogue = useDesk((desk) => desk.catalogue);
  const [draft, setDraft] = useState(() => draftOf(thread.id));
  const [tab, setTab] = useState<Tab>("reply");
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [media, setMedia] = useState<string[]>([]);
  const [attaching, setAttaching] = useState(false);
  const [templating, setTemplating] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const { row, gates } = thread;
  const holds = holder(row, me.id);
  const values = known(me.name, row.contact, thread.context?.person ?? {}, thread.context?.cart ?? null);
  const typed = useTyping(thread.id, holds, setRefused);

  function change(next: Partial<typeof draft>) {
    setDraft((now) => {
      const changed = { ...now, ...next };
      keepDraft(thread.id, changed);
      return changed;
    });
  }
  useEffect(() => {
    const toTab = (event: Event) => {
      setTab((event as CustomEvent<Tab>).detail);
      requestAnimationFrame(() => field.current?.focus());
    };
    const attach = () => setAttaching(true);
    window.addEventListener("desk-tab", toTab);
    window.addEventListener("desk-attach", attach);
    return () => {
      window.removeEventListener("desk-tab", toTab);
      window.removeEventListener("desk-attach", attach);
    };
  }, []);

  if (reads()) return <p className="bar">You read here; auditors write nothing.</p>;

  /** Sends, and keeps the draft's id until an answer came: a second try is the same message. */
  async function send(body: Omit<Sent, "draft">, shown: string) {
    if (sending) return;
    setSending(true);
    setRefused(null);
    if ((holds === "bot" || holds === "nobody") && !(await take(thread.id))) {
      setSending(false);
      return;
    }
    typed(false);
    arrivals.leaves(draft.draft, shown);
    try {
      const { item } = await post<{ item?: Item }>(`/conversations/${seg(thread.id)}/messages`, { draft: draft.draft, ...body });
      // Without an item it is stored and not done yet: the stream brings it.
      if (item) arrivals.left(draft.draft, item);
      change({ text: "", draft: crypto.randomUUID() });
      setMedia([]);
      setTemplating(false);
      setAttaching(false);
    } catch (problem) {
      if (problem instanceof Refusal && !problem.unanswered) {
        arrivals.left(draft.draft, null);
        // It was refused, so what goes out next is another message.
        change({ draft: crypto.randomUUID() });
        const until = problem.body.until;
        setRefused({ message: problem.message, reason: problem.reason, until: typeof until === "string" ? until : null });
      } else {
        arrivals.unanswered(draft.draft);
        notice("No answer came. Your text is kept: send it again, it will not go out twice.", "wrong");
      }
    }
    setSending(false);
    requestAnimationFrame(() => field.current?.focus());
  }

  async function keepNote() {
    const text = draft.note.trim();
    if (!text || sending) return;
    setSending(true);
    const done = await tried(post<{ item?: Item }>(`/conversations/${seg(thread.id)}/notes`, { text }));
    if (done) {
      if (done.item) arrivals.items([done.item]);
      change({ note: "" });
    }
    setSending(false);
  }

  const waits = gates.blocks.length > 0 && gates.blocks.every((block) => block.until);
  const blocked = gates.blocks.length > 0 && !waits;
  const locked = holds === "other" || holds === "external" || holds === "closed";
  const withTemplate = templating || (gates.template_only && holds !== "closed");
  const tooLong = draft.text.length > gates.max_length;
  const maySend = !locked && !blocked && !tooLong && (draft.text.trim() !== "" || media.length > 0);
  const sendText = (whenOpen: boolean) =>
    maySend &&
    void send(
      { text: draft.text, ...(media.length ? { media } : {}), ...(whenOpen ? { when_open: true } : {}) },
      draft.text || media.join(" "),
    );

  return (
    <section className="composer" aria-label="Write">
      <div className="tabs" role="tablist" aria-label="Reply or note">
        {(["reply", "note"] as Tab[]).map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={tab === name}
            aria-controls="composer-panel"
            tabIndex={tab === name ? 0 : -1}
            title={named(name === "reply" ? "Alt+L" : "Alt+P")}
            onClick={() => setTab(name)}
            onKeyDown={(event) => {
              if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
              const other = name === "reply" ? "note" : "reply";
              setTab(other);
              document.getElementById(`tab-${other}`)?.focus();
            }}
          >
            {name === "reply" ? "Reply" : "Note"}
          </button>
        ))}
        <Window gates={gates} />
      </div>

      <div id="composer-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} className={`panel panel-${tab}`}>
        {tab === "note" ? (
          <>
            <TextField
              ref={field}
              label="Note for your colleagues"
              placeholder="Only agents see this"
              text={draft.note}
              change={(note) => change({ note })}
              send={() => void keepNote()}
              suggest={null}
            />
            <div className="composer-foot">
              <span className="counter">The customer never sees a note.</span>
              <button type="button" className="primary" disabled={!draft.note.trim() || sending} onClick={() => void keepNote()}>
                Keep note
              </button>
            </div>
          </>
        ) : locked ? (
          <Locked thread={thread} me={me.id} />
        ) : (
          <>
            {gates.blocks.map((block) => (
              <p key={block.reason} className={`bar ${waits ? "bar-warn" : "bar-stop"}`} role="status">
                <Icon name={waits ? "snoozed" : "lock"} />
                <span>
                  {block.message}
                  {block.until && ` It may leave from ${moment(block.until)}.`}
                </span>
              </p>
            ))}
            {gates.template_only && !blocked && (
              <p className="bar bar-warn" role="status">
                <Icon name="lock" />
                <span>The customer last wrote more than 24 hours ago, so WhatsApp takes only a template.</span>
              </p>
            )}
            {refused && (
              <p className="bar bar-stop" role="alert">
                <Icon name="warn" />
                <span>
                  Not sent: {refused.message}
                  {refused.until && ` It may leave from ${moment(refused.until)}.`}
                </span>
                {refused.until && (
                  <button type="button" className="small" onClick={() => sendText(true)}>
                    Send when open
                  </button>
                )}
              </p>
            )}
            {blocked ? null : withTemplate ? (
              <TemplateForm
                templates={catalogue.templates}
                values={values}
                sending={sending}
                waits={waits}
                shut={gates.template_only}
                back={() => setTemplating(false)}
                send={(template, variables, text) =>
                  void send({ template: { sid: template.sid, variables }, ...(waits ? { when_open: true } : {}) }, text)
                }
              />
            ) : (
              <>
                <TextField
                  ref={field}
                  label="Reply"
                  placeholder={
                    holds === "bot"
                      ? "As soon as you type, the bot stops and you hold the conversation"
                      : holds === "nobody"
                        ? "As soon as you type, you hold the conversation"
                        : "Write a reply, / for canned replies"
                  }
                  text={draft.text}
                  change={(text) => {
                    change({ text });
                    setRefused(null);
                    typed(text !== "");
                  }}
                  left={() => typed(false)}
                  send={() => sendText(waits)}
                  suggest={(query) => matching(catalogue.canned, query)}
                  filled={(text) => fill(text, values)}
                />
                {attaching && <Attach media={media} change={setMedia} done={() => setAttaching(false)} />}
                <div className="composer-foot">
                  <button type="button" className="ghost square" aria-label="Attach by address" title={named("Mod+Alt+A")} onClick={() => setAttaching(!attaching)} aria-expanded={attaching}>
                    <Icon name="clip" />
                  </button>
                  {gates.channel.toLowerCase() === "whatsapp" && catalogue.templates.length > 0 && (
                    <button type="button" className="ghost square" aria-label="Use a template" title="Use a template" onClick={() => setTemplating(true)}>
                      <Icon name="template" />
                    </button>
                  )}
                  <Counter text={draft.text} gates={gates} />
                  <button
                    type="button"
                    className="primary"
                    disabled={!maySend || sending}
                    title={onMac ? "⌘Enter" : "Ctrl+Enter"}
                    onClick={() => sendText(waits)}
                  >
                    <Icon name="send" /> {sending ? "Sending…" : waits ? `Send when open` : "Send"}
                  </button>
                </div>
              </>
            )}
          </>
        )}
      </div>
    </section>
  );
}

/** Tells that this agent types, at most every few seconds, and that the typing ended. */
function useTyping(id: string, holds: ReturnType<typeof holder>, setRefused: (refused: Refused) => void) {
  const told = useRef(0);
  const idle = useRef<ReturnType<typeof setTimeout>>(undefined);
  const path = `/conversations/${seg(id)}/typing`;
  const now = useRef(holds);
  now.current = holds;

  function typed(typing: boolean) {
    clearTimeout(idle.current);
    if (!typing) {
      if (told.current) void post(path, { typing: false }).catch(() => undefined);
      told.current = 0;
      return;
    }
    idle.current = setTimeout(() => typed(false), IDLE);
    const takes = now.current === "bot" || now.current === "nobody";
    if (Date.now() - told.current < (takes ? 800 : HEARTBEAT)) return;
    told.current = Date.now();
    post(path, { typing: true }).catch((problem: unknown) => {
      if (problem instanceof Refusal && problem.reason === "already_taken") {
        setRefused({ message: problem.message, reason: problem.reason, until: null });
      }
    });
  }
  useEffect(() => () => typed(false), []);
  return typed;
}

function Locked({ thread, me }: { thread: Thread; me: string }) {
  const { row } = thread;
  if (row.state === "closed") {
    return (
      <p className="bar">
        <Icon name="closed" />
        <span>This conversation is closed. When the customer writes again, the flow answers first.</span>
      </p>
    );
  }
  const who = row.state === "external" ? "Another desk" : (row.agent?.name ?? "Another agent");
  return (
    <p className="bar bar-stop" role="status">
      <Icon name="lock" />
      <span>{who} holds this conversation, so you cannot write to the customer. Notes are open to you.</span>
      {leads() && row.state === "agent" && (
        <button type="button" className="small" onClick={() => void doTo([row.id], "assign", { agent: me }, "given to you")}>
          Take over
        </button>
      )}
    </p>
  );
}

function Window({ gates }: { gates: Gates }) {
  const ends = gates.window_ends_at;
  const now = useNow(ends && Date.parse(ends) - Date.now() < 3_600_000 ? 1 : 30);
  if (!ends) return null;
  const left = Date.parse(ends) - now;
  return (
    <span className={left <= 0 ? "window window-shut" : left < 3_600_000 ? "window window-near" : "window"} title={`WhatsApp window: ${moment(ends)}`}>
      {left <= 0 ? "WhatsApp window is shut" : `WhatsApp window: ${countdown(left)} left`}
    </span>
  );
}

function Counter({ text, gates }: { text: string; gates: Gates }) {
  if (gates.channel.toLowerCase() !== "sms") {
    const over = text.length > gates.max_length;
    return (
      <span className={over ? "counter counter-over" : "counter"} aria-live={over ? "polite" : undefined}>
        {text.length.toLocaleString()} of {gates.max_length.toLocaleString()}
        {over && ": too long"}
      </span>
    );
  }
  const { encoding, segments, left, perSegment, outside } = segmentsOf(text);
  const over = text.length > gates.max_length;
  return (
    <span className={over ? "counter counter-over" : "counter"} data-testid="segments">
      <span className="counter-main">
        {segments} {segments === 1 ? "segment" : "segments"}, {left} left of {perSegment}
      </span>
      <span className="counter-more">
        {" "}
        {encoding}
        {outside.length > 0 && ` because of ${outside.slice(0, 3).join(" ")}${outside.length > 3 ? " …" : ""}`}
        {over && `; longer than ${gates.max_length}`}
      </span>
    </span>
  );
}

function TextField({
  ref,
  label,
  placeholder,
  text,
  change,
  left,
  send,
  suggest,
  filled,
}: {
  ref: React.RefObject<HTMLTextAreaElement | null>;
  label: string;
  placeholder: string;
  text: string;
  change: (text: string) => void;
  left?: () => void;
  send: () => void;
  suggest: ((query: string) => { name: string; text: string }[]) | null;
  filled?: (text: string) => { text: string; missing: string[] };
}) {
  const [slash, setSlash] = useState<{ from: number; query: string } | null>(null);
  const [chosen, setChosen] = useState(0);
  const [missing, setMissing] = useState<string[]>([]);
  const list = useId();
  const found = slash && suggest ? suggest(slash.query) : [];
  const open = found.length > 0;

  useLayoutEffect(() => {
    const field = ref.current;
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, 220)}px`;
  }, [text, ref]);

  function look(field: HTMLTextAreaElement) {
    const next = suggest ? slashAt(field.value, field.selectionStart) : null;
    setSlash(next);
    if (next?.query !== slash?.query) setChosen(0);
  }
  function put(reply: { text: string }) {
    if (!slash || !ref.current) return;
    const end = slash.from + 1 + slash.query.length;
    const { text: put, missing: lacking } = filled ? filled(reply.text) : { text: reply.text, missing: [] };
    change(text.slice(0, slash.from) + put + text.slice(end));
    setMissing(lacking);
    setSlash(null);
    const caret = slash.from + put.length;
    requestAnimationFrame(() => ref.current?.setSelectionRange(caret, caret));
  }
  function press(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (open) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        setChosen((chosen + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
        return;
      }
      if ((event.key === "Enter" || event.key === "Tab") && !event.metaKey && !event.ctrlKey) {
        event.preventDefault();
        put(found[chosen] ?? found[0]!);
        return;
      }
      if (event.key === "Escape") {
        event.preventDefault();
        setSlash(null);
        return;
      }
    }
    if (event.key === "Enter" && (onMac ? event.metaKey : event.ctrlKey)) {
      event.preventDefault();
      if (!event.repeat) send();
    }
  }
  const still = missing.filter((name) => text.includes(`{{${name}}}`));

  return (
    <div className="write">
      {open && (
        <ul className="canned" role="listbox" id={list} aria-label="Canned replies">
          {found.map((reply, index) => (
            <li
              key={reply.name}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === chosen}
              onMouseDown={(event) => {
                event.preventDefault();
                put(reply);
              }}
            >
              <strong>/{reply.name}</strong>
              <span>{filled ? filled(reply.text).text : reply.text}</span>
            </li>
          ))}
        </ul>
      )}
      <textarea
        ref={ref}
        aria-label={label}
        placeholder={placeholder}
        rows={2}
        value={text}
        aria-autocomplete={suggest ? "list" : undefined}
        aria-controls={open ? list : undefined}
        aria-activedescendant={open ? `${list}-${chosen}` : undefined}
        onChange={(event) => {
          change(event.target.value);
          look(event.target);
        }}
        onSelect={(event) => look(event.currentTarget)}
        onBlur={() => {
          setSlash(null);
          left?.();
        }}
        onKeyDown={press}
      />
      {still.length > 0 && (
        <p className="hint-wrong" role="status">
          Not known here: {still.join(", ")}. Fill it in before you send.
        </p>
      )}
    </div>
  );
}

function Attach({ media, change, done }: { media: string[]; change: (media: string[]) => void; done: () => void }) {
  const [url, setUrl] = useState("");
  return (
    <div className="attach">
      {media.map((one) => (
        <span key={one} className="attached">
          {one}
          <button type="button" className="ghost square" aria-label={`Remove ${one}`} onClick={() => change(media.filter((other) => other !== one))}>
            <Icon name="cross" />
          </button>
        </span>
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change([...media.filter((other) => other !== url), url]);
          setUrl("");
        }}
      >
        <input type="url" required pattern="https://.*" autoFocus placeholder="https://…" aria-label="Address of the picture or file" value={url} onChange={(event) => setUrl(event.target.value)} onKeyDown={(event) => event.key === "Escape" && done()} />
        <button type="submit" className="small">
          Attach
        </button>
      </form>
    </div>
  );
}

function TemplateForm({
  templates,
  values,
  sending,
  waits,
  shut,
  back,
  send,
}: {
  templates: Template[];
  values: Record<string, string | null>;
  sending: boolean;
  waits: boolean;
  shut: boolean;
  back: () => void;
  send: (template: Template, variables: Record<string, string>, text: string) => void;
}) {
  const [sid, setSid] = useState(templates[0]?.sid ?? "");
  const [given, setGiven] = useState<Record<string, string>>({});
  const template = templates.find((one) => one.sid === sid) ?? templates[0];
  if (!template) {
    return <p className="bar">No template is set up. Ask an admin to list WhatsApp templates in desk.yaml.</p>;
  }
  const names = template.variables.map(nameOf);
  const valueOf = (name: string) => given[`${sid}.${name}`] ?? values[name] ?? (name === "1" ? (values.first_name ?? "") : "");
  const variables = Object.fromEntries(names.map((name) => [name, valueOf(name)]));
  const text = fill(template.text, variables).text;
  const complete = names.every((name) => variables[name]?.trim());
  return (
    <form
      className="template-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete && !sending) send(template, variables, text);
      }}
    >
      <label>
        Template
        <select value={template.sid} onChange={(event) => setSid(event.target.value)}>
          {templates.map((one) => (
            <option key={one.sid} value={one.sid}>
              {one.name} {one.language ? `(${one.language})` : ""}
            </option>
          ))}
        </select>
      </label>
      <div className="template-values">
        {names.map((name) => (
          <label key={name}>
            {/^\d+$/.test(name) ? `Variable ${name}` : name}
            <input required value={valueOf(name)} onChange={(event) => setGiven({ ...given, [`${sid}.${name}`]: event.target.value })} />
          </label>
        ))}
      </div>
      <blockquote className="template-preview" aria-label="Preview">
        {text}
      </blockquote>
      <div className="composer-foot">
        {!shut && (
          <button type="button" className="ghost small" onClick={back}>
            Write freely
          </button>
        )}
        <span className="counter">The text is fixed; only its variables are yours.</span>
        <button type="submit" className="primary" disabled={!complete || sending}>
          <Icon name="send" /> {sending ? "Sending…" : waits ? "Send template when open" : "Send template"}
        </button>
      </div>
    </form>
  );
}
