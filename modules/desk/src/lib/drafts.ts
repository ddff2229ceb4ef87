// What was typed and not sent, per conversation; it outlives a reload and goes at sign-out.

export interface Draft {
  text: string;
  note: string;
  /** The id under which the text goes out, kept until an answer came, so that nothing is sent twice. */
  draft: string;
}

const PREFIX = "parley.draft.";

export function draftOf(conversation: string): Draft {
  try {
    const kept = localStorage.getItem(PREFIX + conversation);
    if (kept) return JSON.parse(kept) as Draft;
  } catch {
    // A store that cannot be read holds no draft.
  }
  return { text: "", note: "", draft: crypto.randomUUID() };
}

export function keepDraft(conversation: string, draft: Draft) {
  try {
    if (draft.text || draft.note) localStorage.setItem(PREFIX + conversation, JSON.stringify(draft));
    else localStorage.removeItem(PREFIX + conversation);
  } catch {
    // Without a store the draft lives as long as the page.
  }
}

export function dropDrafts() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
