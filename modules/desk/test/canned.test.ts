import { expect, test } from "vitest";
import { fill, known, matching, slashAt, variablesOf } from "../src/lib/canned";

const contact = { name: "Mira Novak", address: "+15550100", external_id: "c-9" };

test("variables are filled from what is known, and the rest is named", () => {
  const values = known("Sam Reed", contact, { first_name: "Mira", city: "Graz" }, null);
  expect(fill("Hi {{first_name}} in {{ city }}, {{agent}} here: {{cart_url}}", values)).toEqual({
    text: "Hi Mira in Graz, Sam Reed here: {{cart_url}}",
    missing: ["cart_url"],
  });
});

test("the first name is the name's first word where nothing better is known", () => {
  expect(known("Sam", contact, {}, null).first_name).toBe("Mira");
  expect(known("Sam", { ...contact, name: null }, {}, null).first_name).toBeNull();
});

test("a slash counts only where a word begins", () => {
  expect(slashAt("/gre", 4)).toEqual({ from: 0, query: "gre" });
  expect(slashAt("hello /", 7)).toEqual({ from: 6, query: "" });
  expect(slashAt("and/or", 6)).toBeNull();
  expect(slashAt("https://x", 9)).toBeNull();
});

test("names that begin so come before texts that hold it", () => {
  const canned = [
    { name: "bye", text: "Thanks for your size" },
    { name: "size-help", text: "…" },
  ];
  expect(matching(canned, "size").map((reply) => reply.name)).toEqual(["size-help", "bye"]);
});

test("a template's variables are listed once each", () => {
  expect(variablesOf("{{1}} and {{2}} and {{1}}")).toEqual(["1", "2"]);
});
