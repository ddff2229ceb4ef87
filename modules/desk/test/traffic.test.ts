import { expect, test } from "vitest";
import type { FlowTraffic } from "../src/api";
import { bundled, came } from "../src/lib/traffic";

const FLOW: FlowTraffic = {
  name: "care",
  revision: 1,
  widgets: [
    { name: "Trigger", type: "trigger", x: 0, y: 0 },
    { name: "question", type: "send-and-wait-for-reply", x: 0, y: 200 },
  ],
  edges: [
    { from: "Trigger", event: "incomingMessage", to: "person", count: 2 },
    { from: "Trigger", event: "incomingRequest", to: "question", count: 5 },
    { from: "person", event: "failedToEnqueue", to: "sorry", count: 0 },
    { from: "person", event: "callFailure", to: "sorry", count: 1 },
  ],
  reached: { question: 5 },
  left: {},
};

test("what left the trigger came to it", () => {
  expect(came(FLOW, "Trigger")).toBe(7);
  expect(came(FLOW, "question")).toBe(5);
  expect(came(FLOW, "sorry")).toBe(0);
});

test("edges between the same two widgets are one", () => {
  expect(bundled(FLOW.edges).map((bundle) => bundle.map((edge) => edge.event))).toEqual([
    ["incomingMessage"],
    ["incomingRequest"],
    ["failedToEnqueue", "callFailure"],
  ]);
});
