import { expect, test } from "vitest";
import { componentName, componentSum, type Component } from "./priced";

const t = ((key: string, options: Record<string, unknown> = {}) => [key, ...Object.values(options).filter((one) => one !== "")].join(" ")) as never;
const part = (kind: Component["kind"], more: Partial<Component> = {}): Component => ({ kind, quantity: 1, periods: 3, price: "20", amount: "60", ...more });

test("an interval begins with the first unit in it", () => {
  expect(componentName(part("tier", { attribute: "Users", to: 50 }), t)).toBe("pricing:tier Users pricing:interval 1 50");
  expect(componentName(part("tier", { attribute: "Users", from: 50, to: 100 }), t)).toBe("pricing:tier Users pricing:interval 51 100");
  expect(componentName(part("volume", { attribute: "Users", from: 100 }), t)).toBe("pricing:volume Users pricing:interval_open 100");
});

test("only what is multiplied shows a calculation", () => {
  expect(componentSum(part("tier", { quantity: 1200, unit: "users" }), "month", "CNY", t)).toMatch(/^1,200 users × ¥20\.00 × pricing:term\.month 3$/);
  expect(componentSum(part("base"), "once", "CNY", t)).toBe("");
  expect(componentSum(part("units", { quantity: 5 }), "once", "CNY", t)).toBe("5 × ¥20.00");
  expect(componentSum(part("cut"), "month", "CNY", t)).toBe("");
});
