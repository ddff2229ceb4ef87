// What a flow's traffic says, as it is drawn and listed.

import type { FlowTraffic } from "../api";

/** How many came to a widget. None is counted as coming to the trigger, so what left it came there. */
export function came(flow: FlowTraffic, name: string): number {
  const counted = flow.reached[name] ?? 0;
  const isTrigger = flow.widgets.find((widget) => widget.name === name)?.type === "trigger";
  return isTrigger ? Math.max(counted, sum(flow.edges.filter((edge) => edge.from === name))) : counted;
}

const sum = (edges: { count: number }[]) => edges.reduce((all, edge) => all + edge.count, 0);

/** Edges between the same two widgets as one, so that what is written on them can be read. */
export function bundled<E extends { from: string; to: string }>(edges: E[]): E[][] {
  const bundles = new Map<string, E[]>();
  for (const edge of edges) {
    const key = `${edge.from}\n${edge.to}`;
    bundles.set(key, [...(bundles.get(key) ?? []), edge]);
  }
  return [...bundles.values()];
}
