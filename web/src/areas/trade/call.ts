import type { Problem } from "./order";

export type CallState = "waiting" | "calling" | "retrying" | "succeeded" | "failed" | "canceled" | "manual";
export const callStates: CallState[] = ["waiting", "calling", "retrying", "succeeded", "failed", "canceled", "manual"];
/** The interfaces of the wire protocol that the marketplace calls. */
export const activities = ["newInstance", "queryInstance", "refreshInstance", "expireInstance", "instanceStatus", "updateInstanceStatus", "upgrade", "upgradeInstance", "changeInstanceCheck", "releaseInstance"];

/** A row of Service Interface Messages. */
export interface ServiceCall {
  id: string;
  activity: string;
  /** "v1" or "v2". */
  generation: string;
  purpose: string;
  state: CallState;
  orderId: string;
  instanceId: string;
  externalId: string;
  productId: string;
  productName: string;
  buyerName: string;
  sellerId: string;
  sellerName: string;
  attempts: number;
  createdAt: string;
  firstAt?: string;
  lastAt?: string;
  nextAt?: string;
  windowEnd: string;
  doneAt?: string;
  resultCode: string;
  problem?: Problem;
  comment: string;
}

/** One attempt; bodies are cut and secrets masked by the server. */
export interface CallAttempt {
  id: string;
  number: number;
  at: string;
  durationUs: number;
  businessId: string;
  method: string;
  url: string;
  requestBody: string;
  requestHead: Record<string, string> | null;
  status: number;
  responseHead: Record<string, string> | null;
  responseBody: string;
  resultCode: string;
  resultMsg: string;
  outcome: string;
  problem?: Problem;
  warnings: Problem[];
}

export interface CallDetail extends ServiceCall {
  /** Newest first. */
  tries: CallAttempt[];
  restartable: boolean;
}

export const isOpen = (state: CallState): boolean => state === "waiting" || state === "calling" || state === "retrying";
/** Calls that make an instance: marking one as done by hand needs the seller's instance id. */
export const creates = (call: ServiceCall): boolean => call.purpose === "create" || call.purpose === "provision";
