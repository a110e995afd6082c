import { useCallback, useMemo, useState } from "react";
import type { Plan, Wish } from "./offer";
import type { Product, Spec } from "./product";

export interface Choice {
  spec: Spec | undefined;
  plan: Plan | undefined;
  /** The plans of the picked combination, one per kind of price. */
  plans: Plan[];
  /** The value picked of each attribute, by code. */
  picks: Record<string, string>;
  periods: number;
  /** Of the quantity attribute; not a number while what is typed cannot be bought. */
  quantity: number;
  /** What is asked for; nothing while it cannot be. */
  wish: Wish | undefined;
  chooseSpec: (id: string) => void;
  choosePlan: (id: string) => void;
  choosePeriods: (count: number) => void;
  pick: (attribute: string, value: string) => void;
  chooseQuantity: (count: number) => void;
}

interface Wanted { spec?: string; kind?: string; periods?: number; picks?: Record<string, string>; quantity?: number }

/** Which specification, combination, price, length and quantity is picked. A change keeps the rest where it can. */
export function useChoice(product: Product | undefined): Choice {
  const [wanted, setWanted] = useState<Wanted>({});
  const chosen = useMemo(() => {
    const spec = product?.specs.find((one) => one.id === wanted.spec) ?? product?.specs[0];
    const key = spec ? nearest(spec, wanted.picks ?? {}, []) : "";
    const plans = spec?.plans.filter((one) => (one.choice ?? "") === key) ?? [];
    const plan = plans.find((one) => kindOf(one) === wanted.kind) ?? plans[0];
    const periods = plan ? Math.min(Math.max(wanted.periods ?? plan.minPeriods, plan.minPeriods), plan.maxPeriods) : 1;
    const quantity = !spec?.quantity ? 0 : wanted.quantity === undefined ? spec.quantity.min : fits(wanted.quantity, spec.quantity) ? wanted.quantity : NaN;
    const wish: Wish | undefined = plan && !Number.isNaN(quantity) ? { planId: plan.id, periods, ...(spec?.quantity ? { quantity } : {}) } : undefined;
    return { spec, plan, plans, picks: picksOf(key), periods, quantity, wish };
  }, [product, wanted]);
  const chooseSpec = useCallback((spec: string) => setWanted(({ kind, periods }) => ({ spec, ...(kind ? { kind } : {}), ...(periods ? { periods } : {}) })), []);
  const choosePlan = useCallback((id: string) => {
    const plan = product?.specs.flatMap((spec) => spec.plans).find((one) => one.id === id);
    if (plan) setWanted(({ periods: _, ...now }) => ({ ...now, kind: kindOf(plan) }));
  }, [product]);
  const choosePeriods = useCallback((periods: number) => setWanted((now) => ({ ...now, periods })), []);
  const pick = useCallback((attribute: string, value: string) => setWanted((now) => {
    const spec = product?.specs.find((one) => one.id === now.spec) ?? product?.specs[0];
    if (!spec) return now;
    const picks = { ...picksOf(nearest(spec, now.picks ?? {}, [])), [attribute]: value };
    return { ...now, picks: picksOf(nearest(spec, picks, [attribute])) };
  }), [product]);
  const chooseQuantity = useCallback((quantity: number) => setWanted((now) => ({ ...now, quantity })), []);
  return { ...chosen, chooseSpec, choosePlan, choosePeriods, pick, chooseQuantity };
}

const kindOf = (plan: Plan): string => plan.mode + plan.periodType;

/** "edition=pro,storage=200" as values by attribute. */
export const picksOf = (choice: string): Record<string, string> => Object.fromEntries(choice.split(",").filter(Boolean).map((part) => part.split("=") as [string, string]));

/** The sold combination that has most of what is picked, and what is fixed for certain where it is sold at all: not every combination is. */
function nearest(spec: Spec, picks: Record<string, string>, fixed: string[]): string {
  let best = "", most = -1;
  for (const key of new Set(spec.plans.map((plan) => plan.choice ?? ""))) {
    const values = picksOf(key);
    const agreed = Object.entries(picks).filter(([attribute, value]) => values[attribute] === value).length
      + 100 * fixed.filter((attribute) => values[attribute] === picks[attribute]).length;
    if (agreed > most) [best, most] = [key, agreed];
  }
  return best;
}

/** Whether so much can be bought. */
export const fits = (count: number, { min, max, step }: { min: number; max: number; step: number }): boolean =>
  Number.isInteger(count) && count >= min && count <= max && (count - min) % step === 0;
