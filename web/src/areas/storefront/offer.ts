import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import type { Discount, DiscountOption } from "../trade/discount";
import type { Change, Chosen, Component } from "../trade/priced";
import type { Unit } from "./item";

/** A price of a specification, of one combination of its attributes: per day, month or year, or per purchase. With a quantity it is that of the least one. */
export interface Plan {
  id: string;
  mode: "PERIOD" | "ONE_TIME";
  periodType: "day" | "month" | "year" | "";
  price: string;
  minPeriods: number;
  maxPeriods: number;
  /** The combination, like "edition=pro,storage=200"; none where nothing is picked. */
  choice?: string;
}

/** What somebody wants to buy. */
export interface Wish {
  planId: string;
  periods: number;
  /** Of the quantity attribute; none where there is none. */
  quantity?: number;
  /** Which discount, "none", or the best where left out. */
  discount?: string;
  /** Token of the promotion's or offer's link that the buyer came by. */
  link?: string;
  /** Of a renewal: its end is moved on to this day of the month. */
  unifiedDay?: number;
}

/** POST /api/v1/storefront/price, and the price inside a quote. */
export interface Price {
  planId: string;
  productId: string;
  productName: string;
  specName: string;
  chargingMode: "PERIOD" | "ONE_TIME";
  periodType: "day" | "month" | "year" | "";
  periods: number;
  /** Free, once per customer. */
  trial: boolean;
  chosen: Chosen[];
  /** Adds up to `listAmount`. */
  explanation: Component[];
  unitPrice: string;
  listAmount: string;
  /** To be paid. */
  amount: string;
  /** The one discount, that makes `amount` of `listAmount`. */
  discount?: Discount;
  /** Those that fit, the best first. */
  discounts: DiscountOption[];
  taxCategory: "service" | "software" | "hardware";
  /** "0.06" is 6 %. */
  taxRate: string;
  /** Contained in `amount`. */
  taxAmount: string;
  currency: string;
  /** The end of a renewal is moved on to this day of the month. */
  unifiedDay?: number;
  /** End of the term if it were bought now. */
  expiresAt?: string;
  /** Of a change: what is left of the term counts from here. */
  startsAt?: string;
  change?: Change;
  /** Why it cannot be bought now. */
  blocker?: { code: string; message: string };
}

/** The unit of a plan's price. */
export const unitOf = (plan: { periodType: string }): Unit => (plan.periodType === "day" || plan.periodType === "month" || plan.periodType === "year" ? plan.periodType : "once");

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

/** What a wish costs now; nothing is asked while there is none. Asked a moment after the last change; the former price stays until the answer. */
export function usePrice(wish: Wish | undefined) {
  const { i18n } = useTranslation();
  const wanted = wish ? JSON.stringify(wish) : "";
  const settled = useSettled(wanted, 200);
  const query = useQuery({
    queryKey: ["price", settled, i18n.language],
    queryFn: () => send<Price>("POST", "/api/v1/storefront/price", JSON.parse(settled) as Wish),
    enabled: settled !== "",
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return { ...query, outdated: wanted !== settled || query.isPlaceholderData };
}
