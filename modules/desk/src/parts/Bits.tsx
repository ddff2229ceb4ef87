import { useEffect, useRef, type MouseEvent, type ReactNode } from "react";
import type { Row, State } from "../api";
import { go } from "../lib/route";
import { useNow } from "../lib/now";
import { due, moment } from "../lib/time";
import { Icon } from "./Icon";

/** A link within the desk: a real address, opened here unless the agent wants it elsewhere. */
export function Link({
  to,
  children,
  ...more
}: { to: string; children: ReactNode } & Omit<React.AnchorHTMLAttributes<HTMLAnchorElement>, "href">) {
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    more.onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a {...more} href={to} onClick={click}>
      {children}
    </a>
  );
}

export const nameOfRow = (row: Row) => row.contact.name ?? row.contact.address;
export const CHANNELS: Record<string, string> = { sms: "SMS", whatsapp: "WhatsApp", rcs: "RCS" };
export const channelName = (channel: string) => CHANNELS[channel.toLowerCase()] ?? channel;

export function initials(name: string): string {
  const parts = name.replace(/[^\p{L}\s]/gu, "").trim().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return name.slice(-2);
  return (parts[0]![0]! + (parts.length > 1 ? parts[parts.length - 1]![0]! : "")).toUpperCase();
}

export function Avatar({ name, hue }: { name: string; hue?: string }) {
  let sum = 0;
  for (const character of hue ?? name) sum = (sum * 31 + character.charCodeAt(0)) % 6;
  return (
    <span className={`avatar hue-${sum}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

const SLA_WORDS = { first: "first reply", next: "next reply", resolution: "resolution" };

export function SlaClock({ sla, long = false }: { sla: NonNullable<Row["sla"]>; long?: boolean }) {
  const near = Math.abs(Date.parse(sla.due_at) - Date.now()) < 600_000;
  const now = useNow(near ? 1 : 30);
  const left = due(sla.due_at, now);
  const state = left.over ? "breached" : sla.state;
  return (
    <span className={`sla sla-${state}`} title={`${SLA_WORDS[sla.kind]} due ${moment(sla.due_at)}`}>
      <span className="unseen">{SLA_WORDS[sla.kind]} due in </span>
      {long && <span aria-hidden="true">{SLA_WORDS[sla.kind]} </span>}
      {left.text}
    </span>
  );
}

export const STATE_WORDS: Record<State, string> = {
  bot: "With the bot",
  queued: "Waiting for an agent",
  agent: "With an agent",
  external: "With another desk",
  closed: "Closed",
};

/** A modal dialog: the browser keeps the focus in it and gives it back. */
export function Modal({
  title,
  onClose,
  children,
  wide = false,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? "modal wide" : "modal"}
      aria-labelledby="modal-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => event.target === event.currentTarget && onClose()}
    >
      <div className="modal-body">
        <header className="modal-head">
          <h2 id="modal-title">{title}</h2>
          <button type="button" className="ghost square" aria-label="Close dialog" onClick={onClose}>
            <Icon name="cross" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children && <p>{children}</p>}
    </div>
  );
}
