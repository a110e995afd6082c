import type { CallAttempt } from "../../trade/call";

/** GET /api/v1/seller/order-notification. */
export interface Notification {
  configured: boolean;
  addressId: string;
  origin: string;
  path: string;
  /** Of the general interfaces; empty while none is bound: notices fail then. */
  keyId: string;
  kinds: { kind: string; on: boolean }[];
  updatedAt?: string;
  /** The test notice that was saved. */
  case?: { holds: boolean; at: string; orderId: string; orderLineId: string };
}

/** What came of a test notice. */
export interface NotificationRun {
  succeeded: boolean;
  saved: boolean;
  attempt: CallAttempt;
  settings: Notification;
}

export const notificationPath = "/api/v1/seller/order-notification";

/** The debug orders that the order query answers for every seller. */
export const debugOrders = ["MOCKPERIODYEARNEW", "MOCKONETIMENEW", "MOCKONDEMAND", "MOCKONDEMANDPKG", "MOCKPERIODDAYTRIAL", "MOCKMONTYTRIALTOFORMAL", "MOCKMONTYUNSUBSCRIBE", "MOCKMONTYRENEW", "MOCKMONTYCHANGE"];

/** The only line of a debug order. */
export const firstLine = (order: string): string => (order ? `${order}-000001` : "");
