import { expect, test } from "vitest";
import en from "../i18n/en/common.json";
import zh from "../i18n/zh/common.json";
import { states, toneOf } from "./states";

test.each(Object.entries(states))("every state of %s has a name in both languages", (kind, known) => {
  for (const texts of [zh, en]) {
    expect(Object.keys((texts.state as Record<string, object>)[kind] ?? {}).sort()).toEqual(Object.keys(known).sort());
  }
});

test("codes of either case are known, others are neutral", () => {
  expect(toneOf("order", "PENDING_PAYMENT")).toBe("urgent");
  expect(toneOf("order", "no_such_state")).toBe("neutral");
});
