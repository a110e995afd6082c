import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Plan } from "./offer";
import type { Product } from "./product";
import { useChoice } from "./useChoice";

const plan = (id: string, periodType: Plan["periodType"], most: number): Plan =>
  ({ id, mode: periodType ? "PERIOD" : "ONE_TIME", periodType, price: "1.00", minPeriods: 1, maxPeriods: most });
const product = {
  specs: [
    { id: "a", name: "A", plans: [plan("a-year", "year", 3), plan("a-month", "month", 9)] },
    { id: "b", name: "B", plans: [plan("b-month", "month", 6)] },
    { id: "c", name: "C", plans: [plan("c-once", "", 1)] },
  ],
} as unknown as Product;
const shown = (choice: ReturnType<typeof useChoice>) => [choice.spec?.id, choice.plan?.id, choice.periods];

test("the first price of the first specification is picked", () => {
  const { result } = renderHook(() => useChoice(product));
  expect(shown(result.current)).toEqual(["a", "a-year", 1]);
});

test("another specification keeps kind and length of the price where it can", () => {
  const { result } = renderHook(() => useChoice(product));
  act(() => result.current.choosePlan("a-month"));
  act(() => result.current.choosePeriods(9));
  act(() => result.current.chooseSpec("b"));
  expect(shown(result.current)).toEqual(["b", "b-month", 6]);
  act(() => result.current.chooseSpec("c"));
  expect(shown(result.current)).toEqual(["c", "c-once", 1]);
  act(() => result.current.chooseSpec("a"));
  expect(shown(result.current)).toEqual(["a", "a-month", 9]);
});

test("another kind of price begins with its shortest length", () => {
  const { result } = renderHook(() => useChoice(product));
  act(() => result.current.choosePeriods(3));
  act(() => result.current.choosePlan("a-month"));
  expect(shown(result.current)).toEqual(["a", "a-month", 1]);
});

const priced = (choice: string, periodType: Plan["periodType"]): Plan => ({ ...plan(`${choice} ${periodType}`, periodType, 9), choice });
const team = {
  specs: [{
    id: "t", name: "Team",
    attributes: [{ code: "edition", name: "Edition", values: [{ code: "basic", name: "Basic" }, { code: "pro", name: "Pro" }] }, { code: "gb", name: "Storage", values: [{ code: "1", name: "1 GB" }, { code: "2", name: "2 GB" }] }],
    quantity: { code: "users", name: "Users", unit: "", min: 5, max: 50, step: 5 },
    plans: [priced("edition=basic,gb=1", "month"), priced("edition=pro,gb=1", "month"), priced("edition=pro,gb=2", "month"), priced("edition=pro,gb=2", "year")],
  }],
} as unknown as Product;

test("the first combination with the least quantity is picked", () => {
  const { result } = renderHook(() => useChoice(team));
  expect(result.current.picks).toEqual({ edition: "basic", gb: "1" });
  expect(result.current.wish).toEqual({ planId: "edition=basic,gb=1 month", periods: 1, quantity: 5 });
});

test("a value that is not sold with the others takes the nearest combination that has it", () => {
  const { result } = renderHook(() => useChoice(team));
  act(() => result.current.pick("gb", "2"));
  expect(result.current.picks).toEqual({ edition: "pro", gb: "2" });
  expect(result.current.plans.map((one) => one.periodType)).toEqual(["month", "year"]);
  act(() => result.current.choosePlan("edition=pro,gb=2 year"));
  act(() => result.current.pick("gb", "1"));
  expect(result.current.wish?.planId).toBe("edition=pro,gb=1 month");
  act(() => result.current.pick("edition", "basic"));
  expect(result.current.picks).toEqual({ edition: "basic", gb: "1" });
});

test("a quantity that cannot be bought is not asked for", () => {
  const { result } = renderHook(() => useChoice(team));
  act(() => result.current.chooseQuantity(12));
  expect(result.current.wish).toBeUndefined();
  act(() => result.current.chooseQuantity(15));
  expect(result.current.wish?.quantity).toBe(15);
});

test("nothing is picked where nothing is offered", () => {
  const { result } = renderHook(() => useChoice(undefined));
  expect(shown(result.current)).toEqual([undefined, undefined, 1]);
});
