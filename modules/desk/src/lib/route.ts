// Where the desk stands, kept in the address so that every view can be linked to.

import { useSyncExternalStore } from "react";

export interface Route {
  view: string;
  /** Of the inbox: mine, unassigned, topic:care ... */
  folder: string;
  conversation: string | null;
  /** What is shown of the conversation beside its thread: timeline, or nothing. */
  part: string | null;
  /** The rest of the address of the other views: a flow's name, an invitation. */
  name: string | null;
  query: URLSearchParams;
}

const BASE = "/desk";

export function parse(path: string, search: string): Route {
  const parts = path
    .slice(BASE.length)
    .split("/")
    .filter(Boolean)
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
  const [view = "inbox", one = null, two = null, three = null] = parts;
  const query = new URLSearchParams(search);
  if (view === "inbox") {
    return { view, folder: one ?? "mine", conversation: two, part: three, name: null, query };
  }
  // What links of others lead to, who know a conversation and no folder.
  if (view === "conversations" && one) {
    return { view: "inbox", folder: "all", conversation: one, part: two, name: null, query };
  }
  return { view, folder: "mine", conversation: null, part: null, name: one, query };
}

export function inbox(folder: string, conversation?: string | null, query?: URLSearchParams, part?: string): string {
  const path = ["inbox", folder, conversation, conversation ? part : null]
    .filter((one): one is string => Boolean(one))
    .map((one) => encodeURIComponent(one).replaceAll("%3A", ":"))
    .join("/");
  const asked = query?.toString();
  return `${BASE}/${path}${asked ? `?${asked}` : ""}`;
}

const listeners = new Set<() => void>();
let current = typeof location === "undefined" ? parse(BASE, "") : parse(location.pathname, location.search);
let address = "";

function moved() {
  const next = location.pathname + location.search;
  if (next === address) return;
  address = next;
  current = parse(location.pathname, location.search);
  for (const listener of listeners) listener();
}
if (typeof window !== "undefined") {
  address = location.pathname + location.search;
  window.addEventListener("popstate", moved);
}

export function go(to: string, replace = false) {
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  moved();
}

export const route = () => current;

export function useRoute(): Route {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
