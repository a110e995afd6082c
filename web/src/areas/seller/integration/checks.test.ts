import { expect, test } from "vitest";
import { callOf, shownMs, verdictOf } from "./checks";
import { caseState } from "./integration";

test("says what came of a run", () => {
  const run = { wrongSignature: false, passed: true, saved: false };
  expect(verdictOf({ ...run, saved: true })).toEqual({ tone: "success", key: "saved" });
  expect(verdictOf(run).key).toBe("passed");
  expect(verdictOf({ ...run, passed: false })).toEqual({ tone: "error", key: "failed" });
});

test("a server that refuses a wrong signature passes, one that cannot be reached says nothing about it", () => {
  const run = { wrongSignature: true, passed: false, saved: false };
  expect(verdictOf({ ...run, passed: true })).toEqual({ tone: "success", key: "refused" });
  expect(verdictOf({ ...run, problem: { code: "probe.accepts_wrong_signature", text: "", advice: "" } })).toEqual({ tone: "error", key: "not_refused" });
  expect(verdictOf({ ...run, problem: { code: "outbound.connect", text: "", advice: "" } }).key).toBe("failed");
});

test("a call without an answer tells why", () => {
  const request = { method: "POST", url: "https://a.example/p", headers: [{ name: "Content-Type", value: "application/json" }], body: "{}", command: "" };
  const problem = { code: "outbound.connect", text: "no connection", advice: "" };
  expect(callOf({ request, problem, at: "2026-01-01T00:00:00Z", durationMs: 3 })).toMatchObject({ status: 0, error: "no connection", requestHeaders: { "Content-Type": "application/json" } });
  const response = { status: 500, headers: [], body: "x", size: 1 };
  expect(callOf({ request, problem, response, at: "2026-01-01T00:00:00Z", durationMs: 3 })).not.toHaveProperty("error");
});

test("a case that failed is failed although its key still holds", () => {
  expect(caseState(undefined)).toBe("none");
  expect(caseState({ valid: true, lastPassed: true })).toBe("passed");
  expect(caseState({ valid: false, lastPassed: true })).toBe("stale");
  expect(caseState({ valid: true, lastPassed: false })).toBe("failed");
});

test("a quick answer did not take no time", () => {
  expect(shownMs({ durationMs: 0 })).toBe(1);
  expect(shownMs({ durationMs: 42 })).toBe(42);
});
