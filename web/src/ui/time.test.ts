import { expect, test } from "vitest";
import { formatRelative, formatTime, zoneOffset } from "./time";

test("an instant is written in the marketplace's zone", () => {
  expect(formatTime("2026-11-20T16:05:09Z", "Asia/Shanghai")).toBe("2026-11-21 00:05");
  expect(formatTime("2026-11-20T16:05:09Z", "Asia/Shanghai", "second")).toBe("2026-11-21 00:05:09");
  expect(formatTime("2026-11-20T16:05:09Z", "Europe/Berlin", "date")).toBe("2026-11-20");
  expect(formatTime("never", "Asia/Shanghai")).toBe("never");
});

test("the zone's offset follows the season", () => {
  expect(zoneOffset("2026-11-20T00:00:00Z", "Asia/Shanghai")).toBe("UTC+08:00");
  expect(zoneOffset("2026-07-01T00:00:00Z", "Europe/Berlin")).toBe("UTC+02:00");
  expect(zoneOffset("2026-01-01T00:00:00Z", "Europe/Berlin")).toBe("UTC+01:00");
});

test("distances take the largest fitting unit", () => {
  const now = Date.parse("2026-11-20T00:00:00Z");
  expect(formatRelative("2026-11-22T12:00:00Z", "en", now)).toBe("in 2 days");
  expect(formatRelative("2026-11-19T21:00:00Z", "zh", now)).toBe("3小时前");
  expect(formatRelative("2026-11-20T00:00:30Z", "en", now)).toBe("in 30 seconds");
});
