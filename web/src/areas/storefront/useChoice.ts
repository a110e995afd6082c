import { useCallback, useMemo, useState } from "react";
import type { Plan } from "./offer";
import type { Product, Spec } from "./product";

export interface Choice {
  spec: Spec | undefined;
  plan: Plan | undefined;
  periods: number;
  chooseSpec: (id: string) => void;
  choosePlan: (id: string) => void;
  choosePeriods: (count: number) => void;
}

/** Which specification, price and length is picked. A change of specification keeps the kind of price and the length where it can. */
export function useChoice(product: Product | undefined): Choice {
  const [wanted, setWanted] = useState<{ spec?: string; kind?: string; periods?: number }>({});
  const chosen = useMemo(() => {
    const spec = product?.specs.find((one) => one.id === wanted.spec) ?? product?.specs[0];
    const plan = spec?.plans.find((one) => kindOf(one) === wanted.kind) ?? spec?.plans[0];
    const periods = plan ? Math.min(Math.max(wanted.periods ?? plan.minPeriods, plan.minPeriods), plan.maxPeriods) : 1;
    return { spec, plan, periods };
  }, [product, wanted]);
  const chooseSpec = useCallback((spec: string) => setWanted((now) => ({ ...now, spec })), []);
  const choosePlan = useCallback((id: string) => {
    const plan = product?.specs.flatMap((spec) => spec.plans).find((one) => one.id === id);
    if (plan) setWanted((now) => ({ ...(now.spec ? { spec: now.spec } : {}), kind: kindOf(plan) }));
  }, [product]);
  const choosePeriods = useCallback((periods: number) => setWanted((now) => ({ ...now, periods })), []);
  return { ...chosen, chooseSpec, choosePlan, choosePeriods };
}

const kindOf = (plan: Plan): string => plan.mode + plan.periodType;
