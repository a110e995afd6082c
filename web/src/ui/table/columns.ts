import { useCallback, useState, type ReactNode } from "react";

/** One column of a ResourceTable. */
export interface Column<T> {
  key: string;
  title: string;
  /** The row's property of the same name as `key` when left out. */
  render?: (row: T) => ReactNode;
  /** Amounts and counts: "right". */
  align?: "left" | "right" | "center";
  width?: number;
  /** The server sorts by this name; true means `key`. */
  sort?: string | true;
  /** Not shown until chosen. */
  hidden?: boolean;
  /** The object's name: always shown, heads the card on narrow screens. */
  main?: boolean;
  /** The cell's text in the export; the raw property when left out, false keeps the column out. */
  csv?: ((row: T) => unknown) | false;
}

/** A column's raw value. */
export const valueOf = <T,>(row: T, key: string): unknown => (row as Record<string, unknown>)[key];

/** Which columns are shown, remembered per table in this browser. */
export function useColumnChoice<T>(id: string, columns: Column<T>[]) {
  const storageKey = `jishi_columns:${id}`;
  const [chosen, setChosen] = useState<string[] | null>(() => readChoice(storageKey));
  const shown = columns.filter((column) => column.main || (chosen ? chosen.includes(column.key) : !column.hidden));
  const choose = useCallback((keys: string[] | null) => {
    setChosen(keys);
    if (keys) localStorage.setItem(storageKey, JSON.stringify(keys));
    else localStorage.removeItem(storageKey);
  }, [storageKey]);
  return { shown, choose, isDefault: chosen === null };
}

function readChoice(storageKey: string): string[] | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "null");
    return Array.isArray(value) ? value.filter((key) => typeof key === "string") : null;
  } catch {
    return null;
  }
}
