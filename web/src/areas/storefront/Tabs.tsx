import { useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import css from "./Tabs.module.css";

export interface TabItem {
  key: string;
  label: string;
  children: ReactNode;
}

/** Tabs of a page; the open one stands in the address as `tab`. Arrow keys go along. */
export function Tabs({ items, label }: { items: TabItem[]; label: string }) {
  const [params, setParams] = useSearchParams();
  const id = useId();
  const row = useRef<HTMLDivElement>(null);
  const first = items[0]!;
  const open = items.find((item) => item.key === params.get("tab")) ?? first;
  const choose = (key: string) => setParams((now) => {
    const next = new URLSearchParams(now);
    if (key === first.key) next.delete("tab");
    else next.set("tab", key);
    return next;
  }, { replace: true, preventScrollReset: true });
  const go = (event: KeyboardEvent) => {
    const at = items.indexOf(open);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = items[(to + items.length) % items.length]!;
    choose(next.key);
    row.current?.querySelector<HTMLElement>(`[data-key="${next.key}"]`)?.focus();
  };
  return (
    <section>
      <div ref={row} role="tablist" aria-label={label} className={css.row} onKeyDown={go}>
        {items.map((item) => (
          <button key={item.key} type="button" role="tab" data-key={item.key} id={`${id}-${item.key}`} aria-selected={item === open}
            aria-controls={`${id}-panel`} tabIndex={item === open ? 0 : -1} onClick={() => choose(item.key)}>{item.label}</button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${open.key}`} tabIndex={0} className={css.panel}>{open.children}</div>
    </section>
  );
}
