import { expect, test } from "vitest";
import { dayStart, withInstants } from "./day";

test("a day begins at the zone's midnight", () => {
  expect(dayStart("2026-11-20", "Asia/Shanghai")).toBe("2026-11-19T16:00:00.000Z");
  expect(dayStart("2026-11-20", "UTC")).toBe("2026-11-20T00:00:00.000Z");
});

test("a day on which the clock changes begins at its own midnight", () => {
  expect(dayStart("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z");
  expect(dayStart("2026-03-30", "Europe/Berlin")).toBe("2026-03-29T22:00:00.000Z");
});

test("both days of a filter are inclusive and other filters stay", () => {
  expect(withInstants({ state: "COMPLETED", createdFrom: "2026-12-31", createdTo: "2026-12-31" }, "created", "UTC"))
    .toEqual({ state: "COMPLETED", from: "2026-12-31T00:00:00.000Z", to: "2027-01-01T00:00:00.000Z" });
});
