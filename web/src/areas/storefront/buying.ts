import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get, send } from "../../api/client";
import { currentLang } from "../../i18n";
import type { Price, Wish } from "./offer";

/** A price that is kept for half an hour. */
export interface Quote {
  id: string;
  price: Price;
  validUntil: string;
}

export interface OrderStep {
  at: string;
  event: string;
  from: string;
  to: string;
}

/** The parts of GET /api/v1/orders/{id} that paying needs. */
export interface Order {
  id: string;
  state: string;
  productId: string;
  productName: string;
  specName: string;
  sellerName: string;
  chargingMode: "PERIOD" | "ONE_TIME";
  periodType: "day" | "month" | "year" | "";
  periodNumber: number;
  currency: string;
  /** The part that a voucher pays. */
  voucherAmount: string;
  dueAmount: string;
  paidAmount: string;
  cause?: { code: string; message: string };
  createdAt: string;
  deadline?: string;
  paidAt?: string;
  steps: OrderStep[];
  instances: { id: string; state: string; expiresAt?: string }[];
}

export interface Balance {
  balance: string;
  /** Announced transfers that are not confirmed yet. */
  pending: string;
  currency: string;
}

/** Asking makes a new quote; it is asked again only when the former has run out. */
export const quoteQuery = (wish: Wish) => queryOptions({
  queryKey: ["quote", wish, currentLang()],
  queryFn: () => send<Quote>("POST", "/api/v1/quotes", wish),
  enabled: wish.planId !== "",
  staleTime: Infinity,
  gcTime: 0,
  retry: false,
  placeholderData: keepPreviousData,
});

/** A change of a running service; one with a renewal asks the seller's server first. */
export interface ChangeWish { target: string; quantity?: number; withRenewal: boolean; planId?: string; periods?: number; discount?: string }

export const changeQuery = (instanceId: string, wish: ChangeWish) => queryOptions({
  queryKey: ["change-quote", instanceId, wish, currentLang()],
  queryFn: () => send<Quote>("POST", `/api/v1/instances/${encodeURIComponent(instanceId)}/changes`, wish),
  staleTime: Infinity,
  gcTime: 0,
  retry: false,
  placeholderData: keepPreviousData,
});

export const orderQuery = (id: string) => queryOptions({
  queryKey: ["buying", "order", id, currentLang()],
  queryFn: ({ signal }) => get<Order>(`/api/v1/orders/${id}`, undefined, signal),
  staleTime: 0,
});

export const balanceQuery = queryOptions({
  queryKey: ["buying", "balance"],
  queryFn: ({ signal }) => get<Balance>("/api/v1/balance", undefined, signal),
  staleTime: 0,
});
