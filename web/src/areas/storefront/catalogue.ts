import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get } from "../../api/client";
import { currentLang } from "../../i18n";
import type { Category } from "../../layout/CategoryMenu";
import type { Item } from "./item";
import type { Filter } from "./filter";

/** The home page: newest, best sold, and a block for each top category that has products. */
export interface Home {
  newest: Item[];
  popular: Item[];
  categories: { category: Category; items: Item[] }[];
}

interface FacetCount {
  value: string;
  name?: string;
  count: number;
}

/** A page of products. */
export interface Listing {
  items: Item[];
  next: string;
  total: number;
  totalCapped: boolean;
  /** Nothing was found; `items` are popular products instead. */
  popular: boolean;
  facets?: { categories: FacetCount[]; modes: FacetCount[] };
}

/** A product whose name goes on as the reader typed. */
export interface Suggestion {
  id: string;
  name: string;
  nameHtml: string;
}

/** How many products a page of a list shows: full rows of 1, 2 and 3 columns. */
export const pageSize = 24;

export const homeQuery = () => queryOptions({
  queryKey: ["home", currentLang()],
  queryFn: ({ signal }) => get<Home>("/api/v1/storefront/home", undefined, signal),
  staleTime: 60_000,
});

export const listingQuery = (filter: Filter) => queryOptions({
  queryKey: ["products", filter, currentLang()],
  queryFn: ({ signal }) => {
    const { page: _page, ...query } = filter;
    return get<Listing>("/api/v1/storefront/products", { ...query, facets: true, limit: pageSize }, signal);
  },
  placeholderData: keepPreviousData,
  staleTime: 30_000,
});

export const suggestQuery = (text: string) => queryOptions({
  queryKey: ["suggest", text, currentLang()],
  queryFn: ({ signal }) => get<{ items: Suggestion[] }>("/api/v1/storefront/suggest", { q: text }, signal),
  enabled: text !== "",
  placeholderData: keepPreviousData,
  staleTime: 60_000,
});
