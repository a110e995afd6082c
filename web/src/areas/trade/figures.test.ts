import { expect, test } from "vitest";
import { latencyText, rateText, runs, topOf } from "./figures";

test("a rate is cut, so that 100 % means no failure", () => {
  expect([undefined, 0, 0.9999, 1].map(rateText)).toEqual(["–", "0.0 %", "99.9 %", "100 %"]);
});

test("latencies are read in their unit", () => {
  expect([undefined, 0.25, 4.2, 120.4, 1849].map(latencyText)).toEqual(["–", "0.3 ms", "4.2 ms", "120 ms", "1.8 s"]);
});

test.each([[0, 1], [1, 1], [3, 5], [51, 100], [0.3, 0.5]])("values up to %s are drawn below %s", (highest, top) => {
  expect(topOf(highest)).toBeCloseTo(top);
});

test("a day without a value interrupts the line", () => {
  expect(runs([1, 2, undefined, 4], 4)).toEqual(["M 0.5 75 L 1.5 50", "M 3.5 0 h 0"]);
});
