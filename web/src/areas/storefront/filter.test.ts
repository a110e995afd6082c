import { expect, test } from "vitest";
import { changeParams, readFilter } from "./filter";

test("a filter is read from the address; a page needs its cursor", () => {
  expect(readFilter(new URLSearchParams("q= crm &mode=year&page=3"))).toMatchObject({ q: "crm", mode: "year", cursor: "", page: 1 });
  expect(readFilter(new URLSearchParams("cursor=abc&page=3"))).toMatchObject({ cursor: "abc", page: 3 });
  expect(readFilter(new URLSearchParams("cursor=abc&page=x")).page).toBe(1);
});

test("a change leads back to the first page, turning the page keeps the filter", () => {
  const params = new URLSearchParams("q=crm&mode=year&cursor=abc&page=2");
  expect(changeParams(params, { mode: "", sort: "sales" }).toString()).toBe("q=crm&sort=sales");
  expect(changeParams(params, { cursor: "def", page: "3" }).toString()).toBe("q=crm&mode=year&cursor=def&page=3");
});
