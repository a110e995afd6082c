import { keepPreviousData, queryOptions, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { get, send } from "../../api/client";
import { currentLang } from "../../i18n";
import { noDiscount, type DiscountOption } from "../trade/discount";
import type { Price } from "./offer";
import type { Quantity } from "./product";

/** A line of the cart at today's price. */
export interface CartLine {
  id: string;
  sellerId: string;
  sellerName: string;
  periods: number;
  minPeriods: number;
  maxPeriods: number;
  /** Where the specification has a quantity. */
  quantity?: Omit<Quantity, "code"> & { value: number };
  /** Without amounts where nothing can be priced. */
  price: Price;
  /** Why this line cannot be ordered now. */
  problem?: { code: string; message: string };
  /** Of the order that it becomes part of. */
  key: string;
}

/** The buyer's picks: a discount or "none" by the key of an order. */
export type Picks = Record<string, string>;

/** GET /api/v1/cart. */
export interface Cart {
  lines: CartLine[];
  max: number;
  currency: string;
  /** What stands against ordering anything. */
  blocker?: { code: string; message: string };
  /** What fits each order that the cart would make. */
  discounts: { key: string; options: DiscountOption[] }[];
}

/** What was taken of each of the keys, as the checkout sends it. */
export const taken = (cart: Cart, keys: Iterable<string>) => [...new Set(keys)].map((key) => ({
  key, discount: cart.discounts.find((one) => one.key === key)?.options.find((one) => one.taken)?.id ?? noDiscount,
}));

/** Prices are made anew on each view, with the discounts that were picked, else with the best. */
export const cartQuery = (picks: Picks = {}) => queryOptions({
  queryKey: ["cart", "lines", currentLang(), picks],
  queryFn: ({ signal }) => (Object.keys(picks).length === 0 ? get<Cart>("/api/v1/cart", undefined, signal)
    : send<Cart>("POST", "/api/v1/cart/price", { discounts: Object.entries(picks).map(([key, discount]) => ({ key, discount })) })),
  staleTime: 0,
  placeholderData: keepPreviousData,
});

export const cartCountQuery = queryOptions({
  queryKey: ["cart", "count"],
  queryFn: ({ signal }) => get<{ count: number }>("/api/v1/cart/count", undefined, signal),
  staleTime: 30_000,
});

/** Looks at the cart and its count again. */
export function useCartChanged(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: ["cart"] }), [client]);
}

export interface Group { id: string; name: string; lines: CartLine[] }

/** Lines by a key, in the order in which the keys come. */
export function grouped(lines: CartLine[], by: (line: CartLine) => { id: string; name: string }): Group[] {
  const groups = new Map<string, Group>();
  for (const line of lines) {
    const { id, name } = by(line);
    const group = groups.get(id) ?? { id, name, lines: [] };
    group.lines.push(line);
    groups.set(id, group);
  }
  return [...groups.values()];
}

export const bySeller = (line: CartLine) => ({ id: line.sellerId, name: line.sellerName });
export const byProduct = (line: CartLine) => ({ id: line.price.productId, name: line.price.productName });
