import { expect, test } from "vitest";
import { ceiling } from "./SalesChart";

test.each([[0, 0], [0.4, 0.5], [1, 1], [1521, 2000], [4999.5, 5000], [5001, 10_000]])("amounts up to %s are drawn below %s", (highest, top) => {
  expect(ceiling(highest, "amount")).toBe(top);
});

test.each([[1, 2], [2, 2], [3, 6], [7, 10], [40, 50]])("counts up to %s are drawn below %s, whose half is whole", (highest, top) => {
  expect(ceiling(highest, "orders")).toBe(top);
});
