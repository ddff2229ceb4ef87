import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import type { Row } from "../api";
import { useNow } from "../lib/now";
import { go, inbox, useRoute } from "../lib/route";
import { unread } from "../lib/seen";
import { ago, moment } from "../lib/time";
import { Avatar, channelName, Empty, Link, nameOfRow, SlaClock } from "../parts/Bits";
import { Icon } from "../parts/Icon";
import { folderName } from "../parts/Nav";
import {
  inView,
  keyOf,
  notice,
  openDialog,
  reads,
  saveView,
  select,
  selectLoaded,
  selectNone,
  show,
  toggleMenu,
  useDesk,
} from "../state";

const ROW_HEIGHT = 78;

export function List() {
  const { folder, query } = useRoute();
  const topics = useDesk((desk) => desk.catalogue.topics);
  const total = useDesk((desk) => desk.rows.total);
  const key = keyOf(folder, query);
  useEffect(() => show(key), [key]);

  return (
    <section className="pane list-pane" aria-label="Conversations">
      <header className="pane-head">
        <button type="button" className="ghost square only-narrow" aria-label="Open menu" onClick={() => toggleMenu(true)}>
          <Icon name="menu" />
        </button>
        <h1>{folderName(folder, topics)}</h1>
        <span className="total" aria-live="polite">
          {total === null ? "" : total.toLocaleString()}
          <span className="unseen"> conversations</span>
        </span>
      </header>
      <Search key={folder} />
      <Bulk />
      <Rows />
    </section>
  );
}

function Search() {
  const { folder, conversation, query } = useRoute();
  const catalogue = useDesk((desk) => desk.catalogue);
  const [text, setText] = useState(query.get("q") ?? "");
  const filters = ["channel", "agent", "tag", "sla"].filter((name) => query.get(name));
  const [open, setOpen] = useState(filters.length > 0);
  const [saving, setSaving] = useState(false);
  const [name, setName] = useState("");
  const due = useRef<ReturnType<typeof setTimeout>>(undefined);
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    // The address follows what is typed, and the field follows the address when nobody types.
    if (document.activeElement !== field.current) setText(query.get("q") ?? "");
    return () => clearTimeout(due.current);
  }, [query]);

  function change(field: string, value: string) {
    const next = new URLSearchParams(query);
    if (value) next.set(field, value);
    else next.delete(field);
    go(inbox(folder, conversation, next), true);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    clearTimeout(due.current);
    change("q", text.trim());
  }

  return (
    <div className="search">
      <form role="search" onSubmit={submit}>
        <label className="field">
          <Icon name="search" />
          <span className="unseen">Search conversations</span>
          <input
            ref={field}
            data-focus="search"
            type="search"
            placeholder="Number, name, id or text"
            value={text}
            onChange={(event) => {
              const typed = event.target.value;
              setText(typed);
              clearTimeout(due.current);
              due.current = setTimeout(() => change("q", typed.trim()), 300);
            }}
            onKeyDown={(event) => {
              if (event.key === "Escape") {
                setText("");
                change("q", "");
              }
            }}
          />
        </label>
        <button
          type="button"
          className="ghost square"
          aria-label={filters.length > 0 ? `Filters, ${filters.length} set` : "Filters"}
          aria-expanded={open}
          aria-controls="filters"
          data-on={filters.length > 0 || undefined}
          onClick={() => setOpen(!open)}
        >
          <Icon name="filter" />
        </button>
      </form>
      <div id="filters" className="filters" hidden={!open}>
        <select aria-label="Channel" value={query.get("channel") ?? ""} onChange={(event) => change("channel", event.target.value)}>
          <option value="">Any channel</option>
          <option value="sms">SMS</option>
          <option value="whatsapp">WhatsApp</option>
        </select>
        <select aria-label="Service level" value={query.get("sla") ?? ""} onChange={(event) => change("sla", event.target.value)}>
          <option value="">Any clock</option>
          <option value="ok">In time</option>
          <option value="warned">Due soon</option>
          <option value="breached">Overdue</option>
        </select>
        <select aria-label="Agent" value={query.get("agent") ?? ""} onChange={(event) => change("agent", event.target.value)}>
          <option value="">Any agent</option>
          {catalogue.agents.map((agent) => (
            <option key={agent.id} value={agent.id}>
              {agent.name}
            </option>
          ))}
        </select>
        <TagField key={query.get("tag")} value={query.get("tag") ?? ""} change={(tag) => change("tag", tag)} />
        {query.toString() && !saving && (
          <>
            <button type="button" className="small" onClick={() => setSaving(true)}>
              Save this view
            </button>
            <button type="button" className="ghost small" onClick={() => go(inbox(folder, conversation), true)}>
              Clear
            </button>
          </>
        )}
        {saving && (
          <form
            className="save-view"
            onSubmit={(event) => {
              event.preventDefault();
              setSaving(false);
              void saveView({ name: name.trim(), folder, filters: Object.fromEntries(query) });
            }}
          >
            <input
              aria-label="Name of the view"
              placeholder="Name of the view"
              required
              maxLength={60}
              autoFocus
              value={name}
              onChange={(event) => setName(event.target.value)}
              onKeyDown={(event) => event.key === "Escape" && setSaving(false)}
            />
            <button type="submit" className="primary small">
              Save
            </button>
          </form>
        )}
      </div>
    </div>
  );
}

function TagField({ value, change }: { value: string; change: (tag: string) => void }) {
  const [text, setText] = useState(value);
  return (
    <input
      aria-label="Tag"
      placeholder="Any tag"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => text !== value && change(text.trim())}
      onKeyDown={(event) => event.key === "Enter" && change(text.trim())}
    />
  );
}

function Bulk() {
  const selected = useDesk((desk) => desk.selected);
  if (selected.size === 0) return null;
  const ids = [...selected];
  return (
    <div className="bulk" role="toolbar" aria-label="Selected conversations">
      <strong>{selected.size} selected</strong>
      <button type="button" className="small" onClick={() => openDialog({ open: "assign", ids })}>
        Assign
      </button>
      <button type="button" className="small" onClick={() => openDialog({ open: "snooze", ids })}>
        Snooze
      </button>
      <button type="button" className="small" onClick={() => openDialog({ open: "close", ids, next: false })}>
        Close
      </button>
      <button
        type="button"
        className="ghost small"
        onClick={() => {
          selectLoaded();
          notice("Everything that was loaded is selected; scroll to load more.");
        }}
      >
        All shown
      </button>
      <button type="button" className="ghost square" aria-label="Select none" onClick={selectNone}>
        <Icon name="cross" />
      </button>
    </div>
  );
}

function Rows() {
  const { folder, conversation, query } = useRoute();
  const rows = useDesk((desk) => desk.rows);
  const failed = useDesk((desk) => desk.failed);
  const selected = useDesk((desk) => desk.selected);
  const me = useDesk((desk) => desk.session!.user.id);
  const scroller = useRef<HTMLDivElement>(null);
  const total = rows.total ?? 0;
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const shown = virtual.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown[shown.length - 1]?.index ?? 0;
  useEffect(() => {
    if (total > 0) inView(first, last);
  }, [first, last, total, rows.key]);
  useEffect(() => {
    scroller.current?.scrollTo(0, 0);
  }, [rows.key]);

  // What the keyboard opened is brought into view.
  const openIndex = conversation ? [...rows.at].find(([, row]) => row.id === conversation)?.[0] : undefined;
  useEffect(() => {
    if (openIndex !== undefined) virtual.scrollToIndex(openIndex, { align: "auto" });
  }, [conversation]);

  function step(event: KeyboardEvent) {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    const at = Number((document.activeElement as HTMLElement | null)?.closest("[data-index]")?.getAttribute("data-index") ?? -1);
    let to = by === undefined ? -1 : Math.min(total - 1, Math.max(0, at + by));
    if (event.key === "Home") to = 0;
    if (event.key === "End") to = total - 1;
    if (to < 0) return;
    event.preventDefault();
    virtual.scrollToIndex(to, { align: "auto" });
    let tries = 0;
    const focus = () => {
      const link = scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"] a`);
      if (link) link.focus({ preventScroll: true });
      else if (tries++ < 40) requestAnimationFrame(focus);
    };
    requestAnimationFrame(focus);
  }

  if (failed && rows.at.size === 0) {
    return (
      <div className="rows" data-focus="list" tabIndex={-1}>
        <Empty title="The list could not be read">{failed}</Empty>
      </div>
    );
  }
  if (rows.total === 0) {
    return (
      <div className="rows" data-focus="list" tabIndex={-1}>
        <Empty title={query.toString() ? "Nothing matches" : "Nothing here"}>
          {query.toString()
            ? "Try fewer filters, or search in All open or Closed."
            : folder === "mine"
              ? "Conversations that you hold are listed here. Take one from Unassigned."
              : "New conversations appear by themselves."}
        </Empty>
      </div>
    );
  }
  return (
    <div className="rows" ref={scroller} data-focus="list" tabIndex={0} role="group" aria-label="List of conversations" onKeyDown={step}>
      <ul className="rows-all" style={{ height: virtual.getTotalSize() }} aria-busy={rows.total === null}>
        {shown.map((place) => {
          const row = rows.at.get(place.index);
          return (
            <li
              key={row?.id ?? `at-${place.index}`}
              className="row-place"
              data-index={place.index}
              aria-setsize={total}
              aria-posinset={place.index + 1}
              style={{ height: ROW_HEIGHT, transform: `translateY(${place.start}px)` }}
            >
              {row ? (
                <OneRow
                  row={row}
                  to={inbox(folder, row.id, query)}
                  here={row.id === conversation}
                  chosen={selected.has(row.id)}
                  choosing={selected.size > 0}
                  mine={row.agent?.id === me}
                />
              ) : (
                <div className="row row-waiting" aria-hidden="true" />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const OneRow = memo(function OneRow({
  row,
  to,
  here,
  chosen,
  choosing,
  mine,
}: {
  row: Row;
  to: string;
  here: boolean;
  chosen: boolean;
  choosing: boolean;
  mine: boolean;
}) {
  const now = useNow(30);
  const name = nameOfRow(row);
  const open = row.state === "queued" || row.state === "agent";
  const isUnread = !here && open && !row.waiting_for_customer && unread(row.id, row.last_at);
  return (
    <div className="row" data-here={here || undefined} data-unread={isUnread || undefined} data-chosen={chosen || undefined} data-choosing={choosing || undefined}>
      <span className="row-face">
        <Avatar name={name} hue={row.id} />
        {!reads() && (
          <label className="row-check">
            <span className="unseen">Select {name}</span>
            <input type="checkbox" checked={chosen} onChange={(event) => select(row.id, event.target.checked)} />
          </label>
        )}
      </span>
      <Link to={to} className="row-link" aria-current={here ? "true" : undefined}>
        <span className="row-top">
          <span className="row-name">
            {isUnread && <span className="unseen">Unread: </span>}
            {name}
          </span>
          <time dateTime={row.last_at}>{ago(row.last_at, now)}</time>
        </span>
        <span className="row-snippet">{row.snippet || "No message yet"}</span>
        <span className="row-meta">
          <span className="row-channel">{channelName(row.channel)}</span>
          {row.topic && <span>{row.topic}</span>}
          {row.agent ? <span>{mine ? "you" : row.agent.name}</span> : row.offered_to ? <span>offered</span> : null}
          {row.state === "bot" && <span>bot</span>}
          {row.state === "external" && <span>other desk</span>}
          {row.callback && <span className="mark-priority">wants a call</span>}
          {row.priority > 0 && <span className="mark-priority">priority</span>}
          {row.tags.slice(0, 1).map((tag) => (
            <span key={tag} className="tag">
              {tag}
            </span>
          ))}
          <span className="row-end">
            {row.snoozed_until ? (
              <span title={`Snoozed until ${moment(row.snoozed_until)}`}>until {moment(row.snoozed_until)}</span>
            ) : row.waiting_for_customer ? (
              <span>waits for customer</span>
            ) : (
              row.sla && <SlaClock sla={row.sla} />
            )}
          </span>
        </span>
      </Link>
    </div>
  );
});
