import { useState } from "react";
import { nameOf, titleOf, type Status } from "../api";
import { inbox, useRoute } from "../lib/route";
import { theme, wear, type Theme } from "../lib/theme";
import { dropView, leads, openDialog, setStatus, signOut, useDesk } from "../state";
import { Avatar, Link } from "./Bits";
import { Icon, type IconName } from "./Icon";

export const FOLDERS: [string, string, IconName][] = [
  ["mine", "Mine", "mine"],
  ["unassigned", "Unassigned", "unassigned"],
  ["all", "All open", "all"],
  ["snoozed", "Snoozed", "snoozed"],
  ["closed", "Closed", "closed"],
  ["bot", "With the bot", "bot"],
];

export function folderName(folder: string, topics: (string | { name: string; title?: string })[]): string {
  const known = FOLDERS.find(([name]) => name === folder);
  if (known) return known[1];
  const topic = folder.replace(/^topic:/, "");
  const found = topics.find((one) => nameOf(one) === topic);
  return titleOf(found ?? topic);
}

const short = (count: number) => (count < 10_000 ? String(count) : `${Math.floor(count / 1000)}k`);

function Entry({ to, icon, label, count, here }: { to: string; icon: IconName; label: string; count?: number; here: boolean }) {
  return (
    <Link to={to} className="nav-entry" aria-current={here ? "page" : undefined}>
      <Icon name={icon} />
      <span className="nav-label">{label}</span>
      {count !== undefined && (
        <span className="count" data-none={count === 0 || undefined}>
          {short(count)}
        </span>
      )}
    </Link>
  );
}

export function Nav() {
  const { view, folder, query } = useRoute();
  const counts = useDesk((desk) => desk.counts);
  const catalogue = useDesk((desk) => desk.catalogue);
  const views = useDesk((desk) => desk.views);
  const session = useDesk((desk) => desk.session)!;
  const { role } = session.user;
  const scope = session.user.topics ?? [];
  const names = new Set([...catalogue.topics.map(nameOf), ...Object.keys(counts?.topics ?? {})]);
  const topics = [...names].filter((topic) => scope.length === 0 || scope.includes(topic));
  const inInbox = view === "inbox";
  const asked = query.toString();

  return (
    <nav className="nav" aria-label="Desk">
      <div className="brand">
        <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="M9 24V9h8.200a5.400 5.400 0 0 1 0 10.800H13V24z" />
          <circle cx="17.200" cy="14.400" r="1.600" />
        </svg>
        <span>Parley</span>
      </div>

      <div className="nav-scroll">
        <h2 className="nav-head">Inbox</h2>
        {FOLDERS.map(([name, label, icon]) => (
          <Entry
            key={name}
            to={inbox(name)}
            icon={icon}
            label={label}
            count={counts?.[name as "mine"]}
            here={inInbox && folder === name && !asked}
          />
        ))}

        {topics.length > 0 && <h2 className="nav-head">Topics</h2>}
        {topics.map((topic) => (
          <Entry
            key={topic}
            to={inbox(`topic:${topic}`)}
            icon="topic"
            label={folderName(`topic:${topic}`, catalogue.topics)}
            count={counts?.topics?.[topic] ?? 0}
            here={inInbox && folder === `topic:${topic}` && !asked}
          />
        ))}

        {views.length > 0 && <h2 className="nav-head">Saved views</h2>}
        {views.map((one) => {
          const kept = new URLSearchParams(one.filters);
          return (
            <div className="nav-row" key={one.name}>
              <Entry
                to={inbox(one.folder, null, kept)}
                icon="view"
                label={one.name}
                here={inInbox && folder === one.folder && kept.toString() === asked}
              />
              <button type="button" className="ghost square" aria-label={`Remove view ${one.name}`} onClick={() => void dropView(one.name)}>
                <Icon name="cross" />
              </button>
            </div>
          );
        })}

        {(leads() || role === "auditor") && (
          <>
            <h2 className="nav-head">Lead</h2>
            <Entry to="/desk/board" icon="board" label="Board" here={view === "board"} />
            <Entry to="/desk/flows" icon="flows" label="Flows" here={view === "flows"} />
            <Entry to="/desk/dead-letters" icon="dead" label="Dead letters" here={view === "dead-letters"} />
            <Entry to="/desk/transcripts" icon="transcripts" label="Transcripts" here={view === "transcripts"} />
          </>
        )}
        {(role === "admin" || role === "auditor") && (
          <>
            <h2 className="nav-head">Admin</h2>
            <Entry to="/desk/users" icon="users" label="Users" here={view === "users"} />
            <Entry to="/desk/audit" icon="audit" label="Audit" here={view === "audit"} />
          </>
        )}
      </div>
      <Me />
    </nav>
  );
}

function Me() {
  const session = useDesk((desk) => desk.session)!;
  const [worn, setWorn] = useState<Theme>(theme());
  return (
    <div className="me">
      <div className="me-row">
        <Avatar name={session.user.name} />
        <span className="me-name">
          <strong>{session.user.name}</strong>
          <span>{session.user.role}</span>
        </span>
      </div>
      <div className="me-row">
        <span className={`dot dot-${session.status}`} aria-hidden="true" />
        <select
          aria-label="Your status"
          value={session.status}
          disabled={session.user.role === "auditor"}
          onChange={(event) => void setStatus(event.target.value as Status)}
        >
          <option value="online">Online</option>
          <option value="away">Away</option>
          <option value="offline">Offline</option>
        </select>
        <select
          aria-label="Colours"
          value={worn}
          onChange={(event) => {
            const chosen = event.target.value as Theme;
            setWorn(chosen);
            wear(chosen);
          }}
        >
          <option value="system">System</option>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
        </select>
      </div>
      <div className="me-row">
        <button type="button" className="ghost small" onClick={() => openDialog({ open: "keys" })}>
          <Icon name="keys" /> Keys
        </button>
        <button type="button" className="ghost small" onClick={() => void signOut()}>
          <Icon name="leave" /> Sign out
        </button>
      </div>
    </div>
  );
}
