import { afterEach, expect, test, vi } from "vitest";
import { csvCell, csvDocument, readAll } from "./csv";

afterEach(() => vi.unstubAllGlobals());

test.each([
  ["plain", "plain"],
  ['say "hi", all', '"say ""hi"", all"'],
  ["two\nlines", '"two\nlines"'],
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["@cmd", "'@cmd"],
  ["-12.50", "-12.50"],
  ["-1+1", "'-1+1"],
  [null, ""],
  [0, "0"],
])("csvCell(%s)", (value, cell) => expect(csvCell(value)).toBe(cell));

test("the document begins with a byte order mark", () => expect(csvDocument([["编号"], ["1"]])).toBe("\ufeff编号\r\n1\r\n"));

test("readAll follows the cursors under the filters", async () => {
  const urls: string[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    urls.push(new URL(request.url).search);
    const second = request.url.includes("cursor=c2");
    return Response.json({ items: second ? [{ id: 3 }] : [{ id: 1 }, { id: 2 }], next: second ? "" : "c2", total: 3, totalCapped: false });
  });
  const { rows, cut } = await readAll<{ id: number }>("/api/v1/orders", { state: "PAID" }, () => undefined, new AbortController().signal);
  expect(rows.map((row) => row.id)).toEqual([1, 2, 3]);
  expect(cut).toBe(false);
  expect(urls).toEqual(["?state=PAID&limit=100", "?state=PAID&limit=100&cursor=c2"]);
});
