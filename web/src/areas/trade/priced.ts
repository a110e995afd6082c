import type { TFunction } from "i18next";
import { formatMoney } from "../../ui/money";

/** What was picked of an attribute; of a quantity the number. */
export interface Chosen {
  name: string;
  value: string;
  unit?: string;
  quantity?: number;
}

/** One part of a price: amount = price × quantity × periods, exactly. */
export interface Component {
  kind: "base" | "combination" | "surcharge" | "units" | "tier" | "volume" | "trial" | "change_new" | "change_old" | "change_units" | "change_kept" | "extra" | "cut";
  attribute?: string;
  value?: string;
  unit?: string;
  /** Of the interval (from, to]; none has no bound. */
  from?: number;
  to?: number;
  quantity: number;
  periods: number;
  price: string;
  amount: string;
  /** Of extra days up to a unified expiry date: the same in months, by which the price is multiplied. */
  months?: string;
  /** Of a change: the price is of a "year", "month" or "day". */
  per?: string;
  /** Of a change: months, or days, that are left. */
  left?: string;
}

/** What a change of specification leads away from. */
export interface Change {
  specName: string;
  skuCode: string;
  planNumber: string;
  periodType: string;
  chosen: Chosen[];
  /** The new price is of a "year", "month" or "day"; none with a renewal. */
  per?: string;
  left: string;
  difference: string;
}

/** Eight decimals at most, without needless zeros. */
export const shortNumber = (text: string): string => text.replace(/(\.\d{8})\d+$/, "$1").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

/** "Edition: Pro · Users: 60" */
export const chosenText = (chosen: Chosen[], t: TFunction): string =>
  chosen.map((one) => t("pricing:chosen", { name: one.name, value: one.unit ? `${one.value} ${one.unit}` : one.value })).join(" · ");

/** What a component is, in words. */
export function componentName(part: Component, t: TFunction): string {
  const { attribute = "", value = "" } = part;
  switch (part.kind) {
    case "surcharge": return t("pricing:chosen", { name: attribute, value });
    case "units": return attribute;
    case "extra": return t("pricing:extra", { count: part.quantity });
    case "change_units": return t("pricing:kind.change_units", { attribute });
    case "tier":
    case "volume": {
      const interval = part.to ? t("pricing:interval", { from: (part.from ?? 0) + 1, to: part.to }) : t("pricing:interval_open", { from: part.from ?? 0 });
      return t(`pricing:${part.kind}`, { attribute, interval });
    }
    default: return t(`pricing:kind.${part.kind}`);
  }
}

/** "50 users × ¥20.00 × 3 months"; nothing for what is one amount. */
export function componentSum(part: Component, unit: string, currency: string, t: TFunction): string {
  if (part.kind === "cut" || part.kind === "trial" || part.kind === "change_kept") return "";
  if (part.kind === "extra" && part.months) return t("pricing:extra_sum", { price: formatMoney(part.price, currency), months: part.months });
  if (part.left !== undefined && part.per) {
    const left = t(part.per === "day" ? "pricing:left_days" : "pricing:left_months", { count: Number(part.left), left: shortNumber(part.left) });
    const price = t(`pricing:per_${part.per}`, { price: formatMoney(part.price, currency) });
    return [...(part.kind === "change_units" ? [[part.quantity.toLocaleString("en-US"), part.unit].filter(Boolean).join(" ")] : []), price, left].join(" × ");
  }
  const counted = part.kind === "units" || part.kind === "tier" || part.kind === "volume";
  const factors = [
    ...(counted ? [[part.quantity.toLocaleString("en-US"), part.unit].filter(Boolean).join(" ")] : []),
    formatMoney(part.price, currency),
    ...(unit === "once" ? [] : [t(`pricing:term.${unit}`, { count: part.periods })]),
  ];
  return factors.length > 1 ? factors.join(" × ") : "";
}
