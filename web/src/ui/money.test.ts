import { describe, expect, test } from "vitest";
import { addMoney, formatMoney } from "./money";

test.each([
  ["199.00", "CNY", "¥199.00"],
  ["1234567.8", "CNY", "¥1,234,567.80"],
  ["-1234.5", "USD", "−$1,234.50"],
  ["0", "EUR", "€0.00"],
  ["-0.00", "CNY", "¥0.00"],
  ["0.0035", "CNY", "¥0.0035"],
  ["900719925474099345.67", "CNY", "¥900,719,925,474,099,345.67"],
  ["10.00", "THB", "THB 10.00"],
  ["soon", "CNY", "soon"],
])("formatMoney(%s %s)", (amount, currency, text) => expect(formatMoney(amount, currency)).toBe(text));

describe("addMoney", () => {
  test("is exact where floats are not", () => expect(addMoney("0.10", "0.20", "900719925474099345.67")).toBe("900719925474099345.97"));
  test("crosses zero", () => expect(addMoney("0.05", "-0.1")).toBe("-0.05"));
  test("refuses what is no amount", () => expect(() => addMoney("1e3")).toThrow());
});
