import { expect, test } from "vitest";
import { ago, countdown, due, lasting, snoozes, wallClock } from "../src/lib/time";

const now = Date.parse("2026-03-02T12:00:00Z");
const later = (seconds: number) => new Date(now + seconds * 1000).toISOString();

test("a countdown shows seconds below an hour and never goes below zero", () => {
  expect(countdown(29_001)).toBe("0:30");
  expect(countdown(245_000)).toBe("4:05");
  expect(countdown(-5)).toBe("0:00");
  expect(countdown(7_800_000)).toBe("2 h 10 min");
  expect(countdown(100 * 3_600_000)).toBe("4 d 4 h");
});

test("what is due says how much is left, and by how much it is over", () => {
  expect(due(later(90), now)).toEqual({ over: false, text: "1:30" });
  expect(due(later(-1500), now)).toEqual({ over: true, text: "25 min over" });
});

test("how long ago is short enough for a list", () => {
  expect(ago(later(-20), now)).toBe("now");
  expect(ago(later(-300), now)).toBe("5 min");
  expect(ago(later(-3 * 86_400), now)).toBe("3 d");
});

test("a span that is not known is a dash", () => {
  expect(lasting(null)).toBe("–");
  expect(lasting(42)).toBe("42 s");
  expect(lasting(3900)).toBe("1 h 5 min");
});

test("on a Sunday tomorrow is Monday and is not offered twice", () => {
  const labels = (day: string) => snoozes(new Date(day)).map((choice) => choice.label);
  expect(labels("2026-03-01T12:00:00")).not.toContain("Monday at nine");
  expect(labels("2026-03-02T12:00:00")).toContain("Monday at nine");
});

test("the customer's own clock is read off as it stands there", () => {
  expect(wallClock("2026-11-23T00:09:15-08:00")).toBe("00:09");
  expect(wallClock("14:12")).toBe("14:12");
});
