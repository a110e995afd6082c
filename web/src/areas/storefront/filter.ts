import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

export const sorts = ["relevance", "newest", "sales", "price_asc", "price_desc"] as const;

/** What narrows a list, named as in the API. Empty ones do not. */
export interface Filter {
  q: string;
  category: string;
  seller: string;
  mode: string;
  priceMin: string;
  priceMax: string;
  sort: string;
  cursor: string;
  /** Only shown: cursors do not count. */
  page: number;
}

const names = ["q", "category", "seller", "mode", "priceMin", "priceMax", "sort", "cursor"] as const;

/** Reads a filter from a page's address. */
export function readFilter(params: URLSearchParams): Filter {
  const filter = Object.fromEntries(names.map((name) => [name, params.get(name)?.trim() ?? ""])) as Omit<Filter, "page">;
  const page = Number(params.get("page") ?? "1");
  return { ...filter, page: filter.cursor && Number.isInteger(page) && page > 1 ? page : 1 };
}

/** The address after a change: every change but of the page leads back to the first page. */
export function changeParams(params: URLSearchParams, change: Partial<Record<keyof Filter, string>>): URLSearchParams {
  const next = new URLSearchParams(params);
  if (!("cursor" in change)) {
    next.delete("cursor");
    next.delete("page");
  }
  for (const [name, value] of Object.entries(change)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}

/** The filter in the page's address, and how to change it. `fixed` is what the page itself decides. */
export function useFilter(fixed: Partial<Filter> = {}) {
  const [params, setParams] = useSearchParams();
  const key = JSON.stringify(fixed);
  const filter = useMemo(() => ({ ...readFilter(params), ...(JSON.parse(key) as Partial<Filter>) }), [params, key]);
  const change = useCallback((next: Partial<Record<keyof Filter, string>>) => setParams((now) => changeParams(now, next)), [setParams]);
  /** A link's address with the change made. */
  const href = useCallback((next: Partial<Record<keyof Filter, string>>) => `?${changeParams(params, next)}`, [params]);
  return { filter, change, href };
}
