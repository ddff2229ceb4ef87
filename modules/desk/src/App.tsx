import { lazy, Suspense, useEffect } from "react";
import { Nav } from "./parts/Nav";
import { Offers } from "./parts/Offers";
import { Icon } from "./parts/Icon";
import { go, inbox, useRoute } from "./lib/route";
import { KEYS } from "./keymap";
import { presses, typing } from "./lib/keys";
import { dismiss, listen, toggleMenu, useDesk } from "./state";
import { Inbox } from "./views/Inbox";
import { SignIn } from "./views/SignIn";

const Dialogs = lazy(() => import("./parts/Dialogs"));
const Lead = lazy(() => import("./views/Lead"));
const Invite = lazy(() => import("./views/Invite"));

const LEAD_VIEWS = ["board", "flows", "dead-letters", "transcripts", "users", "audit"];

export function App() {
  const { view, name } = useRoute();
  const session = useDesk((desk) => desk.session);
  const out = useDesk((desk) => desk.out);
  const broken = useDesk((desk) => desk.broken);

  if ((view === "invite" || view === "invites") && name) {
    return (
      <Suspense fallback={<Waiting />}>
        <Invite token={name} />
      </Suspense>
    );
  }
  if (session) return <Shell />;
  if (out) return <SignIn out={out} />;
  return <Waiting says={broken ?? undefined} />;
}

export function Waiting({ says = "Loading…" }: { says?: string }) {
  return (
    <main className="waiting">
      <p role="status">{says}</p>
    </main>
  );
}

function Shell() {
  const { view, folder, conversation } = useRoute();
  const live = useDesk((desk) => desk.live);
  const said = useDesk((desk) => desk.said);
  const menuOpen = useDesk((desk) => desk.menuOpen);
  const dialog = useDesk((desk) => desk.dialog);

  useEffect(() => {
    if (view === "" || (view === "inbox" && !conversation && !location.pathname.startsWith("/desk/inbox"))) go(inbox("mine"), true);
  }, [view]);
  useEffect(() => {
    listen(conversation);
  }, [conversation]);
  useEffect(() => {
    toggleMenu(false);
  }, [view, folder, conversation]);
  useKeys();

  return (
    <div className="shell" data-view={view} data-menu={menuOpen || undefined}>
      <a className="skip" href="#main">
        Skip to the conversations
      </a>
      <Nav />
      {menuOpen && <button type="button" className="scrim" aria-label="Close menu" onClick={() => toggleMenu(false)} />}
      <div className="stage">
        {!live && (
          <p className="bar bar-warn" role="status">
            The connection is lost. Parley is being reached again; nothing that you write is lost.
          </p>
        )}
        <Offers />
        {LEAD_VIEWS.includes(view) ? (
          <Suspense fallback={<Waiting />}>
            <Lead />
          </Suspense>
        ) : (
          <Inbox />
        )}
      </div>
      {dialog && (
        <Suspense fallback={null}>
          <Dialogs dialog={dialog} />
        </Suspense>
      )}
      <Notices />
      <p className="unseen" role="status" aria-live="polite">
        {said}
      </p>
    </div>
  );
}

function Notices() {
  const notices = useDesk((desk) => desk.notices);
  return (
    <div className="notices" role="region" aria-label="Notices" aria-live="polite">
      {notices.map((one) => (
        <div key={one.id} className={`notice notice-${one.kind}`}>
          <span>{one.text}</span>
          <button type="button" className="ghost square" aria-label="Dismiss notice" onClick={() => dismiss(one.id)}>
            <Icon name="cross" />
          </button>
        </div>
      ))}
    </div>
  );
}

function useKeys() {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
      const found = KEYS.find((key) => presses(event, key.keys));
      if (!found || (!found.keys.includes("+") && typing(event.target))) return;
      event.preventDefault();
      found.act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
