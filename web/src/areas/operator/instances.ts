import type { Instance } from "../buyer/instance";
import type { InstanceStep } from "../trade/instanceHistory";
import type { Problem } from "../trade/order";

export const instancesPath = "/api/v1/operator/instances";

/** A purchased service as operators see it. */
export interface OverseenInstance extends Instance {
  accountId: string;
  buyerName: string;
  sellerName: string;
  generation: string;
  planId: string;
  planNumber: string;
  skuCode: string;
  addressId: string;
  path: string;
}

export interface PossibleCall {
  call: string;
  activity: string;
  /** Why it cannot be sent now. */
  refused?: Problem;
}

export interface TargetPlan {
  planId: string;
  planNumber: string;
  skuCode: string;
  specName: string;
  periodType: string;
  state: string;
}

export interface OverseenDetail extends OverseenInstance {
  steps: InstanceStep[];
  possible: PossibleCall[];
  plans: TargetPlan[];
}

/** What the seller's server answered to somebody who waited. */
export interface Asked {
  callId: string;
  ok: boolean;
  resultCode: string;
  resultMsg: string;
  problem?: Problem;
}

export interface SendValues {
  call: string;
  expiresAt?: { format: (pattern: string) => string };
  planId?: string;
  amount?: number;
  reason?: string;
  confirmed?: boolean;
}

const within = (...calls: string[]) => (call: string | undefined): boolean => call !== undefined && calls.includes(call);

/** Which fields a call wants; the server checks them again. */
export const wantsExpiry = within("renew", "cancel_renewal", "convert", "renew_change");
export const wantsPlan = within("upgrade", "check", "renew_change");
export const takesPlan = within("renew", "convert");
export const takesAmount = within("upgrade", "check");
export const asks = within("ask", "check");
