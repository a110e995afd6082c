import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { cssVariables, palettes, type Scheme } from "./palette";
import { fonts } from "./theme";

const storageKey = "jishi_scheme";

interface SchemeValue {
  scheme: Scheme;
  /** Switches between light and dark and remembers it in this browser. */
  toggle: () => void;
}

const SchemeContext = createContext<SchemeValue>({ scheme: "light", toggle: () => undefined });

/** The colour scheme: the user's choice, else the system's. */
export const useScheme = (): SchemeValue => use(SchemeContext);

function systemScheme(): Scheme {
  return globalThis.matchMedia?.("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function chosenScheme(): Scheme | null {
  const value = localStorage.getItem(storageKey);
  return value === "light" || value === "dark" ? value : null;
}

export function SchemeProvider({ children }: { children: ReactNode }) {
  const [scheme, setScheme] = useState<Scheme>(() => chosenScheme() ?? systemScheme());

  useEffect(() => {
    const media = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => { if (!chosenScheme()) setScheme(systemScheme()); };
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, []);

  useEffect(() => {
    const root = document.documentElement;
    root.dataset.scheme = scheme;
    root.style.colorScheme = scheme;
    for (const [name, value] of Object.entries(cssVariables(palettes[scheme]))) root.style.setProperty(name, value);
    root.style.setProperty("--j-sans", fonts.sans);
    root.style.setProperty("--j-mono", fonts.mono);
  }, [scheme]);

  const toggle = useCallback(() => setScheme((now) => {
    const next = now === "dark" ? "light" : "dark";
    localStorage.setItem(storageKey, next);
    return next;
  }), []);

  const value = useMemo(() => ({ scheme, toggle }), [scheme, toggle]);
  return <SchemeContext value={value}>{children}</SchemeContext>;
}
