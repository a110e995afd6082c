import { expect, test } from "vitest";
import { readListUrl, writeListUrl } from "./listUrl";

test("what is written is read again", () => {
  const state = { filters: { state: "PAID", q: "云 storage&more" }, sort: "-createdAt", cursor: "abc" };
  const written = writeListUrl(new URLSearchParams(), ["state", "q"], state);
  expect(readListUrl(new URLSearchParams(written.toString()), ["state", "q"])).toEqual(state);
});

test("empty values leave the URL, foreign parameters stay", () => {
  const before = new URLSearchParams("tab=lines&state=PAID&cursor=abc&sort=name");
  const after = writeListUrl(before, ["state"], { filters: { state: "  " }, sort: "", cursor: "" });
  expect(after.toString()).toBe("tab=lines");
});

test("parameters that are no filter of this list are not sent", () => {
  expect(readListUrl(new URLSearchParams("state=PAID&admin=1"), ["state"]).filters).toEqual({ state: "PAID" });
});

test("a prefix separates two lists of one page", () => {
  const params = writeListUrl(new URLSearchParams("state=A"), ["state"], { filters: { state: "B" }, sort: "", cursor: "" }, "calls.");
  expect(readListUrl(params, ["state"]).filters).toEqual({ state: "A" });
  expect(readListUrl(params, ["state"], "calls.").filters).toEqual({ state: "B" });
});
