// Fails when a storefront page loads more than 300 kB (gzip) of script before its first content.
// Counted for each page: the entry, the storefront layout, the page, the larger language's texts
// and everything they import statically. Run after `npm run build`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const limit = 300_000;
const dist = new URL("../../internal/edge/web/dist/", import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
const gzipped = new Map();

function size(file) {
  if (!gzipped.has(file)) gzipped.set(file, gzipSync(readFileSync(join(dist, file)), { level: 9 }).length);
  return gzipped.get(file);
}

function closure(keys) {
  const seen = new Set();
  const walk = (key) => {
    if (seen.has(key) || !manifest[key]) return;
    seen.add(key);
    for (const next of manifest[key].imports ?? []) walk(next);
  };
  keys.forEach(walk);
  return [...seen].map((key) => manifest[key].file).filter((file) => file.endsWith(".js"));
}

function need(key) {
  if (!manifest[key]) throw new Error(`size: the build has no chunk for ${key}`);
  return key;
}

const texts = (lang) => ["common", "storefront"].map((area) => need(`src/i18n/${lang}/${area}.json`));
const shell = [need("index.html"), need("src/layout/StorefrontLayout.tsx")];
const pages = Object.keys(manifest).filter((key) => /^src\/areas\/storefront\/.*\.tsx$/.test(key) && manifest[key].isDynamicEntry);
if (pages.length === 0) throw new Error("size: no storefront page found in the build");

let failed = false;
for (const page of pages.sort()) {
  const sum = Math.max(...["zh", "en"].map((lang) =>
    [...new Set(closure([...shell, ...texts(lang), page]))].reduce((total, file) => total + size(file), 0)));
  const tooBig = sum > limit;
  failed ||= tooBig;
  console.log(`${tooBig ? "TOO BIG" : "ok     "} ${(sum / 1000).toFixed(1).padStart(7)} kB gzip  ${page}`);
}
console.log(`limit   ${(limit / 1000).toFixed(1).padStart(7)} kB gzip of script before the first content`);
process.exit(failed ? 1 : 0);
