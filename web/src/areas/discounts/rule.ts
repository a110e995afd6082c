import { queryOptions } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { get } from "../../api/client";
import { currentLang } from "../../i18n";
import type { Form, Given } from "../trade/discount";

export type RuleState = "REVIEWING" | "EFFECTIVE" | "REJECTED" | "WITHDRAWN" | "STOPPED" | "ENDED";
export type Scene = "new" | "renewal" | "change";

export const promotionStates: RuleState[] = ["EFFECTIVE", "STOPPED", "ENDED"];
export const offerStates: RuleState[] = ["REVIEWING", "EFFECTIVE", "REJECTED", "WITHDRAWN", "STOPPED", "ENDED"];
export const scenes: Scene[] = ["new", "renewal", "change"];
export const forms: Form[] = ["ratio", "fixed", "reduction"];

/** A promotion or an exclusive offer in a list. */
export interface Rule extends Given {
  id: string;
  kind: "promotion" | "offer";
  /** Empty: the marketplace. */
  sellerId: string;
  sellerName: string;
  name: string;
  state: RuleState;
  /** Effective, and its validity has not begun. */
  upcoming: boolean;
  public: boolean;
  configured: boolean;
  startsAt: string;
  endsAt: string;
  scenes: Scene[];
  /** Counted in orders; 0 has no limit. */
  totalLimit: number;
  accountLimit: number;
  deadlineHours: number;
  lineCount: number;
  uses: number;
  reason: string;
  createdAt: string;
  createdBy: string;
  closedAt?: string;
}

export interface RuleLine extends Given {
  productId: string;
  productName: string;
  specName: string;
  planId: string;
  chargingMode: string;
  periodType: string;
  periods: number;
  quantity: number;
}

export interface RuleDetail extends Rule {
  /** Path of its page. */
  link: string;
  lines: RuleLine[];
  customers: { accountId: string; name: string }[];
  results: { orders: number; paid: number; listAmount: string; amount: string };
  currency: string;
}

/** A price plan that a discount can be given on. */
export interface Ware {
  productId: string;
  productName: string;
  sellerName: string;
  specId: string;
  specName: string;
  planId: string;
  combination: string;
  chargingMode: string;
  periodType: string;
  price: string;
  minPeriods: number;
  maxPeriods: number;
  /** 0: there is no quantity. */
  minQuantity: number;
  maxQuantity: number;
  step: number;
  unit: string;
  authorised: string;
  floor: string;
}

export type Side = "seller" | "operator";

export const basePath = (side: Side, kind: "promotion" | "offer") => `/api/v1/${side}/${kind}s`;

export const ruleQuery = (side: Side, kind: "promotion" | "offer", id: string) => queryOptions({
  queryKey: ["discount", side, kind, id, currentLang()],
  queryFn: ({ signal }) => get<RuleDetail>(`${basePath(side, kind)}/${encodeURIComponent(id)}`, undefined, signal),
});

export const waresQuery = (side: Side) => queryOptions({
  queryKey: ["discount-plans", side, currentLang()],
  queryFn: ({ signal }) => get<{ plans: Ware[]; currency: string }>(`/api/v1/${side}/discount-plans`, undefined, signal),
});

/** "Monthly", "Once" */
export const modeText = (plan: { periodType: string }, t: TFunction): string => t(`discount:mode.${plan.periodType || "once"}`);
