import type { CallState } from "./call";
import type { Discount } from "./discount";
import type { Change, Chosen, Component } from "./priced";

/** A fault or cause in the reader's language. */
export interface Problem {
  code: string;
  message: string;
}

export type OrderState = "PENDING_REVIEW" | "PENDING_CONFIRM" | "PENDING_PAYMENT" | "PROCESSING" | "COMPLETED" | "CANCELED" | "EXPIRED" | "REFUNDING" | "REFUNDED";
export type OrderKind = "NEW" | "TRIAL" | "TRIAL_TO_FORMAL" | "RENEW" | "CHANGE" | "RENEW_CHANGE" | "UNSUB" | "UNSUB_RENEWAL";

export const orderStates: OrderState[] = ["PENDING_REVIEW", "PENDING_CONFIRM", "PENDING_PAYMENT", "PROCESSING", "COMPLETED", "CANCELED", "EXPIRED", "REFUNDING", "REFUNDED"];
/** Sellers see EXPIRED as CANCELED and a refund as a flag. */
export const sellerOrderStates: OrderState[] = ["PENDING_PAYMENT", "PROCESSING", "COMPLETED", "CANCELED"];
export const orderKinds: OrderKind[] = ["NEW", "TRIAL", "TRIAL_TO_FORMAL", "RENEW", "CHANGE", "RENEW_CHANGE", "UNSUB", "UNSUB_RENEWAL"];

/** A row of an order list. */
export interface Order {
  id: string;
  kind: OrderKind;
  state: OrderState;
  /** For sellers: "refunding" or "refunded". */
  refund?: string;
  productId: string;
  productName: string;
  specName: string;
  chargingMode: string;
  periodType: string;
  periodNumber: number;
  sellerId: string;
  sellerName: string;
  buyerName: string;
  userName: string;
  currency: string;
  listAmount: string;
  /** The part that a voucher pays; of a refund order what goes back to it. */
  voucherAmount: string;
  dueAmount: string;
  paidAmount: string;
  note: string;
  /** The buyer's own number of the purchase. */
  purchaseNumber: string;
  /** Product, specification and term are those of the first line. */
  lineCount: number;
  cause?: Problem;
  parentId?: string;
  createdAt: string;
  deadline?: string;
  paidAt?: string;
  closedAt?: string;
}

export interface OrderLine {
  id: string;
  productName: string;
  specName: string;
  skuCode: string;
  planNumber: string;
  chargingMode: string;
  periodType: string;
  periodNumber: number;
  /** Per period, up to ten decimals. */
  unitPrice: string;
  listAmount: string;
  amount: string;
  /** The one discount, that made `amount` of `listAmount`. */
  discount?: Discount;
  /** The part of the amount that a voucher pays. */
  voucherAmount: string;
  /** "0.06". */
  taxRate: string;
  taxAmount: string;
  /** The platform's part; not sent to buyers. */
  feeRatio?: string;
  generation: string;
  chosen: Chosen[];
  /** Adds up to the list amount; empty for orders from before there were explanations. */
  explanation: Component[];
  taxCategory: string;
  /** Of a renewal: its end is moved on to this day of the month. */
  unifiedDay?: number;
  /** The service that it renews or changes. */
  instanceId?: string;
  startsAt?: string;
  endsAt?: string;
  change?: Change;
}

export interface OrderStep {
  at: string;
  event: string;
  from: string;
  to: string;
  actorKind: string;
  actorName: string;
  detail: Record<string, unknown> | null;
}

export interface Payment {
  id: string;
  instrument: string;
  amount: string;
  refunded: string;
  currency: string;
  at: string;
}

export interface Posting {
  id: string;
  at: string;
  kind: string;
  cause: string;
  account: string;
  /** Positive credits the account, negative debits it. */
  amount: string;
  currency: string;
  journal: string;
}

export interface OrderDetail extends Order {
  lines: OrderLine[];
  steps: OrderStep[];
  payments: Payment[];
  /** Prices that the marketplace has adjusted. */
  adjustments?: { id: string; type: number; before: string; after: string; reason: string; state: string; createdAt: string }[];
  postings: Posting[];
  instances: { id: string; state: string; externalId: string; startedAt?: string; expiresAt?: string }[];
  calls: { id: string; activity: string; state: CallState; attempts: number; createdAt: string; nextAt?: string; problem?: Problem }[];
  agreement: { version: string; signedAt: string };
}

const provisioningWindow = 3 * 3600_000;

/** When an undelivered order is refunded by itself; nothing once that time is over. */
export function provisioningEnd(order: Order, now: number = Date.now()): string | undefined {
  if (!order.paidAt) return undefined;
  const end = new Date(order.paidAt).getTime() + provisioningWindow;
  return end > now ? new Date(end).toISOString() : undefined;
}

/** Whether something still happens to the order by itself, so that the page looks again. */
export const underWay = (order: Order): boolean => (order.state === "PROCESSING" && !order.refund) || order.state === "REFUNDING" || order.refund === "refunding";
