import {
  Background,
  Controls,
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  type Edge,
  type Node,
  type NodeProps,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import "../styles/flow.css";
import { useEffect, useMemo, useState } from "react";
import { get, seg, type FlowTraffic, type PathStep } from "../api";
import { laidOut } from "../lib/layout";
import { bundled, came } from "../lib/traffic";

interface WidgetOnMap extends Record<string, unknown> {
  name: string;
  type: string | null;
  lit: boolean;
  here: boolean;
  reached: number | null;
  left: number | null;
}

function Widget({ data }: NodeProps<Node<WidgetOnMap>>) {
  return (
    <div className="widget" data-lit={data.lit || undefined} data-here={data.here || undefined}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <strong>{data.name}</strong>
      {data.type && <span>{data.type}</span>}
      {data.reached !== null && (
        <span className="widget-traffic">
          {data.reached.toLocaleString()} came
          {data.left ? <em>, {data.left.toLocaleString()} left here</em> : null}
        </span>
      )}
      {data.here && <span className="widget-here">stands here</span>}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}

const KINDS = { widget: Widget };

/** A flow drawn: with the way that one conversation took lit, or with what all of them did. */
export default function FlowMap({ name, at, path, traffic }: { name: string; at: string | null; path: PathStep[]; traffic?: FlowTraffic }) {
  const [read, setRead] = useState<FlowTraffic | null>(traffic ?? null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (traffic) return;
    // Whoever may not see the whole flow sees the way that was taken.
    get<FlowTraffic>(`/flows/${seg(name)}`).then(setRead, () => setFailed(true));
  }, [name, traffic]);
  const drawn = useMemo(() => (read || failed ? drawing(read, at, path, Boolean(traffic)) : null), [read, failed, at, path, traffic]);
  if (!drawn) return <div className="flow-box" role="status" aria-label="The flow is read" />;
  const label = at ? `Flow ${name}, stands at ${at}` : `Flow ${name}`;
  return (
    <div className={traffic ? "flow-box flow-large" : "flow-box"} role="group" aria-label={label}>
      <ReactFlow
        nodes={drawn.nodes}
        edges={drawn.edges}
        nodeTypes={KINDS}
        fitView
        minZoom={0.1}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        nodesFocusable={false}
        proOptions={{ hideAttribution: false }}
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

function drawing(flow: FlowTraffic | null, at: string | null, path: PathStep[], withTraffic: boolean) {
  const lit = new Set(path.flatMap((step) => [step.widget, step.next]).filter((one): one is string => Boolean(one)));
  if (at) lit.add(at);
  const litEdges = new Set(path.map((step) => `${step.widget}\n${step.next}`));
  const known = flow?.widgets ?? [...lit].map((name) => ({ name, type: "", x: 0, y: 0 }));
  const lines =
    flow?.edges ??
    path.filter((step) => step.next).map((step) => ({ from: step.widget, event: step.event ?? "", to: step.next!, count: 0 }));
  const places = laidOut(known, lines);
  const most = Math.max(1, ...lines.map((line) => line.count));

  const nodes: Node<WidgetOnMap>[] = known.map((widget) => ({
    id: widget.name,
    type: "widget",
    position: places.get(widget.name) ?? { x: 0, y: 0 },
    data: {
      name: widget.name,
      type: widget.type || null,
      lit: lit.has(widget.name),
      here: widget.name === at,
      reached: flow && withTraffic ? came(flow, widget.name) : null,
      left: withTraffic ? (flow?.left[widget.name] ?? null) : null,
    },
  }));
  const edges: Edge[] = bundled(lines).map((bundle, index) => {
    const { from, to } = bundle[0]!;
    const taken = litEdges.has(`${from}\n${to}`);
    const count = bundle.reduce((all, line) => all + line.count, 0);
    const whole = flow && withTraffic ? came(flow, from) : 0;
    const share = whole > 0 ? ` (${Math.round((count / whole) * 100)} %)` : "";
    const events = bundle.map((line) => line.event).join(", ");
    return {
      id: String(index),
      source: from,
      target: to,
      label: withTraffic ? `${events} ${count.toLocaleString()}${share}` : events,
      className: taken ? "edge-lit" : "edge-plain",
      markerEnd: { type: MarkerType.ArrowClosed, markerUnits: "userSpaceOnUse", width: 16, height: 16, color: taken ? "var(--accent)" : "var(--line-strong)" },
      style: { strokeWidth: withTraffic ? 1 + 6 * Math.sqrt(count / most) : taken ? 2.5 : 1.2 },
    };
  });
  return { nodes, edges };
}
