import { useEffect, lazy, Suspense } from "react";
import { useRoute } from "../lib/route";
import { toggleContext, useDesk } from "../state";
import { folderName } from "../parts/Nav";
import { List } from "./List";
import { ThreadPane } from "./ThreadPane";

const ContextPanel = lazy(() => import("./ContextPanel"));
const Timeline = lazy(() => import("./Timeline"));

export function Inbox() {
  const { folder, conversation, part } = useRoute();
  const topics = useDesk((desk) => desk.catalogue.topics);
  const thread = useDesk((desk) => desk.thread);
  const contextOpen = useDesk((desk) => desk.contextOpen);
  const who = thread ? (thread.row.contact.name ?? thread.row.contact.address) : null;
  useEffect(() => {
    document.title = `${conversation && who ? `${who} · ` : ""}${folderName(folder, topics)} · Parley desk`;
  }, [conversation, who, folder, topics]);

  return (
    <main id="main" className="inbox" data-open={conversation ? "thread" : "list"} data-context={(conversation && contextOpen) || undefined}>
      <List />
      {conversation && part === "timeline" ? (
        <Suspense fallback={null}>
          <Timeline id={conversation} />
        </Suspense>
      ) : (
        <ThreadPane key={conversation ?? "none"} id={conversation} />
      )}
      {conversation && contextOpen && (
        <>
          <button type="button" className="scrim scrim-context" aria-label="Hide context" onClick={() => toggleContext(false)} />
          <Suspense fallback={<aside className="pane context-pane" aria-label="Context" />}>
            <ContextPanel />
          </Suspense>
        </>
      )}
    </main>
  );
}
