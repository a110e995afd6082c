import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { useLocation } from "react-router";
import css from "./Disclosure.module.css";

interface Props {
  /** What the button opens, for the screen reader. */
  label: string;
  button: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
}

/** A button that opens a small panel of links below it. Closes on Escape, outside click and navigation. */
export function Disclosure({ label, button, children, align = "end" }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const location = useLocation();
  const id = useId();

  useEffect(() => setOpen(false), [location.key]);

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => { if (!box.current?.contains(event.target as Node)) setOpen(false); };
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      trigger.current?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    document.addEventListener("keydown", key);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
      document.removeEventListener("keydown", key);
    };
  }, [open]);

  return (
    <div ref={box} className={css.box}>
      <button ref={trigger} type="button" className={css.trigger} aria-label={label} aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>{button}</button>
      <div id={id} className={css.panel} data-align={align} hidden={!open}>{children}</div>
    </div>
  );
}
