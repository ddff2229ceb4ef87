// Canned replies and templates: finding one by "/" and filling its variables in.

export interface Filled {
  text: string;
  /** Variables that nothing is known for; they stay in the text as they stand. */
  missing: string[];
}

const VARIABLE = /\{\{\s*([\w.]+)\s*\}\}/g;

export function fill(text: string, values: Record<string, string | null | undefined>): Filled {
  const missing: string[] = [];
  const filled = text.replace(VARIABLE, (whole, name: string) => {
    const value = values[name];
    if (value !== undefined && value !== null && value !== "") return value;
    if (!missing.includes(name)) missing.push(name);
    return whole;
  });
  return { text: filled, missing };
}

export function variablesOf(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(VARIABLE), (match) => match[1]!))];
}

/** What stands after a "/" that begins the word at the caret, or null where there is none. */
export function slashAt(text: string, caret: number): { from: number; query: string } | null {
  const match = /(?:^|\s)\/([\w-]*)$/.exec(text.slice(0, caret));
  return match ? { from: caret - match[1]!.length - 1, query: match[1]!.toLowerCase() } : null;
}

export function matching<T extends { name: string; text: string }>(canned: T[], query: string): T[] {
  const begins = canned.filter((reply) => reply.name.toLowerCase().startsWith(query));
  const holds = canned.filter(
    (reply) =>
      !begins.includes(reply) &&
      (reply.name.toLowerCase().includes(query) || reply.text.toLowerCase().includes(query)),
  );
  return [...begins, ...holds].slice(0, 8);
}

/** The variables that canned replies may name, of what is known of the conversation. */
export function known(
  agent: string,
  contact: { name: string | null; address: string; external_id: string | null },
  person: Record<string, unknown>,
  cart: { url: string | null; total: number | string | null; currency: string | null } | null,
): Record<string, string | null> {
  const values: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(person)) {
    if (typeof value === "string" || typeof value === "number") values[name] = String(value);
  }
  const name = contact.name ?? values.name ?? null;
  return {
    ...values,
    name,
    first_name: values.first_name ?? name?.split(" ")[0] ?? null,
    agent,
    agent_first_name: agent.split(" ")[0] ?? null,
    address: contact.address,
    external_id: contact.external_id,
    cart_url: cart?.url ?? null,
    cart_total: cart?.total != null ? `${cart.total} ${cart.currency ?? ""}`.trim() : null,
  };
}
