import { useCallback, useMemo } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";

/** What of a list stands in the URL. */
export interface ListState {
  /** Filter values by name; empty ones are absent. */
  filters: Record<string, string>;
  /** `createdAt` ascending, `-createdAt` descending, empty for the list's own order. */
  sort: string;
  /** Cursor of the page shown; empty for the first. */
  cursor: string;
}

/** Reads a list's state; `prefix` separates two lists of one page ("orders.state=PAID"). */
export function readListUrl(params: URLSearchParams, names: string[], prefix = ""): ListState {
  const filters: Record<string, string> = {};
  for (const name of names) {
    const value = params.get(prefix + name);
    if (value) filters[name] = value;
  }
  return { filters, sort: params.get(`${prefix}sort`) ?? "", cursor: params.get(`${prefix}cursor`) ?? "" };
}

/** The parameters with a list's state written into them; others stay as they are. */
export function writeListUrl(params: URLSearchParams, names: string[], state: ListState, prefix = ""): URLSearchParams {
  const next = new URLSearchParams(params);
  const put = (name: string, value: string | undefined) => (value ? next.set(prefix + name, value) : next.delete(prefix + name));
  for (const name of names) put(name, state.filters[name]?.trim());
  put("sort", state.sort);
  put("cursor", state.cursor);
  return next;
}

/** The cursors of the pages before the one shown. They live in the history entry, so back, forward and reload keep them. */
function trailOf(state: unknown, prefix: string): string[] {
  const trails = (state as { trails?: Record<string, string[]> } | null)?.trails;
  return trails?.[prefix] ?? [];
}

export interface ListUrl extends ListState {
  /** 1-based number of the page shown, 0 when unknown (the address was opened with a cursor). */
  pageNumber: number;
  setFilters: (filters: Record<string, string>) => void;
  setSort: (sort: string) => void;
  goNext: (cursor: string) => void;
  goPrevious: () => void;
  goFirst: () => void;
}

/** A list's filters, order and page, kept in the URL. */
export function useListUrl(names: string[], prefix = ""): ListUrl {
  const [params] = useSearchParams();
  const location = useLocation();
  const navigate = useNavigate();
  const known = names.join(" ");
  const state = useMemo(() => readListUrl(params, known.split(" ").filter(Boolean), prefix), [params, known, prefix]);
  const trail = trailOf(location.state, prefix);

  const go = useCallback((next: ListState, nextTrail: string[], replace: boolean) => {
    const search = writeListUrl(params, known.split(" ").filter(Boolean), next, prefix).toString();
    const former = location.state as { trails?: Record<string, string[]> } | null;
    void navigate({ search: search && `?${search}`, hash: location.hash }, {
      replace, preventScrollReset: true, state: { ...former, trails: { ...former?.trails, [prefix]: nextTrail } },
    });
  }, [params, known, prefix, location.state, location.hash, navigate]);

  return {
    ...state,
    pageNumber: state.cursor ? (trail.length ? trail.length + 1 : 0) : 1,
    setFilters: (filters) => go({ ...state, filters, cursor: "" }, [], true),
    setSort: (sort) => go({ ...state, sort, cursor: "" }, [], true),
    goNext: (cursor) => go({ ...state, cursor }, [...trail, state.cursor], false),
    goPrevious: () => go({ ...state, cursor: trail.at(-1) ?? "" }, trail.slice(0, -1), false),
    goFirst: () => go({ ...state, cursor: "" }, [], false),
  };
}
