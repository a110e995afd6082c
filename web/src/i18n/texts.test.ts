import { describe, expect, test } from "vitest";

const files = import.meta.glob<Record<string, unknown>>("./{zh,en}/*.json", { eager: true, import: "default" });

function leaves(node: unknown, path = ""): Map<string, string> {
  if (typeof node === "string") return new Map([[path, node]]);
  const found = new Map<string, string>();
  for (const [key, child] of Object.entries(node as Record<string, unknown>)) {
    for (const entry of leaves(child, path ? `${path}.${key}` : key)) found.set(...entry);
  }
  return found;
}

// English has a singular that Chinese does not: `x_one` stands beside `x_other`.
const base = (keys: Iterable<string>) => [...new Set([...keys].map((key) => key.replace(/_(one|other)$/, "")))].sort();
const placeholders = (text: string) => [...new Set(text.match(/\{[^{}]+\}/g) ?? [])].sort().join(" ");

const areas = [...new Set(Object.keys(files).map((path) => path.replace(/^\.\/(zh|en)\//, "")))].sort();

describe.each(areas)("%s", (area) => {
  const zh = leaves(files[`./zh/${area}`] ?? {});
  const en = leaves(files[`./en/${area}`] ?? {});

  test("has the same keys in both languages", () => expect(base(en.keys())).toEqual(base(zh.keys())));

  test("has no empty text", () => {
    expect([...zh, ...en].filter(([, text]) => text.trim() === "").map(([key]) => key)).toEqual([]);
  });

  test("has the same placeholders in both languages", () => {
    const english = (key: string) => en.get(key) ?? en.get(`${key}_other`) ?? en.get(key.replace(/_other$/, ""));
    const differing = [...zh].filter(([key, text]) => {
      const other = english(key);
      return other !== undefined && placeholders(other) !== placeholders(text);
    });
    expect(differing.map(([key]) => key)).toEqual([]);
  });
});
