// Which conversations were read up to when, in this browser; the newest 3,000 are remembered.

const KEY = "parley.seen";
let seen: Map<string, string>;
try {
  seen = new Map(JSON.parse(localStorage.getItem(KEY) ?? "[]") as [string, string][]);
} catch {
  seen = new Map();
}
let due: ReturnType<typeof setTimeout> | null = null;

export const unread = (id: string, lastAt: string) => (seen.get(id) ?? "") < lastAt;

export function read(id: string, lastAt: string) {
  if (!unread(id, lastAt)) return;
  seen.delete(id);
  seen.set(id, lastAt);
  due ??= setTimeout(() => {
    due = null;
    seen = new Map([...seen].slice(-3000));
    try {
      localStorage.setItem(KEY, JSON.stringify([...seen]));
    } catch {
      // Marks that cannot be kept last as long as the page.
    }
  }, 500);
}
