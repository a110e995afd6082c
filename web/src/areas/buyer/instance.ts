import type { Chosen } from "../trade/priced";

/** A row of the purchased services. */
export interface Instance {
  id: string;
  orderId: string;
  productId: string;
  productName: string;
  specName: string;
  sellerId: string;
  deliveryType: string;
  chargingMode: string;
  periodType: string;
  periodNumber: number;
  state: string;
  /** The seller's instance id. */
  externalId: string;
  accessState: "none" | "ready" | "partly" | "by_seller";
  startedAt?: string;
  expiresAt?: string;
  createdAt: string;
  trial: boolean;
  chosen: Chosen[];
  endedAt?: string;
  /** By an operator, for a violation. */
  frozen: boolean;
  frozenAt?: string;
  frozenReason: string;
}

/** What the buyer signs in with; user name and password are masked until they are revealed. */
export interface Access {
  frontEndUrl: string;
  adminUrl: string;
  userName: string;
  password: string;
  memo: string;
}

/** What happens at the expiry. */
export interface Policy {
  atExpiry: "manual" | "auto" | "none";
  /** Before the expiry: the first automatic renewal. */
  days: number;
  periods: number;
  times: number;
  nextAt?: string;
}

export interface InstanceDetail extends Instance {
  policy: Policy;
  access?: Access;
  accessAt?: string;
  steps: { id: string; at: string; event: string; from: string; to: string; detail: Record<string, unknown> | null }[];
  sellerName: string;
  contact: { phone: string; email: string };
}

/** The states of a service in the order of its life. */
export const instanceStates = ["PENDING", "ACTIVE", "CHANGING", "GRACE", "RETENTION", "RELEASED", "UNSUBSCRIBED"];

/** The states in which the service can be used. */
export const usable = (state: string): boolean => state === "ACTIVE" || state === "CHANGING" || state === "GRACE";
