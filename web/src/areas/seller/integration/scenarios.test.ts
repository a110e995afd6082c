import { expect, test } from "vitest";
import type { CaseRow, Parameter, Scenario } from "./integration";
import { countStates, edited, entered, groupScenarios, presets } from "./scenarios";

const scenario = (key: string, activity: string): Scenario => ({ key, activity, title: key, modes: [], feature: "", fields: [], encryptType: "" });
const parameter = (name: string, value: string, kind: Parameter["kind"] = "text"): Parameter => ({ name, value, kind, mandatory: false, max: 0, values: [], editable: kind === "text" });

test("groups by interface and keeps the order", () => {
  const groups = groupScenarios([scenario("a", "newInstance"), scenario("b", "refreshInstance"), scenario("c", "newInstance")]);
  expect(groups.map((group) => [group.activity, group.scenarios.map((one) => one.key)])).toEqual([["newInstance", ["a", "c"]], ["refreshInstance", ["b"]]]);
});

test("counts the states", () => {
  const saved = (valid: boolean, lastPassed: boolean) => ({ case: { valid, lastPassed } as CaseRow });
  expect(countStates([saved(true, true), saved(true, true), saved(false, true), {}])).toEqual({ none: 1, passed: 2, failed: 0, stale: 1 });
});

test("tells whether somebody changed a value", () => {
  const parameters = [parameter("orderId", "MOCK"), parameter("productId", "")];
  expect(edited(parameters, presets(parameters))).toBe(false);
  expect(edited(parameters, { orderId: "MOCK" })).toBe(false);
  expect(edited(parameters, { orderId: "CS1", productId: "" })).toBe(true);
});

test("sends neither blanks nor what the server sets", () => {
  const parameters = [parameter("orderId", ""), parameter("productId", ""), parameter("businessId", "B", "generated"), parameter("testFlag", "1", "fixed")];
  expect(entered(parameters, { orderId: " CS1 ", productId: " ", businessId: "B", testFlag: "1" })).toEqual({ orderId: "CS1" });
});
