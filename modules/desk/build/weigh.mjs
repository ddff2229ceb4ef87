// Weighs what a browser loads before the first view: the page, and the entry with all it imports at once.
import { readFileSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 110;
const app = new URL("../target/classes/desk/", import.meta.url);
const written = new URL("manifest.json", app);
const manifest = JSON.parse(readFileSync(written, "utf8"));
rmSync(written);

const files = new Set(["index.html"]);
const chunks = Object.values(manifest).filter((chunk) => chunk.isEntry);
for (const chunk of chunks) {
  files.add(chunk.file);
  for (const style of chunk.css ?? []) files.add(style);
  for (const name of chunk.imports ?? []) if (!chunks.includes(manifest[name])) chunks.push(manifest[name]);
}

const kilobytes = (name) => gzipSync(readFileSync(new URL(name, app))).length / 1000;
const weights = [...files].map((name) => [name, kilobytes(name)]);
const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
for (const [name, weight] of weights) console.log(`  ${weight.toFixed(1).padStart(6)} kB  ${name}`);
console.log(`The desk's first load: ${total.toFixed(1)} kB gzip (limit ${LIMIT_KB} kB).`);
if (total > LIMIT_KB) {
  console.error(`The desk's first load is above ${LIMIT_KB} kB: load what is not needed at once by import().`);
  process.exit(1);
}
