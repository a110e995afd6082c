import { expect, test } from "vitest";
import { clockText } from "./useCountdown";

test.each([[0, "00:00"], [1, "00:01"], [299_000, "04:59"], [3_909_000, "1:05:09"], [90_000_000, "25:00:00"]])("%i ms is %s", (ms, text) => {
  expect(clockText(ms)).toBe(text);
});
