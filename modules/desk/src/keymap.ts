// Every key of the desk, with what it does; the help shows this list.

import type { Key } from "./lib/keys";
import { go, route } from "./lib/route";
import {
  acceptOffer,
  declineOffer,
  leads,
  openDialog,
  openNeighbour,
  reads,
  take,
  toggleContext,
  useDesk,
} from "./state";

/** Sends the focus to what carries this mark. */
export function focusOn(mark: string) {
  const found = document.querySelector<HTMLElement>(`[data-focus="${mark}"]`);
  found?.focus();
  if (found instanceof HTMLInputElement) found.select();
}

function withOpen(act: (id: string) => void) {
  return () => {
    const { conversation } = route();
    if (conversation && !reads()) act(conversation);
  };
}

const chosen = () => {
  const { selected } = useDesk.getState();
  if (selected.size > 0) return [...selected];
  const { conversation } = route();
  return conversation ? [conversation] : [];
};

function tab(name: "reply" | "note") {
  window.dispatchEvent(new CustomEvent("desk-tab", { detail: name }));
}

export const KEYS: Key[] = [
  { keys: "Alt+J", says: "Next conversation", act: () => openNeighbour(1) },
  { keys: "Alt+K", says: "Previous conversation", act: () => openNeighbour(-1) },
  { keys: "Alt+T", says: "Take the conversation", act: withOpen((id) => void take(id)) },
  { keys: "Alt+L", says: "Write a reply", act: withOpen(() => tab("reply")) },
  { keys: "Alt+P", says: "Write a note", act: withOpen(() => tab("note")) },
  {
    keys: "Alt+M",
    says: "Snooze (what is selected, or what is open)",
    act: () => !reads() && chosen().length > 0 && openDialog({ open: "snooze", ids: chosen() }),
  },
  {
    keys: "Alt+A",
    says: "Assign",
    act: () => !reads() && chosen().length > 0 && openDialog({ open: "assign", ids: chosen() }),
  },
  {
    keys: "Alt+E",
    says: "Close",
    act: () => !reads() && chosen().length > 0 && openDialog({ open: "close", ids: chosen(), next: false }),
  },
  {
    keys: "Mod+Alt+E",
    says: "Close, and open the next",
    act: withOpen((id) => openDialog({ open: "close", ids: [id], next: true })),
  },
  { keys: "Alt+O", says: "Show or hide the context panel", act: () => toggleContext() },
  { keys: "Mod+Alt+A", says: "Attach a file's address", act: withOpen(() => window.dispatchEvent(new Event("desk-attach"))) },
  {
    keys: "Alt+Y",
    says: "Accept the offered conversation",
    act: () => useDesk.getState().offers[0] && void acceptOffer(useDesk.getState().offers[0]!),
  },
  {
    keys: "Alt+N",
    says: "Decline the offered conversation",
    act: () => useDesk.getState().offers[0] && void declineOffer(useDesk.getState().offers[0]!),
  },
  { keys: "Alt+H", says: "Go to the messages", act: () => focusOn("log") },
  { keys: "Alt+I", says: "Go to the list", act: () => focusOn("list") },
  { keys: "Alt+B", says: "Board (leads)", act: () => leads() && go("/desk/board") },
  { keys: "/", says: "Search", act: () => focusOn("search") },
  { keys: "?", says: "This help", act: () => openDialog({ open: "keys" }) },
];
