import { Fragment, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { words, type Item } from "../api";
import { inbox, useRoute } from "../lib/route";
import { holder, type Thread } from "../lib/thread";
import { clock, day, moment } from "../lib/time";
import { Avatar, channelName, Empty, Link, nameOfRow, SlaClock, STATE_WORDS } from "../parts/Bits";
import { Icon } from "../parts/Icon";
import { leads, older, openDialog, reads, release, take, toggleContext, useDesk } from "../state";
import { Composer } from "./Composer";

export function ThreadPane({ id }: { id: string | null }) {
  const thread = useDesk((desk) => desk.thread);
  const absent = useDesk((desk) => desk.absent);
  if (!id) {
    return (
      <section className="pane thread-pane thread-none" aria-label="Conversation">
        <Empty title="No conversation is open">
          Choose one from the list, or press <kbd>Alt</kbd> <kbd>J</kbd>. <kbd>?</kbd> shows every key.
        </Empty>
      </section>
    );
  }
  if (!thread || thread.id !== id) {
    return (
      <section className="pane thread-pane thread-none" aria-label="Conversation">
        {absent ? <Empty title="This conversation cannot be shown">{absent}</Empty> : <p role="status">Loading…</p>}
      </section>
    );
  }
  return (
    <section className="pane thread-pane" aria-label={`Conversation with ${nameOfRow(thread.row)}`}>
      <Head thread={thread} />
      <Company thread={thread} />
      <Log thread={thread} />
      <Composer key={thread.id} thread={thread} />
    </section>
  );
}

function Head({ thread }: { thread: Thread }) {
  const { folder, query } = useRoute();
  const me = useDesk((desk) => desk.session!.user.id);
  const contextOpen = useDesk((desk) => desk.contextOpen);
  const { row } = thread;
  const holds = holder(row, me);
  const ids = [row.id];
  return (
    <header className="pane-head thread-head">
      <Link to={inbox(folder, null, query)} className="button ghost square only-phone" aria-label="Back to the list">
        <Icon name="back" />
      </Link>
      <Avatar name={nameOfRow(row)} hue={row.id} />
      <div className="thread-who">
        <h1>{nameOfRow(row)}</h1>
        <p>
          <span className={`state state-${row.state}`} data-testid="owner">
            {holds === "me" ? "You hold it" : holds === "other" ? `${row.agent?.name} holds it` : STATE_WORDS[row.state]}
          </span>
          <span>{channelName(thread.channel)}</span> <span>{thread.theirs}</span>
          {row.callback && <span title={row.callback.words}>asked to be called, {moment(row.callback.at)}</span>}
          {row.waiting_for_customer && <span>waits for customer</span>}
          {row.snoozed_until && <span>snoozed until {moment(row.snoozed_until)}</span>}
          {row.sla && <SlaClock sla={row.sla} long />}
        </p>
      </div>
      <div className="thread-acts">
        {!reads() && holds !== "closed" && (
          <>
            {(holds === "nobody" || holds === "bot") && (
              <button type="button" className="primary" onClick={() => void take(row.id)}>
                Take
              </button>
            )}
            {holds === "me" && (
              <button type="button" className="wide-only" onClick={() => void release(row.id)}>
                Release
              </button>
            )}
            {holds !== "bot" && (
              <button type="button" className="ghost square" aria-label="Assign" title="Assign (Alt+A)" onClick={() => openDialog({ open: "assign", ids })}>
                <Icon name="assign" />
              </button>
            )}
            {holds !== "bot" && (
              <button type="button" className="ghost square" aria-label="Snooze" title="Snooze (Alt+M)" onClick={() => openDialog({ open: "snooze", ids })}>
                <Icon name="snoozed" />
              </button>
            )}
            {(holds === "me" || leads()) && holds !== "bot" && (
              <button type="button" title="Close (Alt+E)" onClick={() => openDialog({ open: "close", ids, next: false })}>
                Close
              </button>
            )}
          </>
        )}
        <button
          type="button"
          className="ghost square"
          aria-label="Context panel"
          aria-expanded={contextOpen}
          title="Context panel (Alt+O)"
          data-on={contextOpen || undefined}
          onClick={() => toggleContext()}
        >
          <Icon name="panel" />
        </button>
      </div>
    </header>
  );
}

/** Who else is here, and whether somebody is about to answer the same question. */
function Company({ thread }: { thread: Thread }) {
  const me = useDesk((desk) => desk.session!.user.id);
  const others = thread.viewers.filter((viewer) => viewer.id !== me);
  const typing = others.filter((viewer) => viewer.typing);
  const names = (list: typeof others) => list.map((viewer) => viewer.name).join(", ");
  return (
    <div className="company" role="status">
      {typing.length > 0 ? (
        <p className="bar bar-warn">
          <Icon name="warn" /> {names(typing)} {typing.length > 1 ? "are" : "is"} typing here. Wait, or you answer twice.
        </p>
      ) : (
        others.length > 0 && (
          <p className="bar">
            {names(others)} {others.length > 1 ? "look" : "looks"} at this conversation, too.
          </p>
        )
      )}
    </div>
  );
}

const NEAR = 60;

function Log({ thread }: { thread: Thread }) {
  const box = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const before = useRef<{ height: number; top: number } | null>(null);
  const [reading, setReading] = useState(false);
  const [below, setBelow] = useState(0);
  const lastId = thread.items[thread.items.length - 1]?.id;
  const firstId = thread.items[0]?.id;
  const was = useRef(lastId);

  // Older items come in above without moving what is being read.
  useLayoutEffect(() => {
    const log = box.current;
    if (log && before.current) {
      log.scrollTop = before.current.top + log.scrollHeight - before.current.height;
      before.current = null;
    }
  }, [firstId]);
  // New items pull the view along only where it stood at the end.
  useLayoutEffect(() => {
    const log = box.current;
    if (log && sticks.current) log.scrollTop = log.scrollHeight;
    else if (lastId !== was.current) setBelow((known) => known + 1);
    was.current = lastId;
  }, [lastId, thread.leaving.length]);
  useEffect(() => {
    const log = box.current;
    if (!log) return;
    const keep = new ResizeObserver(() => {
      if (sticks.current) log.scrollTop = log.scrollHeight;
    });
    keep.observe(log);
    return () => keep.disconnect();
  }, []);

  async function readOlder() {
    const log = box.current;
    if (reading || !log || !thread.more) return;
    setReading(true);
    before.current = { height: log.scrollHeight, top: log.scrollTop };
    await older();
    setReading(false);
  }
  function scrolled() {
    const log = box.current;
    if (!log) return;
    sticks.current = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    if (sticks.current && below) setBelow(0);
    if (before.current) before.current = { height: log.scrollHeight, top: log.scrollTop };
    if (log.scrollTop < 240) void readOlder();
  }
  function step(event: KeyboardEvent) {
    const log = box.current;
    if (!log || !["ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
    const items = [...log.querySelectorAll<HTMLElement>("[data-item]")];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to =
      event.key === "Home" ? 0 : event.key === "End" ? items.length - 1 : at < 0 ? items.length - 1 : at + (event.key === "ArrowUp" ? -1 : 1);
    if (!items[to]) return;
    event.preventDefault();
    items[to].focus();
  }
  function toEnd() {
    const log = box.current;
    if (!log) return;
    sticks.current = true;
    setBelow(0);
    log.scrollTop = log.scrollHeight;
  }

  let lastDay = "";
  return (
    <div className="log-frame">
      <div
        className="log"
        ref={box}
        role="log"
        aria-label="Messages"
        aria-live={reading ? "off" : "polite"}
        aria-busy={reading}
        tabIndex={0}
        data-focus="log"
        onScroll={scrolled}
        onKeyDown={step}
      >
        <div className="log-start">
          {thread.more ? (
            <button type="button" className="ghost small" onClick={() => void readOlder()}>
              {reading ? "Reading older messages…" : "Older messages"}
            </button>
          ) : (
            <span>The beginning</span>
          )}
        </div>
        {thread.items.map((item, index) => {
          const today = new Date(item.at).toDateString();
          const newDay = today !== lastDay;
          lastDay = today;
          const previous = thread.items[index - 1];
          const follows =
            !newDay &&
            previous?.kind === item.kind &&
            previous.by === item.by &&
            previous.agent?.id === item.agent?.id &&
            Date.parse(item.at) - Date.parse(previous.at) < 180_000;
          return (
            <Fragment key={item.id}>
              {newDay && <p className="log-day">{day(item.at)}</p>}
              <OneItem item={item} follows={follows} contact={nameOfRow(thread.row)} />
            </Fragment>
          );
        })}
        {thread.leaving.map((one) => (
          <article key={one.draft} className="item by-agent kind-message" data-item tabIndex={-1} aria-label="Your message, being sent">
            <div className="bubble bubble-leaving">
              <p className="text">{one.text}</p>
            </div>
            <p className="item-foot">{one.state === "leaving" ? "Sending…" : "No answer yet. Send again: it will not go out twice."}</p>
          </article>
        ))}
      </div>
      {below > 0 && (
        <button type="button" className="to-end" onClick={toEnd}>
          <Icon name="down" /> {below} new
        </button>
      )}
    </div>
  );
}

const BY: Record<Item["by"], string> = { contact: "", bot: "Bot", agent: "Agent", queue: "Queue", system: "Parley" };
export const STATUS_WORDS: Record<NonNullable<Item["status"]>, string> = {
  waiting: "Waiting to leave",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  failed: "Not delivered",
  withdrawn: "Withdrawn",
  refused: "Not sent",
  received: "",
};

function OneItem({ item, follows, contact }: { item: Item; follows: boolean; contact: string }) {
  if (item.kind === "event") {
    return (
      <p className="log-event" data-item tabIndex={-1}>
        {item.agent && <strong>{item.agent.name}: </strong>}
        {item.text} <time dateTime={item.at}>{clock(item.at)}</time>
      </p>
    );
  }
  const who = item.by === "contact" ? contact : (item.agent?.name ?? BY[item.by]);
  const wrong = item.status === "failed" || item.status === "refused";
  return (
    <article
      className={`item by-${item.by} kind-${item.kind}`}
      data-follows={follows || undefined}
      data-item
      tabIndex={-1}
      aria-label={`${item.kind === "note" ? "Note by " : ""}${who}, ${clock(item.at)}`}
    >
      {!follows && (
        <p className="item-head" aria-hidden="true">
          {item.kind === "note" ? `Note by ${who}` : who}
          {item.by === "bot" && <Icon name="bot" />}
        </p>
      )}
      <div className={wrong ? "bubble bubble-wrong" : "bubble"}>
        {item.media.length > 0 && (
          <div className="media">
            {item.media.map((one) => (
              <Medium key={one.url} url={one.url} type={one.type} />
            ))}
          </div>
        )}
        {item.text && <p className="text">{item.text}</p>}
        {item.template && <p className="template-mark">Template {item.template}</p>}
      </div>
      <p className="item-foot">
        <time dateTime={item.at}>{clock(item.at)}</time>
        {item.status && STATUS_WORDS[item.status] && (
          <span className={wrong ? "status status-wrong" : "status"} data-status={item.status}>
            {STATUS_WORDS[item.status]}
            {item.status === "waiting" && item.until && ` ${moment(item.until)}`}
          </span>
        )}
        {item.tags.map((tag) => (
          <span key={tag.name} className="tag">
            {words(tag.name)}
            {tag.score !== null && tag.score !== undefined && <span className="score">{Math.round(tag.score * 100)} %</span>}
          </span>
        ))}
      </p>
      {item.error && (
        <p className="item-error">
          <Icon name="warn" /> {item.error.words} <span className="code">({item.error.code})</span>
        </p>
      )}
    </article>
  );
}

function Medium({ url, type }: { url: string; type: string | null }) {
  const [failed, setFailed] = useState(false);
  const kind = type?.split("/")[0] ?? (/\.(jpe?g|png|gif|webp|svg)$/i.test(url) ? "image" : "file");
  if (kind === "image" && !failed) {
    return (
      <a href={url} target="_blank" rel="noreferrer noopener" className="picture">
        <img src={url} alt="Picture that was sent" loading="lazy" referrerPolicy="no-referrer" onError={() => setFailed(true)} />
      </a>
    );
  }
  if (kind === "audio") return <audio controls preload="none" src={url} />;
  return (
    <a href={url} target="_blank" rel="noreferrer noopener" className="button small">
      <Icon name="clip" /> {failed ? "Picture (open)" : `Open ${type ?? "file"}`}
    </a>
  );
}
