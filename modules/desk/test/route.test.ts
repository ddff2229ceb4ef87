import { describe, expect, it } from "vitest";
import { inbox, parse } from "../src/lib/route";

describe("addresses", () => {
  it("lead to a conversation in its folder", () => {
    const route = parse(inbox("topic:care", "4a03"), "");

    expect(route).toMatchObject({ view: "inbox", folder: "topic:care", conversation: "4a03", part: null });
  });

  it("that other systems were given lead to a conversation whichever its folder is", () => {
    const route = parse("/desk/conversations/4a03", "");

    expect(route).toMatchObject({ view: "inbox", folder: "all", conversation: "4a03" });
  });
});
