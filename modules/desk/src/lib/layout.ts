// Where a flow's widgets stand: where its author put them, else in rows by their distance from the first.

interface Standing {
  name: string;
  x: number;
  y: number;
}

const ACROSS = 240;
const DOWN = 130;

export function laidOut(
  widgets: Standing[],
  edges: { from: string; to: string }[],
): Map<string, { x: number; y: number }> {
  const spots = new Set(widgets.map((widget) => `${widget.x},${widget.y}`));
  if (widgets.length > 1 && spots.size > widgets.length / 2) {
    return new Map(widgets.map(({ name, x, y }) => [name, { x, y }]));
  }
  const targets = new Set(edges.map((edge) => edge.to));
  const level = new Map<string, number>();
  const queue = widgets.filter((widget) => !targets.has(widget.name)).map((widget) => widget.name);
  if (queue.length === 0 && widgets[0]) queue.push(widgets[0].name);
  for (const name of queue) level.set(name, 0);
  while (queue.length > 0) {
    const name = queue.shift()!;
    for (const edge of edges) {
      if (edge.from === name && !level.has(edge.to)) {
        level.set(edge.to, level.get(name)! + 1);
        queue.push(edge.to);
      }
    }
  }
  const rows = new Map<number, string[]>();
  for (const { name } of widgets) {
    const row = level.get(name) ?? 0;
    rows.set(row, [...(rows.get(row) ?? []), name]);
  }
  const places = new Map<string, { x: number; y: number }>();
  for (const [row, names] of rows) {
    names.forEach((name, index) => places.set(name, { x: (index - (names.length - 1) / 2) * ACROSS, y: row * DOWN }));
  }
  return places;
}
