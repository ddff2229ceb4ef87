// Looks at every view in a real Chromium against the stand-in server: screenshots into the folder that is named,
// axe on each, and whatever the console or the content security policy complains of.
//   node dev/look.mjs [--out=target/look] [--only=thread] [--chromium=/usr/bin/chromium]
import { mkdirSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

const option = (name, otherwise) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.split("=")[1] ?? otherwise;
const OUT = option("out", "target/look");
const AT = option("at", "http://127.0.0.1:4600");
const only = option("only", "");
mkdirSync(OUT, { recursive: true });

const browser = await chromium.launch({ executablePath: option("chromium", "/usr/bin/chromium"), args: ["--no-sandbox"] });
let findings = 0;

async function page(name, { scheme = "light", width = 1440, height = 900, user = "ada" } = {}, does) {
  if (only && !name.startsWith(only)) return;
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height }, reducedMotion: "reduce" });
  const shown = await context.newPage();
  shown.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !/401/.test(message.text())) {
      findings += 1;
      console.log(`${name}: console: ${message.text()}`);
    }
  });
  shown.on("pageerror", (error) => {
    findings += 1;
    console.log(`${name}: ${error}`);
  });
  try {
    if (user) {
      await shown.goto(`${AT}/desk/`);
      await shown.getByLabel("Email").fill(`${user}@shop.example`);
      await shown.getByLabel("Password").fill("password");
      await shown.getByRole("button", { name: "Sign in", exact: true }).click();
      await shown.locator(".shell").waitFor();
    }
    await does(shown);
    await shown.waitForTimeout(350);
    await shown.screenshot({ path: `${OUT}/${name}.png` });
    const { violations } = await new AxeBuilder({ page: shown }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
    for (const violation of violations) {
      findings += 1;
      console.log(`${name}: axe ${violation.id}: ${violation.help}`);
      for (const node of violation.nodes.slice(0, 3)) console.log(`    ${node.target}  ${node.any[0]?.message ?? node.all[0]?.message ?? ""}`);
    }
  } catch (problem) {
    findings += 1;
    console.log(`${name}: ${String(problem).split("\n").slice(0, 6).join(" ")}`);
    await shown.screenshot({ path: `${OUT}/${name}-failed.png` });
  }
  await context.close();
}

const to = (path) => (shown) => shown.goto(`${AT}/desk/${path}`);
const thread = (id) => async (shown) => {
  await shown.goto(`${AT}/desk/inbox/all/${id}`);
  await shown.getByRole("log").waitFor();
};
const with_ = (id, more) => async (shown) => {
  await thread(id)(shown);
  await more(shown);
};

for (const scheme of ["light", "dark"]) {
  await page(`signin-${scheme}`, { scheme, user: null }, to(""));
  await page(`inbox-${scheme}`, { scheme }, async (shown) => {
    await shown.goto(`${AT}/desk/inbox/all`);
    await shown.getByRole("listitem").first().waitFor();
  });
  await page(`thread-${scheme}`, { scheme }, thread("cv_000001"));
  await page(`board-${scheme}`, { scheme }, async (shown) => {
    await shown.goto(`${AT}/desk/board`);
    await shown.getByRole("table").first().waitFor();
  });
  await page(`flows-${scheme}`, { scheme }, async (shown) => {
    await shown.goto(`${AT}/desk/flows/abandoned_cart`);
    await shown.locator(".react-flow__node").first().waitFor();
  });
}
await page("invite", { user: null }, to("invite/welcome"));
await page("thread-failed", {}, thread("cv_000005"));
await page("thread-shut", {}, thread("cv_000013"));
await page("thread-optedout", {}, thread("cv_000007"));
await page("thread-quiet", {}, thread("cv_000009"));
await page("thread-queued", {}, thread("cv_000002"));
await page("thread-other", { user: "sam" }, thread("cv_000011"));
await page("thread-typing", {}, with_("cv_000001", async (shown) => {
  await fetch(`${AT}/desk/dev/type?id=cv_000001`);
  await shown.getByText("is typing here").waitFor();
}));
await page("canned", { scheme: "dark" }, with_("cv_000001", (shown) => shown.getByRole("textbox", { name: "Reply" }).fill("/")));
await page("segments", {}, with_("cv_000001", (shown) => shown.getByRole("textbox", { name: "Reply" }).fill("It’s on its way 😀 ".repeat(6))));
await page("note", {}, with_("cv_000001", (shown) => shown.getByRole("tab", { name: "Note" }).click()));
await page("flow-lit", {}, with_("cv_000001", async (shown) => {
  await shown.getByRole("button", { name: "Draw the flow" }).click();
  await shown.locator(".react-flow__node").first().waitFor();
  await shown.locator(".flow-box").scrollIntoViewIfNeeded();
}));
await page("close", {}, with_("cv_000001", async (shown) => {
  await shown.keyboard.press("Alt+KeyE");
  await shown.getByRole("dialog").waitFor();
}));
await page("snooze", { scheme: "dark" }, with_("cv_000001", (shown) => shown.keyboard.press("Alt+KeyM")));
await page("assign", {}, with_("cv_000001", (shown) => shown.keyboard.press("Alt+KeyA")));
await page("keys", {}, async (shown) => {
  await shown.goto(`${AT}/desk/inbox/all`);
  await shown.getByRole("listitem").first().waitFor();
  await shown.keyboard.press("?");
  await shown.getByRole("dialog").waitFor();
});
await page("offer", {}, with_("cv_000001", async (shown) => {
  await fetch(`${AT}/desk/dev/offer?to=ada`);
  await shown.getByRole("button", { name: "Accept" }).waitFor();
}));
await page("bulk", {}, async (shown) => {
  await shown.goto(`${AT}/desk/inbox/unassigned?channel=sms`);
  await shown.getByRole("checkbox").first().check();
  await shown.getByRole("checkbox").nth(1).check();
});
await page("timeline", {}, async (shown) => {
  await shown.goto(`${AT}/desk/inbox/all/cv_000003/timeline`);
  await shown.getByText("a reply").first().waitFor();
});
for (const view of ["dead-letters", "transcripts", "users", "audit"]) await page(view, {}, to(view));
await page("narrow", { width: 900 }, thread("cv_000001"));
await page("tablet-menu", { width: 900 }, async (shown) => {
  await shown.goto(`${AT}/desk/inbox/all`);
  await shown.getByRole("button", { name: "Open menu" }).click();
});
const phone = { width: 390, height: 844 };
await page("phone-list", phone, async (shown) => {
  await shown.goto(`${AT}/desk/inbox/all`);
  await shown.getByRole("listitem").first().waitFor();
});
await page("phone-thread", { ...phone, scheme: "dark" }, thread("cv_000001"));
await page("phone-context", phone, with_("cv_000001", (shown) => shown.getByRole("button", { name: "Context panel" }).click()));
await page("phone-board", phone, to("board"));

await browser.close();
console.log(findings === 0 ? "Nothing was found." : `${findings} findings.`);
process.exitCode = findings === 0 ? 0 : 1;
