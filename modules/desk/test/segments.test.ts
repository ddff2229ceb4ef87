import { expect, test } from "vitest";
import { segmentsOf } from "../src/lib/segments";

test("an empty text has no segment", () => {
  expect(segmentsOf("")).toMatchObject({ encoding: "GSM-7", units: 0, segments: 0, left: 160 });
});

test("160 characters of GSM-7 are one segment and 161 are two of 153", () => {
  expect(segmentsOf("a".repeat(160))).toMatchObject({ segments: 1, left: 0 });
  expect(segmentsOf("a".repeat(161))).toMatchObject({ segments: 2, perSegment: 153, left: 145 });
  expect(segmentsOf("a".repeat(306)).segments).toBe(2);
  expect(segmentsOf("a".repeat(307)).segments).toBe(3);
});

test("an extension character takes two septets", () => {
  expect(segmentsOf("€{}")).toMatchObject({ encoding: "GSM-7", units: 6 });
});

test("an extension character is not parted between segments", () => {
  // 152 septets, then an escape that does not fit into the one that is left.
  const text = "a".repeat(152) + "€" + "a".repeat(151);
  expect(segmentsOf(text)).toMatchObject({ units: 305, segments: 2, left: 0 });
  expect(segmentsOf(text + "a").segments).toBe(3);
});

test("one character outside the alphabet makes the whole text UCS-2, and is named", () => {
  expect(segmentsOf("it’s “here”")).toMatchObject({ encoding: "UCS-2", outside: ["’", "“", "”"] });
  expect(segmentsOf("ç").encoding).toBe("UCS-2");
  expect(segmentsOf("Ç").encoding).toBe("GSM-7");
});

test("70 units of UCS-2 are one segment and 71 are two of 67", () => {
  expect(segmentsOf("я".repeat(70)).segments).toBe(1);
  expect(segmentsOf("я".repeat(71))).toMatchObject({ segments: 2, perSegment: 67, left: 63 });
});

test("an emoji counts two units and is not parted", () => {
  expect(segmentsOf("😀")).toMatchObject({ units: 2, segments: 1, left: 68 });
  expect(segmentsOf("я".repeat(66) + "😀" + "я".repeat(65)).segments).toBe(2);
  expect(segmentsOf("я".repeat(66) + "😀" + "я".repeat(66)).segments).toBe(3);
});
