import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";
import { useSession } from "../api/session";

interface TitleValue {
  /** The heading of the page shown; empty until it has set one. */
  title: string;
  setTitle: (title: string) => void;
}

const TitleContext = createContext<TitleValue>({ title: "", setTitle: () => undefined });

/** Holds the title of the page shown, for the document title and the last breadcrumb. */
export function TitleProvider({ children }: { children: ReactNode }) {
  const [title, setTitle] = useState("");
  const { site } = useSession();
  useEffect(() => {
    const name = site.name || "集市 Jishi";
    document.title = title ? `${title} · ${name}` : name;
  }, [title, site.name]);
  const value = useMemo(() => ({ title, setTitle }), [title]);
  return <TitleContext value={value}>{children}</TitleContext>;
}

/** Sets the document title while the page is shown. Page and DetailPage do it; other pages call it themselves. */
export function usePageTitle(title: string | undefined): void {
  const { setTitle } = use(TitleContext);
  useEffect(() => {
    setTitle(title ?? "");
    return () => setTitle("");
  }, [title, setTitle]);
}

/** The title of the page shown. */
export const useShownTitle = (): string => use(TitleContext).title;
