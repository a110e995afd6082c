import { expect, test } from "vitest";
import { percent } from "./offer";

test.each([["0.06", "6%"], ["0.13", "13%"], ["0", "0%"], ["0.065", "6.5%"], ["1", "100%"], ["0.1000", "10%"]])("%s is %s", (rate, shown) => {
  expect(percent(rate)).toBe(shown);
});
