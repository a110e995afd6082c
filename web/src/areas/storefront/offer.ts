import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import type { Unit } from "./item";

/** A price of a specification: per month, per year or per purchase. */
export interface Plan {
  id: string;
  mode: "PERIOD" | "ONE_TIME";
  periodType: "month" | "year" | "";
  price: string;
  minPeriods: number;
  maxPeriods: number;
}

/** POST /api/v1/storefront/price, and the price inside a quote. */
export interface Price {
  planId: string;
  productId: string;
  productName: string;
  specName: string;
  chargingMode: "PERIOD" | "ONE_TIME";
  periodType: "month" | "year" | "";
  periods: number;
  unitPrice: string;
  listAmount: string;
  /** To be paid. */
  amount: string;
  /** "0.06" is 6 %. */
  taxRate: string;
  /** Contained in `amount`. */
  taxAmount: string;
  currency: string;
  /** End of the term if it were bought now. */
  expiresAt?: string;
  /** Why it cannot be bought now. */
  blocker?: { code: string; message: string };
}

/** The unit of a plan's price. */
export const unitOf = (plan: { periodType: string }): Unit => (plan.periodType === "month" || plan.periodType === "year" ? plan.periodType : "once");

/** "0.06" as "6%", without binary floats. */
export function percent(rate: string): string {
  const [whole = "0", decimals = ""] = rate.split(".");
  const digits = decimals.padEnd(2, "0");
  const shown = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  const rest = digits.slice(2).replace(/0+$/, "");
  return `${shown}${rest && `.${rest}`}%`;
}

function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

/** What so many periods of a plan cost now. Asked a moment after the last change; the former price stays until the answer. */
export function usePrice(planId: string, periods: number) {
  const { i18n } = useTranslation();
  const wanted = `${planId} ${periods}`;
  const settled = useSettled(wanted, 200);
  const [plan = "", count = "1"] = settled.split(" ");
  const query = useQuery({
    queryKey: ["price", plan, count, i18n.language],
    queryFn: () => send<Price>("POST", "/api/v1/storefront/price", { planId: plan, periods: Number(count) }),
    enabled: plan !== "",
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return { ...query, outdated: wanted !== settled || query.isPlaceholderData };
}
