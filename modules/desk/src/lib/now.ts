// One clock for all countdowns: it ticks once a second, and only while somebody looks.

import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let now = Date.now();
let ticking: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void) {
  listeners.add(listener);
  ticking ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && ticking) {
      clearInterval(ticking);
      ticking = null;
    }
  };
}

/** The time, coarse to `seconds`, so that what shows minutes is drawn no more often than it changes. */
export function useNow(seconds = 1): number {
  return useSyncExternalStore(subscribe, () => Math.floor(now / (seconds * 1000)) * seconds * 1000);
}
