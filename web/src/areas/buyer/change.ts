import type { Discount } from "../trade/discount";
import type { Change, Chosen, Component } from "../trade/priced";

interface Possible { possible: boolean; blocker?: { code: string; message: string } }

export interface ChangePlan { planId: string; periodType: string; price: string; minPeriods: number; maxPeriods: number; present: boolean }

/** A combination that a rule of the seller leads to; the present one when only its quantity changes. */
export interface ChangeTarget { skuCode: string; present: boolean; chosen: Chosen[]; running: boolean; renewal: boolean; plans: ChangePlan[] }

/** What a service can be changed to: within the running term, or with a renewal. */
export interface ChangeOptions {
  running: Possible;
  renewal: Possible;
  renewFrom?: string;
  quantity?: { name: string; unit: string; min: number; max: number; step: number; present: number };
  targets: ChangeTarget[];
  chosen: Chosen[];
}

export interface ChangeWish { target: string; quantity?: number; withRenewal: boolean; planId?: string; periods?: number }

export interface ChangePrice {
  amount: string;
  /** The one discount, that makes `amount` of `listAmount`. */
  discount?: Discount;
  listAmount: string;
  unitPrice: string;
  periodType: string;
  periods: number;
  currency: string;
  chosen: Chosen[];
  explanation: Component[];
  expiresAt?: string;
  startsAt?: string;
  change?: Change;
  blocker?: { code: string; message: string };
}

/** Where the checkout of a change begins. */
export function checkoutOf(instance: { id: string; productId: string }, wish: ChangeWish): string {
  const query = new URLSearchParams({ change: wish.withRenewal ? "renewal" : "now", instance: instance.id, product: instance.productId, target: wish.target });
  if (wish.quantity) query.set("quantity", String(wish.quantity));
  if (wish.planId) query.set("plan", wish.planId);
  if (wish.periods) query.set("periods", String(wish.periods));
  return `/checkout?${query.toString()}`;
}
