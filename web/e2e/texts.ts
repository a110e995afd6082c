import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The two languages of the pages. */
export type Lang = "zh" | "en";

/** A text of the pages by its key, "people:sign_up.title"; `common:` may be left out. */
export type Texts = (key: string, values?: Record<string, string | number>) => string;

const folder = join(import.meta.dirname, "../src/i18n");
const read = new Map<string, unknown>();

function file(lang: Lang, area: string): unknown {
  const path = join(folder, lang, `${area}.json`);
  if (!read.has(path)) read.set(path, JSON.parse(readFileSync(path, "utf8")));
  return read.get(path);
}

/**
 * What the pages say in a language, read from the application's own texts: long walks then follow every rewording.
 * A page that shows a bare key, or one language in the other's place, is still found.
 */
export function textsOf(lang: Lang): Texts {
  return (key, values = {}) => {
    const [area, path] = key.includes(":") ? (key.split(":") as [string, string]) : (["common", key] as const);
    let found: unknown = file(lang, area);
    for (const part of path.split(".")) found = (found as Record<string, unknown> | undefined)?.[part];
    if (typeof found !== "string") throw new Error(`no text ${key} in ${lang}`);
    return found.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}
