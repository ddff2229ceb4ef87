// The keyboard map. Letters are found by their place on the keyboard, since Option changes what a Mac types.

export interface Key {
  /** `Alt+J`, `Mod+Alt+E`, `/`, `?`; Mod is Command on a Mac and Control elsewhere. */
  keys: string;
  says: string;
  act: () => void;
}

export const onMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

export function named(keys: string): string {
  if (!onMac) return keys.replace("Mod", "Ctrl");
  return keys.replace("Mod+", "⌘").replace("Alt+", "⌥");
}

interface Press {
  key: string;
  code: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

export function presses(event: Press, keys: string, mac = onMac): boolean {
  const parts = keys.split("+");
  const key = parts.pop()!;
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  if (other || mod !== parts.includes("Mod") || event.altKey !== parts.includes("Alt")) return false;
  return /^[A-Z]$/.test(key) ? event.code === `Key${key}` : event.key === key;
}

/** Whether what has the focus takes plain characters for itself. */
export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && Boolean(target.closest("input, textarea, select, [contenteditable]"));
}
