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

test("nothing is picked where nothing is offered", () => {
  const { result } = renderHook(() => useChoice(undefined));
  expect(shown(result.current)).toEqual([undefined, undefined, 1]);
});
