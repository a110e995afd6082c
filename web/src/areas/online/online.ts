import { queryOptions } from "@tanstack/react-query";
import { get } from "../../api/client";
import { base } from "../../api/realm";
import { currentLang, loadTexts } from "../../i18n";

/** Route loader of the pages on which something is paid through a gateway. */
export const onlineTexts = async (): Promise<null> => {
  await loadTexts("online");
  return null;
};

/** These texts beside those of another loader. */
export const withOnline = (other: () => Promise<unknown>) => async (): Promise<null> => {
  await Promise.all([other(), onlineTexts()]);
  return null;
};

/** One way to pay online. */
export interface Gateway {
  name: string;
  title: string;
  /** No real money moves. */
  play: boolean;
}

/** GET /api/v1/payment-instruments. */
export interface Instruments {
  balance?: string;
  currency: string;
  gateways: Gateway[];
}

export type OnlineState = "created" | "waiting" | "succeeded" | "failed" | "closed";

/** An online payment. */
export interface OnlinePayment {
  id: string;
  number: string;
  gateway: string;
  purpose: "orders" | "balance";
  amount: string;
  currency: string;
  state: OnlineState;
  /** Of a success: the orders are paid, or the money is on the balance. */
  outcome: "" | "paid" | "balance";
  cause?: { code: string; message: string };
  surplus: string;
  redirectUrl?: string;
  orders: string[];
  createdAt: string;
  expiresAt: string;
  succeededAt?: string;
}

export const onlineStates: OnlineState[] = ["waiting", "succeeded", "failed", "closed", "created"];

export const instrumentsQuery = () => queryOptions({
  queryKey: ["buying", "instruments", currentLang()],
  queryFn: ({ signal }) => get<Instruments>("/api/v1/payment-instruments", undefined, signal),
  staleTime: 60_000,
});

/** Where the return page leads after a top-up that a payment page asked for. */
const nextKey = "jishi.topup.next";

export function rememberNext(next: string | null): void {
  if (next) sessionStorage.setItem(nextKey, next);
  else sessionStorage.removeItem(nextKey);
}

export const rememberedNext = (): string | null => sessionStorage.getItem(nextKey);

/** The gateway's page; without one our own page tells how it stands. */
export function goTo(payment: OnlinePayment): void {
  location.assign(payment.redirectUrl || `${base}/payments/${payment.id}`);
}
